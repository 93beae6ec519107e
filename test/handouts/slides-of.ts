/**
 * The tests of slides in Chromium, for stored notebooks.
 */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";
import { after, before, describe, test } from "node:test";
import type { Browser } from "playwright-core";
import {
  readNotebook,
  sourceOf,
  type Cell,
} from "../../scripts/handouts/notebook";
import { noBrowser } from "../jupyterlab/browser";
import { noPython, root, temporaryFolder } from "../lessons/notebook-file";
import { startChromium } from "../notebooks/page-views";
import {
  contentsOf,
  faultsOf,
  openSlides,
  placesOf,
  violationsOf,
  writtenSlides,
  type Place,
} from "./slide-views";

const projector = { width: 1280, height: 720 };
const old = { width: 1024, height: 768 };
const large = { width: 1920, height: 1080 };
const phone = { width: 375, height: 812 };

/** The smallest text of a slide, in pixels of 720 in its height, and on a phone. */
const smallest = 14;

/** Which slides axe looks at. */
type Sample = "three slides" | "all slides";

/** Defines the tests of the slides of stored notebooks, by their names below notebooks/. */
export function testSlides(names: readonly string[], sample: Sample): void {
  for (const name of names) {
    describe(`the slides of ${name}`, { skip: noPython || noBrowser }, () => {
      const { cells } = readNotebook(
        path.join(root, "notebooks", `${name}.ipynb`),
      );
      let browser: Browser;
      let page: string;
      let remove: () => void;
      let count = 0;
      before(async () => {
        const temporary = temporaryFolder();
        remove = temporary.remove;
        page = await writtenSlides(name, temporary.folder);
        browser = await startChromium();
      });
      after(async () => {
        await browser?.close();
        remove?.();
      });

      /** The slides that axe looks at. */
      const looked = (places: readonly Place[]) =>
        sample === "all slides"
          ? places
          : [places[0]!, places[places.length >> 1]!, places.at(-1)!];

      test("are those that the notebook begins, with its figures and formulas, and ask for nothing", async () => {
        const { view, requests } = await openSlides(browser, page, projector);
        const { formulas, notes, ...contents } = await contentsOf(view);
        const begun = cells.filter((cell) => typeOf(cell) === "slide").length;
        assert.deepEqual(contents, {
          slides: begun,
          headings: begun,
          figures: figuresOf(cells),
          hasFormulaFont: formulas > 0,
          topHeadings: 1,
          language: "en",
        });
        const written = readFileSync(page, "utf8");
        assert.ok(formulas >= written.split('<span class="katex">').length - 1);
        assert.equal(notes > 0, cells.some(isForSpeaker));
        assert.doesNotMatch(written, /(?:BEGIN|END) SOLUTION\n/);
        assert.equal(requests.length, 1, requests.join("\n"));
        count = (await placesOf(view)).length;
        await view.close();
      });

      for (const [size, colorScheme] of [
        [projector, "light"],
        [projector, "dark"],
        [phone, "light"],
        [phone, "dark"],
      ] as const) {
        test(`are readable, not cut off and accessible, ${size.width} pixels wide, ${colorScheme}`, async () => {
          const { view } = await openSlides(browser, page, size, {
            colorScheme,
          });
          const places = looked(await placesOf(view));
          // Before the check of what is cut off, which opens the answers.
          assert.deepEqual(await violationsOf(view, places), []);
          assert.deepEqual(await faultsOf(view, smallest), []);
          await view.close();
        });
      }

      test("are not cut off on a large screen, and on one of another shape", async () => {
        const { view } = await openSlides(browser, page, large);
        for (const size of [large, old]) {
          await view.setViewportSize(size);
          await view.waitForFunction(
            `Math.abs(Reveal.getScale() - ${size.width / 1280}) < 0.001`,
          );
          assert.deepEqual(await faultsOf(view, smallest), []);
        }
        await view.close();
      });

      test("are printed with one page for each slide", async () => {
        const { view } = await openSlides(browser, page, projector, {
          query: "?print-pdf",
        });
        await view.emulateMedia({ media: "print" });
        const pdf = await view.pdf({ preferCSSPageSize: true });
        await view.close();
        const pages = pdf.toString("latin1").match(/\/Type\s*\/Page\b/g) ?? [];
        assert.equal(pages.length, count);
      });
    });
  }
}

function typeOf({ metadata }: Cell): string | undefined {
  return (metadata["slideshow"] as { slide_type?: string } | undefined)
    ?.slide_type;
}

/** Whether a cell has something for the speaker: notes, remarks about the source, solutions. */
function isForSpeaker(cell: Cell): boolean {
  return (
    typeOf(cell) === "notes" ||
    /class="about-source"|BEGIN SOLUTION$/m.test(sourceOf(cell))
  );
}

/** How many figures the shown cells of a notebook have. */
function figuresOf(cells: readonly Cell[]): number {
  return cells
    .filter((cell) => !["notes", "skip"].includes(typeOf(cell) ?? ""))
    .flatMap(({ outputs = [] }) => outputs)
    .filter(({ data }) =>
      ["application/vnd.plotly.v1+json", "image/png"].some(
        (type) => type in ((data as object | undefined) ?? {}),
      ),
    ).length;
}
