/**
 * A figure as a PNG, drawn by plotly.js in a browser that nobody sees.
 */
import { startBrowser } from "./browser";
import type { Figure } from "./figure";
import { withResolution } from "./png-resolution";

/** What a figure's lengths are measured in: pixels of which CSS counts 96 an inch. */
export const pixelsPerInch = 96;

/**
 * Draws a figure as large as a notebook shows it, with `resolution` dots an inch.
 *
 * Throws a NoBrowserError if there is no browser to draw it, and an Error if plotly.js does not.
 */
export async function figurePng(
  figure: Figure,
  resolution: number,
): Promise<Uint8Array> {
  const browser = await startBrowser();
  try {
    const page = await browser.newPage();
    await page.addScriptTag({
      path: require.resolve("plotly.js-dist-min/plotly.min.js"),
    });
    const { data, layout, config } = figure;
    const image = { format: "png", scale: resolution / pixelsPerInch };
    const parts = [{ data, layout, config }, image];
    const url: unknown = await page.evaluate(
      `Plotly.toImage(${parts.map((part) => JSON.stringify(part)).join(", ")})`,
    );
    const [, base64] = /^data:image\/png;base64,(.+)$/.exec(String(url)) ?? [];
    if (base64 === undefined) {
      throw new Error(
        `Expected plotly.js to draw a PNG, received ${String(url).slice(0, 60)}`,
      );
    }
    return withResolution(Buffer.from(base64, "base64"), resolution);
  } finally {
    await browser.close();
  }
}
