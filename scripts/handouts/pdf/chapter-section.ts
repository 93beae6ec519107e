/**
 * Prepares chapters for a paper format in Chromium: text, captions, answers, filled pages.
 */
import { readFileSync } from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";
import type { Browser, Page } from "playwright-core";
import type { Chapter } from "../handout";
import type { ChapterPage } from "./chapter-pages";
import { textSize, type PaperFormat } from "./paper-format";

/** A chapter that is ready to be printed, alone or in the book. */
export interface ChapterSection {
  readonly chapter: Chapter;
  /** The HTML of its section element. */
  readonly html: string;
  /** The styles of its page. */
  readonly styles: readonly string[];
  readonly headings: readonly Heading[];
  /** The pages that end with a blank of more than a fifth, as far as columns predict them. */
  readonly blanks: readonly number[];
}

/** A heading of a chapter. */
export interface Heading {
  readonly level: number;
  readonly id: string;
  readonly text: string;
}

const scripts = [
  "spoken",
  "links",
  "prepare",
  "float-figures",
  "keep-headings",
  "fill-pages",
].map((name) => path.join(__dirname, "paper", `${name}.js`));

/** The styles of all documents. */
export const paperStyles = readFileSync(
  path.join(__dirname, "paper.css"),
  "utf8",
);

/**
 * Prepares a chapter.
 *
 * @param names The names of all chapters of this edition, for links between them.
 */
export async function chapterSection(
  browser: Browser,
  { chapter, file, titles }: ChapterPage,
  format: PaperFormat,
  names: readonly string[],
): Promise<ChapterSection> {
  const size = textSize(format);
  const view = await paperView(browser, size);
  try {
    await view.goto(pathToFileURL(file).href);
    await view.addStyleTag({ content: paperStyles });
    for (const script of scripts) await view.addScriptTag({ path: script });
    const options = { chapter: chapter.name, titles, names };
    await view.evaluate(`paper.prepare(${JSON.stringify(options)})`);
    await view.evaluate("document.fonts.ready.then(() => undefined)");
    const { blanks } = await view.evaluate<{ blanks: number[] }>(
      `paper.fillPages(${JSON.stringify(size)})`,
    );
    const found = await view.evaluate<
      Pick<ChapterSection, "html" | "styles" | "headings">
    >(`({
      html: document.querySelector(".paper-chapter").outerHTML,
      styles: [...document.querySelectorAll("style")].filter((style) => !style.media).map((style) => style.textContent),
      headings: [...document.querySelectorAll(".paper-chapter :is(h1, h2, h3, h4, h5, h6)")].map((heading) => ({
        level: Number(heading.localName[1]), id: heading.id, text: heading.innerText.replace(/\\s+/g, " ").trim(),
      })),
    })`);
    return { chapter, ...found, blanks };
  } finally {
    await view.close();
  }
}

/** How long a step of the browser may take on a busy machine, in milliseconds. */
const patience = 600_000;

/** Opens an empty page of a browser that shows what is printed, in the width of the text. */
export async function paperView(
  browser: Browser,
  { width, height }: { width: number; height: number },
): Promise<Page> {
  const view = await browser.newPage({
    viewport: { width: Math.round(width), height: Math.round(height) },
    colorScheme: "light",
  });
  view.setDefaultTimeout(patience);
  await view.emulateMedia({ media: "print", colorScheme: "light" });
  return view;
}
