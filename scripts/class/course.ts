/**
 * Writes what each student of a class gets: the lessons, and the labs without their solutions.
 */
import {
  copyFileSync,
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
import { notebookText, readNotebook } from "../handouts/notebook";

// The exercises of a lesson keep their solutions: its text tells the reader to replace them.

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
      if (name.startsWith("labs/"))
        writeFileSync(copy, notebookText(studentCopy(readNotebook(source))));
      else copyFileSync(source, copy);
    }
    chmodSync(fresh, READABLE);
    rmSync(target, { recursive: true, force: true });
    renameSync(fresh, target);
  } catch (error) {
    rmSync(fresh, { recursive: true, force: true });
    throw error;
  }
}
