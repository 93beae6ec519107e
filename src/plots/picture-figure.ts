/**
 * One picture, pixel by pixel, with words on it.
 */
import type { Annotations, Data, Layout } from "plotly.js";
import { escapePlotlyText, figure, type Figure } from "./figure";
import { toPngUri, type Mosaic } from "./mosaic";
import { hiddenAxis } from "./theme";

/** Room around a picture, in screen pixels. */
export const margin = 12;

/**
 * A mosaic as a figure: each of its pixels a square of `scale` by `scale` screen pixels, `annotations` on it, `left` screen
 * pixels of room at its left. Coordinates are the mosaic's own pixels, counted from its upper left one.
 */
export function pictureFigure(
  picture: Mosaic,
  scale: number,
  annotations: Partial<Annotations>[],
  left: number,
  options: Parameters<typeof figure>[2],
): Promise<Figure> {
  const layout: Partial<Layout> = {
    // Margins and size are set so that the plotting area is exactly `scale` times the picture.
    width: picture.width * scale + left + margin,
    height: picture.height * scale + 2 * margin,
    margin: { l: left, r: margin, t: margin, b: margin, pad: 0 },
    xaxis: { ...hiddenAxis(), range: [-0.5, picture.width - 0.5] },
    yaxis: { ...hiddenAxis(), range: [picture.height - 0.5, -0.5] },
    annotations,
  };
  return toPngUri(picture).then((source) => {
    const image = { type: "image", source, zsmooth: false, hoverinfo: "skip" };
    return figure([image as Data], layout, { ...options, interactive: false });
  });
}

/** Words at a place of a picture, in the size names are written in. */
export function note(
  text: string,
  place: Partial<Annotations>,
): Partial<Annotations> {
  return {
    text: escapePlotlyText(text),
    showarrow: false,
    font: { size: 13 },
    borderpad: 0,
    ...place,
  };
}
