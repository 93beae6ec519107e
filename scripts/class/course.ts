/**
 * Writes what each student of a class gets: the lessons and labs, without the solutions.
 */
import {
  mkdirSync,
  mkdtempSync,
  chmodSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import path from "node:path";
import { readingOrder } from "../handouts/handout";
import { studentCopy } from "../handouts/lab-copies";
import {
  type Notebook,
  notebookText,
  readNotebook,
  sourceOf,
} from "../handouts/notebook";

/** Read by everybody, written by the owner. */
const READABLE = 0o755;

/**
 * Writes the course into a folder, which replaces an earlier one.
 *
 * @param notebooks The folder of the course's notebooks.
 * @param target The folder to write. Every account can read it.
 * @throws Error If a notebook is missing or a lab's solutions are not marked in pairs. The earlier
 *   folder then stays.
 */
export function writeCourse(notebooks: string, target: string): void {
  mkdirSync(path.dirname(target), { recursive: true });
  const fresh = mkdtempSync(`${target}-`);
  try {
    for (const name of readingOrder) {
      const source = path.join(notebooks, `${name}.ipynb`);
      const copy = path.join(fresh, `${name}.ipynb`);
      mkdirSync(path.dirname(copy), { recursive: true });
      const notebook = readNotebook(source);
      const given = name.startsWith("labs/")
        ? studentCopy(notebook)
        : withoutSolutions(notebook);
      writeFileSync(copy, notebookText(given));
    }
    chmodSync(fresh, READABLE);
    rmSync(target, { recursive: true, force: true });
    renameSync(fresh, target);
  } catch (error) {
    rmSync(fresh, { recursive: true, force: true });
    throw error;
  }
}

/** Returns a lesson with gaps in its exercises. All other cells keep their outputs. */
function withoutSolutions(lesson: Notebook): Notebook {
  const { cells } = studentCopy(lesson);
  return {
    ...lesson,
    cells: lesson.cells.map((cell, at) => {
      const open = cells[at]!;
      return sourceOf(open) === sourceOf(cell) ? cell : open;
    }),
  };
}
