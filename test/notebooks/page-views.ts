/**
 * Opens a page in Chromium as its readers do: wide and narrow, light and dark, without JavaScript,
 * on paper.
 */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { chromium, type Browser } from "playwright-core";
import { browser as executablePath } from "../jupyterlab/browser";
import { python, root } from "../lessons/notebook-file";

/** The largest page, in bytes; plotly.js is half of it. */
const maxBytes = (name: string) => (name === "lesson-3" ? 3.5e6 : 3.0e6);

/** Exports the page of a notebook with the images of its figures, and returns its path. */
export function exportedPage(notebook: string, folder: string): string {
  execFileSync(python, [
    path.join(root, "scripts", "lessons", "export.py"),
    notebook,
    "--out",
    folder,
  ]);
  const name = path.basename(notebook, ".ipynb");
  const page = path.join(folder, `${name}.html`);
  const bytes = readFileSync(page).length;
  assert.ok(bytes <= maxBytes(name), `${name}: ${bytes} bytes`);
  return page;
}

/** Starts Chromium; the caller closes it. */
export function startChromium(): Promise<Browser> {
  return chromium.launch({ executablePath: executablePath! });
}

const axe = readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");

/** The rules of axe that the page breaks, and how wide it is beyond the window. */
export async function audit(
  browser: Browser,
  page: string,
  width: number,
  colorScheme: "light" | "dark",
): Promise<{ violations: string[]; overflow: number; shown: number }> {
  const view = await browser.newPage({
    viewport: { width, height: 900 },
    colorScheme,
  });
  try {
    await view.goto(pathToFileURL(page).href);
    // The script marks the page when all figures are arranged.
    await view.waitForSelector("body[data-arranged]", { timeout: 60_000 });
    await view.evaluate(axe);
    return await view.evaluate(
      `axe.run({ resultTypes: ["violations"] }).then(({ violations }) => ({
        violations: violations.map(({ id, nodes }) => id + ": " + nodes[0].html.slice(0, 200)),
        overflow: document.documentElement.scrollWidth - innerWidth,
        shown: [...document.querySelectorAll(".convnotes-figure")].filter((figure) =>
          figure.getBoundingClientRect().height > 50 && figure.scrollWidth <= figure.clientWidth + 1).length,
      }))`,
    );
  } finally {
    await view.close();
  }
}

/** How many figures and formulas a page without JavaScript shows. */
export async function withoutScripts(
  browser: Browser,
  page: string,
): Promise<{ figures: number; images: number }> {
  const context = await browser.newContext({ javaScriptEnabled: false });
  try {
    const view = await context.newPage();
    await view.goto(pathToFileURL(page).href);
    return {
      figures: await view.locator(".convnotes-figure").count(),
      images: await view.locator(".convnotes-image:visible").count(),
    };
  } finally {
    await context.close();
  }
}

/** What is wider than the paper when a page is printed with a text width in pixels. */
export async function cutOnPaper(
  browser: Browser,
  page: string,
  width: number,
): Promise<string[]> {
  const view = await browser.newPage({ viewport: { width, height: 1000 } });
  try {
    await view.goto(pathToFileURL(page).href);
    await view.waitForSelector("body[data-arranged]", { timeout: 60_000 });
    await view.emulateMedia({ media: "print" });
    return await view.evaluate(
      `[...document.querySelectorAll("main figure, main img, main table, main pre")]
        .filter((element) => element.getBoundingClientRect().right > ${width} + 1)
        .map((element) => element.outerHTML.slice(0, 120))`,
    );
  } finally {
    await view.close();
  }
}
