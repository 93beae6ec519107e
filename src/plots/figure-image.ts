/**
 * Images of figures for readers that cannot draw them.
 */
import { startBrowser } from "./browser";
import type { Figure } from "./figure";
import { drawPng, pixelsPerInch, plotlyPage } from "./figure-png";

/** Image pixels for each pixel of a figure: sharp on dense screens and on paper. */
const density = 2;

/** A PNG, and the size in CSS pixels that it has on a page. */
export interface FigureImage {
  readonly png: Uint8Array;
  readonly width: number;
  readonly height: number;
}

/**
 * Draws figures in one headless browser.
 *
 * Returns an image for each figure, or null if plotly.js cannot draw it. Throws a NoBrowserError if
 * there is no browser.
 */
export async function drawFigureImages(
  figures: readonly Pick<Figure, "data" | "layout" | "config">[],
): Promise<(FigureImage | null)[]> {
  const browser = await startBrowser();
  try {
    const page = await plotlyPage(browser);
    const images: (FigureImage | null)[] = [];
    for (const figure of figures) {
      const drawn = drawPng(page, figure, density * pixelsPerInch).then(sized);
      images.push(await drawn.catch(() => null));
    }
    return images;
  } finally {
    await browser.close();
  }
}

/** The size is in the header, the first chunk of a PNG. */
function sized(png: Uint8Array): FigureImage {
  const { buffer, byteOffset, byteLength } = png;
  const view = new DataView(buffer, byteOffset, byteLength);
  return {
    png,
    width: Math.round(view.getUint32(16) / density),
    height: Math.round(view.getUint32(20) / density),
  };
}
