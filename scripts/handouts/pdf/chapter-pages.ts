/**
 * The pages of chapters as HTML, ready to be prepared for paper.
 */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import type { Chapter } from "../handout";
import {
  notebookText,
  readNotebook,
  type Cell,
  type Notebook,
} from "../notebook";
import { withAnswersAtEnd } from "./answers";
import { figureTitles } from "./figure-titles";
import { runPython } from "./python";

/** A chapter's page. */
export interface ChapterPage {
  readonly chapter: Chapter;
  /** Path of the page. */
  readonly file: string;
  /** Titles of its Plotly figures, in order. */
  readonly titles: readonly (string | null)[];
}

const plotly = "application/vnd.plotly.v1+json";

/**
 * Writes the page of each chapter: answers at the end, figures as images only.
 *
 * @param folder The folder of the pages.
 * @throws Error ERR_PROCESS If a notebook cannot be exported.
 */
export async function chapterPages(
  chapters: readonly Chapter[],
  folder: string,
  signal: AbortSignal,
): Promise<ChapterPage[]> {
  mkdirSync(folder, { recursive: true });
  const pages = chapters.map((chapter) => {
    const notebook = withStaticFigures(
      withAnswersAtEnd(readNotebook(chapter.file)),
    );
    const source = path.join(folder, `${chapter.name}.ipynb`);
    writeFileSync(source, notebookText(notebook));
    return { chapter, source, titles: figureTitles(notebook) };
  });
  await runPython(
    path.join("scripts", "lessons", "export.py"),
    [...pages.map(({ source }) => source), "--out", folder],
    { signal },
  );
  return pages.map(({ chapter, titles }) => {
    const file = path.join(folder, `${chapter.name}.html`);
    writeFileSync(file, withoutScripts(readFileSync(file, "utf8")));
    return { chapter, file, titles };
  });
}

/** On paper a figure is its image, and the page needs no plotly.js. */
function withStaticFigures(notebook: Notebook): Notebook {
  const cells = notebook.cells.map((cell): Cell => {
    if (cell.outputs === undefined) return cell;
    return { ...cell, outputs: cell.outputs.map(asStatic) };
  });
  return { ...notebook, cells };
}

function asStatic(output: Readonly<Record<string, unknown>>) {
  const data = output["data"] as Readonly<Record<string, unknown>> | undefined;
  const figure = data?.[plotly] as
    { readonly config?: Readonly<Record<string, unknown>> } | undefined;
  if (figure === undefined) return output;
  const config = { ...figure.config, staticPlot: true };
  return { ...output, data: { ...data, [plotly]: { ...figure, config } } };
}

function withoutScripts(page: string): string {
  return page.replace(/<script\b[^>]*>[\s\S]*?<\/script>/g, "");
}
