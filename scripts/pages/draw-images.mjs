/**
 * Draws Plotly figures as PNG images, with plotly.js in a headless browser, one for all of them.
 *
 * Reads a list of figures from standard input and writes `{ images: [image or null], reason }`. An
 * image has its `png` in base64, and the `width` and `height` that it has on a page. A figure that
 * plotly.js cannot draw is null. Without a browser there are no images, and `reason` says why.
 */
import { createRequire } from "node:module";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import sharp from "sharp";

/** Image pixels for each pixel of a figure: sharp on dense screens and on paper. */
const density = 2;

const load = createRequire(import.meta.url);
const root = fileURLToPath(new URL("../..", import.meta.url));
load("ts-node").register({ transpileOnly: true, cwd: root });
const { startBrowser } = load("../../src/plots/browser.ts");
const { drawPng, pixelsPerInch, plotlyPage } = load(
  "../../src/plots/figure-png.ts",
);

/** @typedef {{ png: string, width: number, height: number }} Image */

/**
 * @param {unknown[]} figures
 * @returns {Promise<{ images: (Image | null)[], reason?: string }>}
 */
async function drawAll(figures) {
  let browser;
  try {
    browser = await startBrowser();
  } catch (error) {
    if (!(error instanceof Error) || error.name !== "NoBrowserError")
      throw error;
    return { images: figures.map(() => null), reason: error.message };
  }
  try {
    const page = await plotlyPage(browser);
    const images = [];
    for (const figure of figures) {
      images.push(await drawn(page, figure).catch(() => null));
    }
    return { images };
  } finally {
    await browser.close();
  }
}

/**
 * @param {unknown} page
 * @param {unknown} figure
 * @returns {Promise<Image>}
 */
async function drawn(page, figure) {
  /** @type {Uint8Array} */
  const png = await drawPng(page, figure, density * pixelsPerInch);
  // A palette makes images a quarter as large: curves have few colors, and no dots are added.
  const { data, info } = await sharp(png)
    .png({ palette: true, colors: 256, dither: 0, compressionLevel: 9 })
    .toBuffer({ resolveWithObject: true });
  return {
    png: data.toString("base64"),
    width: Math.round(info.width / density),
    height: Math.round(info.height / density),
  };
}

const figures = JSON.parse(await text(process.stdin));
process.stdout.write(JSON.stringify(await drawAll(figures)));
