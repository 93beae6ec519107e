/**
 * Tests the start page of handouts as its readers see it: wide and narrow, light and dark.
 */
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import path from "node:path";
import { after, before, describe, test } from "node:test";
import { pathToFileURL } from "node:url";
import type { Browser } from "playwright-core";
import { findChapters } from "../../scripts/handouts/chapters";
import { indexPage } from "../../scripts/handouts/index-page";
import { root } from "../../scripts/handouts/program";
import { noBrowser } from "../jupyterlab/browser";
import { temporaryFolder } from "../lessons/notebook-file";
import { startChromium } from "../notebooks/page-views";
import { audit, views } from "./served-site";

const chapters = findChapters([path.join(root, "notebooks")], []);

/** The files of all handouts, but for those in the folder of the site. */
const files = [
  "site/index.html",
  ...["a4", "letter"].map((format) => `pdf/${format}/book.pdf`),
  ...["convnotes-handouts.zip", "README.txt", "LICENSE", "DATA-LICENSES.md"],
  ...chapters.flatMap(({ name }) => [
    ...["pages", "slides", "student", "solution"].map(
      (folder) => `${folder}/${name}.html`,
    ),
    ...["student", "solution"].map((folder) => `${folder}/${name}.ipynb`),
    ...["a4", "letter"].map((format) => `pdf/${format}/${name}.pdf`),
  ]),
];

const page = indexPage([{ step: "pages", files, chapters }], files);

test("the start page links every handout", () => {
  const linked = [...page.matchAll(/<a href="([^"]*)"/g)].map(
    ([, href]) => href!,
  );
  assert.deepEqual(linked.sort(), [...files].sort());
});

test("the links of the start page have different names", () => {
  const names = [...page.matchAll(/<a\b[^>]*>(.*?)<\/a>/g)].map(([, text]) =>
    text!.replace(/<[^>]*>/g, ""),
  );
  assert.equal(new Set(names).size, files.length, names.join("\n"));
});

describe("the start page in Chromium", { skip: noBrowser }, () => {
  let browser: Browser;
  let address: string;
  let remove: () => void;
  before(async () => {
    const temporary = temporaryFolder();
    remove = temporary.remove;
    const file = path.join(temporary.folder, "index.html");
    writeFileSync(file, page);
    address = pathToFileURL(file).href;
    browser = await startChromium();
  });
  after(async () => {
    await browser?.close();
    remove?.();
  });

  for (const { width, colorScheme } of views) {
    test(`is accessible and fits, ${width} pixels wide, ${colorScheme}`, async () => {
      const view = await browser.newPage({
        viewport: { width, height: 900 },
        colorScheme,
      });
      await view.goto(address);
      assert.deepEqual(await audit(view), { violations: [], overflow: 0 });
      await view.close();
    });
  }
});
