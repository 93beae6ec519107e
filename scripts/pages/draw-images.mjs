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

const load = createRequire(import.meta.url);
const root = fileURLToPath(new URL("../..", import.meta.url));
load("ts-node").register({ transpileOnly: true, cwd: root });
const { drawFigureImages } = load("../../src/plots/figure-image.ts");

/** @typedef {{ png: Uint8Array, width: number, height: number }} DrawnImage */
/** @typedef {{ png: string, width: number, height: number }} Image */

/**
 * @param {unknown[]} figures
 * @returns {Promise<{ images: (Image | null)[], reason?: string }>}
 */
async function drawAll(figures) {
  try {
    /** @type {(DrawnImage | null)[]} */
    const images = await drawFigureImages(figures);
    return { images: await Promise.all(images.map(compressed)) };
  } catch (error) {
    if (!(error instanceof Error) || error.name !== "NoBrowserError")
      throw error;
    return { images: figures.map(() => null), reason: error.message };
  }
}

/**
 * A palette makes images a quarter as large: curves have few colors, and no dots are added.
 *
 * @param {DrawnImage | null} image
 * @returns {Promise<Image | null>}
 */
async function compressed(image) {
  if (image === null) return null;
  const png = await sharp(image.png)
    .png({ palette: true, colors: 256, dither: 0, compressionLevel: 9 })
    .toBuffer();
  return { ...image, png: png.toString("base64") };
}

const figures = JSON.parse(await text(process.stdin));
process.stdout.write(JSON.stringify(await drawAll(figures)));
