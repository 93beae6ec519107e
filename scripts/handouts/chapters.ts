/**
 * Finds the notebooks of the course, and tells executed ones from others.
 */
import { existsSync } from "node:fs";
import path from "node:path";
import { coded } from "../../src/notebook/coded-error";
import { readingOrder, type Chapter } from "./handout";
import { readNotebook, sourceOf, type Notebook } from "./notebook";

/** A chapter, and whether handouts can show a run of it. */
export interface FoundChapter extends Chapter {
  /** "open" without outputs, "failed" with the output of an error. */
  readonly state: "executed" | "open" | "failed";
}

/** The names of all chapters in reading order, such as "lesson-1" and "lab-1". */
export const chapterNames: readonly string[] = readingOrder.map((place) =>
  path.posix.basename(place),
);

/**
 * Finds chapters in folders of notebooks. A notebook may also be in the folder's subfolder `labs`.
 *
 * @param folders Absolute paths; the first that has a notebook wins.
 * @param names Names of chapters, or paths of their notebooks; all that there are if it is empty.
 * @returns The chapters in reading order.
 * @throws Error `ERR_UNKNOWN_NAME` if a name is not that of a chapter; `ERR_FILE_MISSING` if no
 *   folder has a notebook that was named, or none has any notebook; `ERR_FILE_FORMAT` if a file is
 *   not a notebook.
 */
export function findChapters(
  folders: readonly string[],
  names: readonly string[],
): FoundChapter[] {
  const wanted = names.map((name) => path.basename(name, ".ipynb"));
  const unknown = wanted.filter((name) => !chapterNames.includes(name));
  if (unknown.length > 0) {
    throw coded(
      "ERR_UNKNOWN_NAME",
      new RangeError(
        `Expected names of notebooks (${chapterNames.join(", ")}), received ${unknown.join(", ")}.`,
      ),
    );
  }
  const found = readingOrder.flatMap((place) => {
    const name = path.posix.basename(place);
    if (wanted.length > 0 && !wanted.includes(name)) return [];
    const file = fileOf(name, folders);
    if (file !== undefined) return [chapterOf(name, place, file)];
    if (wanted.length === 0) return [];
    throw coded(
      "ERR_FILE_MISSING",
      new Error(
        `Expected ${name}.ipynb in ${folders.join(" or ")}, received no such file.`,
      ),
    );
  });
  if (found.length === 0) {
    throw coded(
      "ERR_FILE_MISSING",
      new Error(
        `Expected notebooks of the course, such as lesson-1.ipynb, in ${folders.join(" or ")}, received none.`,
      ),
    );
  }
  return found;
}

/** Returns the first heading of a notebook without its Markdown, or the name if it has none. */
export function titleOf(notebook: Notebook, name: string): string {
  for (const cell of notebook.cells) {
    if (cell.cell_type !== "markdown") continue;
    const heading = /^#{1,6}\s+(.+)$/m.exec(sourceOf(cell));
    if (heading) return heading[1]!.replace(/[*_`]/g, "").trim();
  }
  return name;
}

/** Returns whether a notebook has outputs of a run, and whether the run ended in an error. */
export function stateOf(notebook: Notebook): FoundChapter["state"] {
  const outputs = notebook.cells.flatMap(({ outputs = [] }) => outputs);
  if (outputs.length === 0) return "open";
  return outputs.some((output) => output["output_type"] === "error")
    ? "failed"
    : "executed";
}

function chapterOf(name: string, place: string, file: string): FoundChapter {
  const notebook = parsed(file);
  return {
    name,
    file,
    kind: place.startsWith("labs/")
      ? "lab"
      : name.startsWith("lesson-")
        ? "lesson"
        : "extra",
    title: titleOf(notebook, name),
    state: stateOf(notebook),
  };
}

function fileOf(name: string, folders: readonly string[]): string | undefined {
  return folders
    .flatMap((folder) => [
      path.join(folder, `${name}.ipynb`),
      path.join(folder, "labs", `${name}.ipynb`),
    ])
    .find((file) => existsSync(file));
}

function parsed(file: string): Notebook {
  let notebook: Notebook;
  try {
    notebook = readNotebook(file);
  } catch (error) {
    throw notANotebook(file, (error as Error).message);
  }
  if (!Array.isArray(notebook?.cells) || notebook.nbformat !== 4) {
    throw notANotebook(file, "no list of cells in this format");
  }
  return notebook;
}

function notANotebook(file: string, received: string): Error {
  return coded(
    "ERR_FILE_FORMAT",
    new Error(
      `Expected ${file} to be a notebook in nbformat 4, received ${received}.`,
    ),
  );
}
