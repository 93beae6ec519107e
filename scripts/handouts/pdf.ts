/**
 * The PDF step of the handouts: each chapter and the whole book, in A4 and in Letter.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import type { Browser } from "playwright-core";
import { coded } from "../../src/notebook/coded-error";
import { startBrowser } from "../../src/plots/browser";
import { seconds } from "./export-pages";
import type { HandoutContext, HandoutStep } from "./handout";
import { book } from "./pdf/book";
import { chapterPages, type ChapterPage } from "./pdf/chapter-pages";
import { chapterSection, type ChapterSection } from "./pdf/chapter-section";
import { paperFormats, type PaperFormat } from "./pdf/paper-format";
import { printDocument, type PaperDocument } from "./pdf/print-document";

/** Prints chapters as PDF, with Chromium, and all of them as a book. */
export const pdf: HandoutStep = {
  name: "pdf",
  about: "each chapter and the whole book as tagged PDF, in A4 and in Letter",
  run: (context) => printAll(context, paperFormats),
};

/**
 * Prints the chapters, and the book if there is more than one.
 *
 * @returns The paths of the files, relative to the folder of the handouts.
 * @throws NoBrowserError If no browser is installed.
 * @throws Error ERR_PROCESS If a notebook cannot be exported or a PDF cannot be finished;
 *   ERR_INTERRUPTED on Ctrl-C.
 */
export async function printAll(
  context: HandoutContext,
  formats: readonly PaperFormat[],
): Promise<string[]> {
  const { chapters, signal } = context;
  const temporary = mkdtempSync(path.join(tmpdir(), "convnotes-pdf-"));
  const browser = await startBrowser();
  const stop = () => void browser.close();
  signal.addEventListener("abort", stop);
  try {
    const pages = await chapterPages(chapters, temporary, signal);
    const written: string[] = [];
    for (const format of formats)
      written.push(
        ...(await printFormat(browser, pages, format, temporary, context)),
      );
    return written;
  } catch (error) {
    if (!signal.aborted) throw error;
    throw coded("ERR_INTERRUPTED", new Error("The handouts were interrupted"));
  } finally {
    signal.removeEventListener("abort", stop);
    await browser.close();
    rmSync(temporary, { recursive: true, force: true });
  }
}

async function printFormat(
  browser: Browser,
  pages: readonly ChapterPage[],
  format: PaperFormat,
  temporary: string,
  { out, log, signal }: HandoutContext,
): Promise<string[]> {
  const written: string[] = [];
  const names = pages.map(({ chapter }) => chapter.name);
  const printOne = async (name: string, document: PaperDocument) => {
    const file = path.posix.join("pdf", format.name, `${name}.pdf`);
    const started = performance.now();
    const target = path.join(out, file);
    const options = { format, target, temporary, signal };
    const count = await printDocument(browser, document, options);
    log(`${file}: ${count} pages in ${seconds(performance.now() - started)}`);
    written.push(file);
  };
  const sections: ChapterSection[] = [];
  for (const page of pages) {
    const section = await chapterSection(browser, page, format, names);
    await printOne(page.chapter.name, chapterDocument(section));
    sections.push(section);
  }
  if (sections.length > 1) await printOne("book", book(sections, format));
  return written;
}

function chapterDocument({
  chapter: { title },
  html,
  styles,
}: ChapterSection): PaperDocument {
  return { title, html, styles, runs: [{ name: null, head: title }] };
}
