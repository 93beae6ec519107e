/**
 * Serves a built site in a folder of a host, and opens its pages in Chromium as readers do.
 */
import assert from "node:assert/strict";
import { existsSync, readFileSync, statSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import path from "node:path";
import type { Browser, Page } from "playwright-core";

const types: Readonly<Record<string, string>> = {
  ".css": "text/css",
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript",
  ".png": "image/png",
  ".woff2": "font/woff2",
};

/** How long to wait for a page, in milliseconds. */
const patience = 300_000;

/** A host with a site in one of its folders. */
export interface ServedSite {
  /** Address of the site's folder, ending with a slash. */
  readonly address: string;
  readonly close: () => Promise<void>;
}

/**
 * Serves a folder.
 *
 * @param prefix The folder on the host, such as "/my course/".
 */
export async function serve(
  folder: string,
  prefix: string,
): Promise<ServedSite> {
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? "/", "http://localhost");
    const place = decodeURIComponent(pathname);
    let file = path.join(folder, place.slice(prefix.length));
    if (place.startsWith(prefix) && existsSync(file)) {
      if (statSync(file).isDirectory()) file = path.join(file, "index.html");
      const type = types[path.extname(file)] ?? "application/octet-stream";
      response.writeHead(200, { "content-type": type });
      response.end(readFileSync(file));
    } else {
      response.writeHead(404).end();
    }
  });
  await new Promise<void>((resolve) =>
    server.listen(0, "127.0.0.1", () => resolve()),
  );
  const { port } = server.address() as AddressInfo;
  return {
    address: `http://127.0.0.1:${port}${encodeURI(prefix)}`,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}

/** How a reader sees a page. */
export interface View {
  readonly width: number;
  readonly colorScheme: "light" | "dark";
}

/** Wide and narrow, light and dark. */
export const views: readonly View[] = [1280, 375].flatMap((width) =>
  (["light", "dark"] as const).map((colorScheme) => ({ width, colorScheme })),
);

/**
 * Opens a page, hands it to `use` once its figures are arranged, and closes it.
 *
 * @throws AssertionError If the page asked another host for something, or wrote an error or a
 *   warning to the console.
 */
export async function withPage<T>(
  browser: Browser,
  address: string,
  { width, colorScheme }: View,
  use: (page: Page) => Promise<T>,
): Promise<T> {
  const page = await browser.newPage({
    viewport: { width, height: 900 },
    colorScheme,
  });
  // A busy machine needs longer than Playwright's 30 seconds.
  page.setDefaultTimeout(patience);
  const { origin } = new URL(address);
  const faults: string[] = [];
  page.on("request", (request) => {
    const url = new URL(request.url());
    if (url.origin !== origin && url.protocol !== "data:")
      faults.push(`request: ${request.url()}`);
  });
  page.on("requestfailed", (request) => {
    // A page that is left stops what it loads.
    const reason = request.failure()?.errorText;
    if (reason !== "net::ERR_ABORTED")
      faults.push(`failed: ${request.url()} ${reason}`);
  });
  page.on("console", (message) => {
    if (["error", "warning"].includes(message.type()))
      faults.push(`console: ${message.text()}`);
  });
  page.on("pageerror", (error) => faults.push(`error: ${error.message}`));
  try {
    await page.goto(address);
    await ready(page);
    const result = await use(page);
    assert.deepEqual(faults, [], address);
    return result;
  } finally {
    await page.close();
  }
}

/** Waits until the figures of the page are arranged and VitePress's scripts run. */
export async function ready(page: Page): Promise<void> {
  await page.waitForFunction(
    "document.documentElement.dataset.arranged === document.title",
  );
  if (!page.url().startsWith("file:"))
    await page.waitForFunction("document.querySelector('#app').__vue_app__");
}

const axe = readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");

/** The rules of axe that a page breaks, and how wide it is beyond the window. */
export async function audit(
  page: Page,
): Promise<{ violations: string[]; overflow: number }> {
  await page.evaluate(axe);
  return await page.evaluate(
    `axe.run({ resultTypes: ["violations"] }).then(({ violations }) => ({
      violations: violations.map(({ id, nodes }) => id + ": " + nodes[0].html.slice(0, 200)),
      overflow: document.documentElement.scrollWidth - innerWidth,
    }))`,
  );
}
