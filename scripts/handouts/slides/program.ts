/**
 * Runs export.py, which writes slides.
 */
import path from "node:path";
import type { Notebook } from "../notebook";
import { runPython } from "../program";

/** Slides to write. */
export interface SlidesJob {
  readonly notebook: Notebook;
  /** The title of a notebook without headings. */
  readonly name: string;
  /** The folder of the notebook's own images. */
  readonly folder: string;
  /** Path of the HTML file. */
  readonly page: string;
}

const program = path.join("scripts", "handouts", "slides", "export.py");

/**
 * Writes the slides of notebooks, one after another.
 *
 * @param onPage Called with the path of each file that has been written.
 * @returns Remarks on figures without an image, one a line, or "".
 * @throws Error ERR_PROCESS if a notebook cannot be exported, ERR_INTERRUPTED after an abort. The
 *   files written until then stay; none is incomplete.
 */
export function writeSlides(
  jobs: readonly SlidesJob[],
  { signal, onPage }: { signal: AbortSignal; onPage: (page: string) => void },
): Promise<string> {
  return runPython(program, [], {
    signal,
    input: JSON.stringify(jobs),
    onLine: onPage,
  });
}
