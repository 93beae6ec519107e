/**
 * Makes pages of notebooks that are in memory, with links between them.
 */
import { mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";
import { creditOf, dataSetsIn } from "./data-sets";
import type { Chapter, HandoutContext } from "./handout";
import { withLinks } from "./links";
import { notebookText, type Notebook } from "./notebook";
import { runPython } from "./program";

/** A notebook that becomes a page. */
export interface PageSource {
  readonly chapter: Chapter;
  readonly notebook: Notebook;
  /** What the page says about itself above its title, such as "Student copy". */
  readonly label?: string;
  /** The path of its notebook from the page, if readers get it. */
  readonly download?: string;
}

/**
 * Writes the pages of notebooks to a folder directly below the folder of handouts. Each page has
 * links to the pages before and after it and to the start page, and names the sources of its
 * images. Links between notebooks lead to their pages.
 *
 * @param folder Name of the folder.
 * @returns The pages' paths, relative to `context.out`.
 * @throws Error `ERR_PROCESS` if a page cannot be made; `ERR_INTERRUPTED` if it was stopped.
 */
export async function exportPages(
  sources: readonly PageSource[],
  folder: string,
  { out, log, signal }: HandoutContext,
): Promise<string[]> {
  if (sources.length === 0) return [];
  const names = sources.map(({ chapter }) => chapter.name);
  const work = mkdtempSync(path.join(out, ".pages-"));
  try {
    const files = sources.map(({ chapter, notebook, label, download }, at) => {
      const file = path.join(work, `${chapter.name}.ipynb`);
      const text = notebookText(withLinks(notebook, names, ".html"));
      const handout = {
        label,
        links: linksAt(sources, at, download),
        credits: dataSetsIn(text).map(creditOf),
      };
      const linked = JSON.parse(text) as Notebook;
      writeFileSync(
        file,
        notebookText({
          ...linked,
          metadata: { ...linked.metadata, convnotes_handout: handout },
        }),
      );
      return file;
    });
    const pages = names.map((name) => `${folder}/${name}.html`);
    let done = 0;
    let before = performance.now();
    const remarks = await runPython(
      "scripts/lessons/export.py",
      [...files, "--out", path.join(out, folder)],
      {
        signal,
        onLine: () => {
          const now = performance.now();
          const page = pages[done++];
          if (page !== undefined) {
            const { size } = statSync(path.join(out, page));
            log(`${page}  ${seconds(now - before)}  ${megabytes(size)}`);
          }
          before = now;
        },
      },
    );
    if (remarks !== "") log(remarks);
    return pages;
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

/** Formats milliseconds as seconds: "3.2 s". */
export function seconds(milliseconds: number): string {
  return `${(milliseconds / 1_000).toFixed(1)} s`;
}

/** Formats bytes as megabytes: "2.43 MB". */
export function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(2)} MB`;
}

function linksAt(
  sources: readonly PageSource[],
  at: number,
  download: string | undefined,
) {
  const beside = (index: number, rel: "prev" | "next", word: string) => {
    const chapter = sources[index]?.chapter;
    if (chapter === undefined) return [];
    const text = `${word}: ${chapter.title}`;
    return [{ rel, href: `${chapter.name}.html`, text }];
  };
  return [
    { href: "../index.html", text: "All handouts" },
    ...beside(at - 1, "prev", "Previous"),
    ...beside(at + 1, "next", "Next"),
    ...(download === undefined
      ? []
      : [{ href: download, text: "This page as a notebook" }]),
  ];
}
