/**
 * Figures of a single image, pixel by pixel, with annotations.
 */
import type { Annotations, Data, Layout } from "plotly.js";
import { escapePlotlyText, figure, type Figure } from "./figure";
import { toPngUri, type Mosaic } from "./mosaic";
import { hiddenAxis } from "./theme";

/** Margin around an image, in screen pixels. */
export const margin = 12;

/**
 * Creates a figure of a mosaic.
 *
 * Each of its pixels is drawn as a square of `scale` by `scale` screen pixels. `left` is the left
 * margin in screen pixels. The coordinates of `annotations` are the mosaic's pixels, counted from
 * the upper left one.
 */
export function imageFigure(
  mosaic: Mosaic,
  scale: number,
  annotations: Partial<Annotations>[],
  left: number,
  options: Parameters<typeof figure>[2],
): Promise<Figure> {
  const layout: Partial<Layout> = {
    // Makes the plotting area exactly `scale` times the size of the mosaic.
    width: mosaic.width * scale + left + margin,
    height: mosaic.height * scale + 2 * margin,
    margin: { l: left, r: margin, t: margin, b: margin, pad: 0 },
    xaxis: { ...hiddenAxis(), range: [-0.5, mosaic.width - 0.5] },
    yaxis: { ...hiddenAxis(), range: [mosaic.height - 0.5, -0.5] },
    annotations,
  };
  return toPngUri(mosaic).then((source) => {
    const image = { type: "image", source, zsmooth: false, hoverinfo: "skip" };
    return figure([image as Data], layout, { ...options, interactive: false });
  });
}

/** Creates a text annotation in the font size of class names. */
export function annotation(
  text: string,
  options: Partial<Annotations>,
): Partial<Annotations> {
  return {
    text: escapePlotlyText(text),
    showarrow: false,
    font: { size: 13 },
    borderpad: 0,
    ...options,
  };
}

/**
 * Wraps a name to lines of at most `length` characters, at spaces and after underscores and
 * hyphens. A longer part has a line of its own.
 */
export function wrapped(name: string, length: number): string[] {
  const lines: string[] = [];
  for (const part of name.match(/[^\s_-]+[_-]*\s*|[\s_-]+/g) ?? []) {
    const last = lines[lines.length - 1];
    if (last !== undefined && (last + part.trimEnd()).length <= length) {
      lines[lines.length - 1] = last + part;
    } else {
      lines.push(part);
    }
  }
  return lines.map((line) => line.trim());
}
