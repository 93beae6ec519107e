/**
 * Draws exhibits as PNG in one browser: figures by plotly.js, tables as the page shows them.
 */
import type { Browser, Page } from "playwright-core";
import { coded } from "../../src/notebook/coded-error";
import {
  jupyterDisplay,
  type Displayable,
  type MimeBundle,
} from "../../src/notebook/mime";
import { startBrowser } from "../../src/plots/browser";
import { plotlyMimeType, type Figure } from "../../src/plots/figure";
import { drawPng, pixelsPerInch, plotlyPage } from "../../src/plots/figure-png";

/** The parts of a figure that plotly.js draws. */
type Drawing = Pick<Figure, "data" | "layout" | "config">;

/** Changes of the drawing, to see how much the machine's fonts matter. */
export interface StudioOptions {
  /** The font of all texts, such as `serif`; by default that of the references. */
  readonly font?: string;
}

/** The font of the references. Fontconfig brings it to most systems with Linux. */
const referenceFont = "'DejaVu Sans', sans-serif";

/** Width of the page that tables are drawn on, in pixels. */
const pageWidth = 900;

/** A browser that draws exhibits. */
export class Studio {
  readonly #browser: Browser;
  readonly #plotly: Page;
  readonly #tables: Page;

  private constructor(browser: Browser, plotly: Page, tables: Page) {
    this.#browser = browser;
    this.#plotly = plotly;
    this.#tables = tables;
  }

  /**
   * Starts the browser, without network. Throws a NoBrowserError if there is none, or none starts.
   */
  static async open(): Promise<Studio> {
    const browser = await startBrowser();
    try {
      const tables = await browser.newPage({
        viewport: { width: pageWidth, height: 600 },
      });
      const plotly = await plotlyPage(browser);
      for (const page of [plotly, tables])
        await page.context().setOffline(true);
      return new Studio(browser, plotly, tables);
    } catch (error) {
      await browser.close();
      throw error;
    }
  }

  /** Draws a figure, or the HTML of a table, in the size of a notebook. */
  async draw(
    shown: Displayable,
    options: StudioOptions = {},
  ): Promise<Uint8Array> {
    const bundle = shown[jupyterDisplay]();
    const drawing = bundle[plotlyMimeType] as Drawing | undefined;
    return drawing === undefined
      ? this.#drawTable(bundle, options)
      : drawPng(this.#plotly, withFont(drawing, options), pixelsPerInch);
  }

  /** Ends the browser. */
  async close(): Promise<void> {
    await this.#browser.close();
  }

  async #drawTable(
    bundle: MimeBundle,
    { font = referenceFont }: StudioOptions,
  ): Promise<Uint8Array> {
    const html = bundle["text/html"];
    if (typeof html !== "string") {
      throw coded(
        "ERR_INTERNAL",
        new TypeError(
          `Expected a figure or HTML, received ${Object.keys(bundle).join(", ") || "nothing"}`,
        ),
      );
    }
    await this.#tables.setContent(tablePage(html, font));
    return this.#tables.locator("main").screenshot();
  }
}

function withFont(
  drawing: Drawing,
  { font = referenceFont }: StudioOptions,
): Drawing {
  const { layout } = drawing;
  return {
    ...drawing,
    layout: { ...layout, font: { ...layout.font, family: font } },
  };
}

/** Returns a page with a table in the style of JupyterLab's outputs. */
function tablePage(html: string, font: string): string {
  return `<!doctype html>
<meta charset="utf-8">
<style>
  main { display: inline-block; padding: 12px; font: 13px ${font}; color: #222222; }
  table { border-collapse: collapse; font-size: 12px; margin: 6px 0; }
  th, td { padding: 4px 8px; }
  thead { border-bottom: 1px solid #666666; }
  tbody tr:nth-child(odd) { background: #f5f5f5; }
</style>
<main>${html}</main>
`;
}
