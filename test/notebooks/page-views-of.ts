/**
 * The tests of pages in Chromium, for stored notebooks.
 */
import assert from "node:assert/strict";
import path from "node:path";
import { after, before, describe, test } from "node:test";
import type { Browser } from "playwright-core";
import { noBrowser } from "../jupyterlab/browser";
import { noPython, root, temporaryFolder } from "../lessons/notebook-file";
import {
  audit,
  cutOnPaper,
  exportedPage,
  startChromium,
  withoutScripts,
} from "./page-views";

/** The widths of the text on A4 and on Letter, in CSS pixels, with margins of 14 mm. */
const paperWidths = [688, 710];

/** Defines the tests of the pages of stored notebooks, by their names below notebooks/. */
export function testPages(names: readonly string[]): void {
  for (const name of names) {
    describe(`the page of ${name}`, { skip: noPython || noBrowser }, () => {
      let browser: Browser;
      let page: string;
      let remove: () => void;
      before(async () => {
        const temporary = temporaryFolder();
        remove = temporary.remove;
        page = exportedPage(
          path.join(root, "notebooks", `${name}.ipynb`),
          temporary.folder,
        );
        browser = await startChromium();
      });
      after(async () => {
        await browser?.close();
        remove?.();
      });

      for (const width of [1280, 375]) {
        for (const scheme of ["light", "dark"] as const) {
          test(`is accessible and fits, ${width} pixels wide, ${scheme}`, async () => {
            const found = await audit(browser, page, width, scheme);
            const { figures } = await withoutScripts(browser, page);
            assert.deepEqual(found, {
              violations: [],
              overflow: 0,
              shown: figures,
            });
          });
        }
      }

      test("shows the image of every figure without JavaScript", async () => {
        const { figures, images } = await withoutScripts(browser, page);
        assert.equal(images, figures);
      });

      test("is not cut on paper", async () => {
        for (const width of paperWidths) {
          assert.deepEqual(await cutOnPaper(browser, page, width), []);
        }
      });
    });
  }
}
