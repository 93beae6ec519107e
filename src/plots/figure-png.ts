/**
 * Rendering of figures as PNG by plotly.js in a headless browser.
 */
import type { Browser, Page } from "playwright-core";
import { coded } from "../notebook/coded-error";
import { startBrowser } from "./browser";
import type { Figure } from "./figure";
import { withResolution } from "./png-resolution";

/** Resolution of a figure's lengths: CSS pixels per inch. */
export const pixelsPerInch = 96;

/**
 * Renders a figure in its notebook size with `resolution` dots per inch.
 *
 * Throws a NoBrowserError if no browser can draw it, and an Error if plotly.js fails.
 */
export async function figurePng(
  figure: Figure,
  resolution: number,
): Promise<Uint8Array> {
  const browser = await startBrowser();
  try {
    return await drawPng(await plotlyPage(browser), figure, resolution);
  } finally {
    await browser.close();
  }
}

/** Opens a page that has plotly.js, for any number of figures. */
export async function plotlyPage(browser: Browser): Promise<Page> {
  const page = await browser.newPage();
  await page.addScriptTag({
    path: require.resolve("plotly.js-cartesian-dist-min/plotly-cartesian.min.js"),
  });
  return page;
}

/**
 * Renders a figure like {@link figurePng}, on a page of {@link plotlyPage}.
 *
 * Throws an Error if plotly.js fails.
 */
export async function drawPng(
  page: Page,
  figure: Pick<Figure, "data" | "layout" | "config">,
  resolution: number,
): Promise<Uint8Array> {
  const { data, layout, config } = figure;
  const image = { format: "png", scale: resolution / pixelsPerInch };
  const parts = [{ data, layout, config }, image];
  const url: unknown = await page.evaluate(
    `Plotly.toImage(${parts.map((part) => JSON.stringify(part)).join(", ")})`,
  );
  const [, base64] = /^data:image\/png;base64,(.+)$/.exec(String(url)) ?? [];
  if (base64 === undefined) {
    throw coded(
      "ERR_INTERNAL",
      new Error(
        `Expected plotly.js to draw a PNG, received ${String(url).slice(0, 60)}`,
      ),
    );
  }
  return withResolution(Buffer.from(base64, "base64"), resolution);
}
