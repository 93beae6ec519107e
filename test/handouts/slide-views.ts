/**
 * Makes slides of stored notebooks and looks at them in Chromium, slide by slide.
 */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";
import type { Browser, Page } from "playwright-core";
import type { Chapter } from "../../scripts/handouts/handout";
import { slides } from "../../scripts/handouts/slides";
import { root } from "../lessons/notebook-file";

/** A slide that the tests can name. */
export type Place = readonly [horizontal: number, vertical: number];

/** Writes the slides of a stored notebook, by its name below notebooks/, and returns their path. */
export async function writtenSlides(
  name: string,
  out: string,
): Promise<string> {
  const chapter: Chapter = {
    name: path.posix.basename(name),
    file: path.join(root, "notebooks", `${name}.ipynb`),
    kind: name.startsWith("labs/") ? "lab" : "lesson",
    title: name,
  };
  const written = await slides.run({
    chapters: [chapter],
    out,
    log: () => undefined,
    signal: new AbortController().signal,
  });
  assert.deepEqual(written, [path.join("slides", `${chapter.name}.html`)]);
  return path.join(out, written[0]!);
}

/** Opens slides without transitions. `requests` gets what the page asks of a network or a disk. */
export async function openSlides(
  browser: Browser,
  page: string,
  size: { width: number; height: number },
  {
    colorScheme = "light",
    query = "",
  }: { colorScheme?: "light" | "dark"; query?: string } = {},
): Promise<{ view: Page; requests: string[] }> {
  const view = await browser.newPage({
    viewport: size,
    colorScheme,
    reducedMotion: "reduce",
  });
  const requests: string[] = [];
  view.on("request", (request) => {
    if (!request.url().startsWith("data:")) requests.push(request.url());
  });
  await view.goto(pathToFileURL(page).href + query);
  await view.waitForSelector("body[data-arranged]", {
    state: "attached",
    timeout: 240_000,
  });
  return { view, requests };
}

/** The places of all slides, in order. */
export function placesOf(view: Page): Promise<Place[]> {
  return view.evaluate(
    `Reveal.getSlides().map((slide) => Reveal.getIndices(slide)).map(({ h, v }) => [h, v ?? 0])`,
  );
}

/** What is beyond the edge of a slide, or too small to be read: for each slide, its first fault. */
export function faultsOf(view: Page, smallest: number): Promise<string[]> {
  return view.evaluate(`(() => {
    const faults = [];
    for (const slide of Reveal.getSlides()) {
      const { h, v = 0 } = Reveal.getIndices(slide);
      Reveal.slide(h, v);
      for (const details of slide.querySelectorAll("details")) details.open = true;
      const frame = slide.querySelector(".slides-frame").getBoundingClientRect();
      const body = slide.querySelector(".slides-body").getBoundingClientRect();
      const scale = Reveal.getScale();
      const place = (h + 1) + "." + (v + 1) + " ";
      const beyond = (inner, outer, by = 1.5 * scale) =>
        inner.bottom > outer.bottom + by || inner.right > outer.right + by ||
        inner.left < outer.left - by || inner.top < outer.top - by;
      // reveal.js rounds the scale; the frame's margin is wider than this.
      if (beyond(frame, { top: 0, left: 0, right: innerWidth, bottom: innerHeight }, 5))
        faults.push(place + "is beyond the window");
      const fault = [...slide.querySelectorAll(".slides-title, .slides-body *")].find((element) => {
        if (element.closest("svg, .katex-mathml")) return false;
        const box = element.getBoundingClientRect();
        if (box.width === 0 || box.height === 0) return false;
        if (element.matches(".slides-title")) return beyond(box, frame) || box.bottom > body.top + 1;
        const scrolls = element.parentElement.closest("[tabindex='0']");
        return beyond(scrolls ? scrolls.getBoundingClientRect() : box, body);
      });
      if (fault) faults.push(place + "is cut off: " + fault.outerHTML.slice(0, 120));
      const small = [...slide.querySelectorAll(".slides-body :is(p, li, pre, td, th, summary)")].find((element) => {
        const zoom = Number(element.closest(".slides-body > div").style.zoom || 1);
        return Number.parseFloat(getComputedStyle(element).fontSize) * zoom < ${smallest};
      });
      if (small) faults.push(place + "is too small: " + small.outerHTML.slice(0, 120));
    }
    return faults;
  })()`);
}

/** What the slides contain. */
export interface Contents {
  /** Slides beside each other. */
  readonly slides: number;
  /** How many of them begin with a heading. */
  readonly headings: number;
  /** Figures that have been painted, with a text for who cannot see them. */
  readonly figures: number;
  readonly formulas: number;
  /** Whether a font of the formulas could be loaded. */
  readonly hasFormulaFont: boolean;
  readonly topHeadings: number;
  readonly language: string;
  /** Slides with notes for the speaker. */
  readonly notes: number;
}

export function contentsOf(view: Page): Promise<Contents> {
  return view.evaluate(`({
    slides: Reveal.getHorizontalSlides().length,
    headings: Reveal.getHorizontalSlides().filter((slide) => slide.querySelector(".slides-title").textContent.trim() !== "").length,
    figures: [...document.querySelectorAll(".slides-figure img")].filter((image) => image.naturalWidth > 0 && image.alt.length > 10).length,
    formulas: document.querySelectorAll(".slides-body .katex, .notes .katex").length,
    hasFormulaFont: [...document.fonts].some(({ family, status }) => family.includes("KaTeX") && status === "loaded"),
    topHeadings: document.querySelectorAll("h1").length,
    language: document.documentElement.lang,
    notes: Reveal.getSlides().filter((slide) => slide.querySelector("aside.notes")).length,
  })`);
}

const axe = readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");

/**
 * The rules of axe that slides break while they are shown.
 *
 * Axe looks at the whole document each time, and the course has slides with thousands of elements.
 * So only the slide that is shown has content meanwhile.
 */
export async function violationsOf(
  view: Page,
  places: readonly Place[],
): Promise<string[]> {
  await view.evaluate(axe);
  return view.evaluate(`(async () => {
    const contents = Reveal.getSlides().map((slide) => [slide, [...slide.childNodes]]);
    const found = [];
    for (const [slide] of contents) slide.replaceChildren();
    for (const [h, v] of ${JSON.stringify(places)}) {
      const [slide, content] = contents.find(([slide]) => slide === Reveal.getSlide(h, v));
      slide.replaceChildren(...content);
      Reveal.slide(h, v);
      const { violations, passes } = await axe.run({ resultTypes: ["violations"] });
      if (passes.length === 0) found.push((h + 1) + "." + (v + 1) + " no rule was checked");
      for (const { id, nodes } of violations)
        found.push((h + 1) + "." + (v + 1) + " " + id + ": " + nodes[0].html.slice(0, 200));
      slide.replaceChildren();
    }
    for (const [slide, content] of contents) slide.replaceChildren(...content);
    return found;
  })()`);
}
