/**
 * Makes handouts: runs the steps, and puts what they made into place at once.
 */
import { copyFileSync, mkdirSync, readFileSync, statSync } from "node:fs";
import path from "node:path";
import { coded } from "../../src/notebook/coded-error";
import { findChapters, type FoundChapter } from "./chapters";
import { seconds } from "./export-pages";
import { filesIn } from "./files";
import type { Chapter, HandoutStep } from "./handout";
import { indexPage } from "./index-page";
import { openNotebooks } from "./open-notebooks";
import { runPython, throwIfStopped } from "./program";
import { Staging, type Made } from "./staging";
import { steps as allSteps } from "./steps";
import { summaryTable, type SummaryRow } from "./summary-table";

/** The type of a figure in a notebook. */
const plotlyType = "application/vnd.plotly.v1+json";

/** Options of {@link makeHandouts}. */
export interface HandoutOptions {
  /** Names of chapters; all if it is empty. */
  readonly names: readonly string[];
  /** Names of steps; all if it is empty. */
  readonly only: readonly string[];
  /** Absolute paths of the folders with notebooks; the first that has one wins. */
  readonly notebooks: readonly string[];
  /** Absolute path of the folder of handouts. */
  readonly out: string;
  readonly signal: AbortSignal;
  /** Prints a line. */
  readonly log: (line: string) => void;
  /** The steps that there are; those of this project by default. */
  readonly steps?: readonly HandoutStep[];
}

/**
 * Makes handouts. A step that fails does not stop the others.
 *
 * @returns Whether every step succeeded.
 * @throws Error `ERR_UNKNOWN_NAME` if there is no such chapter or step; `ERR_INTERRUPTED` if it was
 *   stopped, with the folder of handouts as it was before; the errors of {@link findChapters} and
 *   {@link Staging}; `ERR_FILE_MISSING` if no step can use any of the notebooks.
 */
export async function makeHandouts(options: HandoutOptions): Promise<boolean> {
  const { log, signal, out } = options;
  const steps = chosenSteps(options.only, options.steps ?? allSteps);
  const found = findChapters(options.notebooks, options.names);
  const executed = found.filter(({ state }) => state === "executed");
  const remark = openNotebooks(found, steps);
  const usable = steps.some(({ takesOpenNotebooks = false }) =>
    takesOpenNotebooks ? found.length > 0 : executed.length > 0,
  );
  if (!usable) throw coded("ERR_FILE_MISSING", new Error(remark));
  if (remark !== "") log(`${remark}\n`);

  const staging = new Staging(
    out,
    steps.map(({ name }) => name),
  );
  try {
    const prepared = await withImages(found, steps, staging.stage, options);
    const made: Made[] = [];
    const rows: SummaryRow[] = [];
    for (const [index, step] of steps.entries()) {
      throwIfStopped(signal);
      const chapters = prepared.filter(
        ({ state }) => step.takesOpenNotebooks === true || state === "executed",
      );
      log(`[${index + 1}/${steps.length}] ${step.name}: ${step.about}`);
      if (chapters.length === 0) {
        log("  left out: no notebook has outputs");
        rows.push({ step: step.name, note: "left out: no outputs" });
        continue;
      }
      const started = performance.now();
      try {
        staging.record(made);
        const files = await step.run({
          chapters: chapters.map(withoutState),
          out: staging.stage,
          log: (line) => log(`  ${line}`),
          signal,
        });
        throwIfStopped(signal);
        made.push({
          step: step.name,
          files,
          chapters: chapters.map(({ name, kind, title }) => ({
            name,
            kind,
            title,
          })),
        });
      } catch (error) {
        throwIfStopped(signal);
        staging.discard(made);
        log(`  ${step.name} failed. ${(error as Error).message}`);
        rows.push({ step: step.name, note: "failed" });
        continue;
      }
      const took = performance.now() - started;
      const sizes = sizesOf(staging.stage, made.at(-1)!.files);
      log(`  done in ${seconds(took)}`);
      rows.push({
        step: step.name,
        places: placesOf(made.at(-1)!.files),
        files: sizes.length,
        bytes: sizes.reduce((sum, size) => sum + size, 0),
        milliseconds: took,
      });
    }
    const all = staging.record(made);
    const failed = rows.some(({ note }) => note === "failed");
    if (made.length === 0) {
      staging.remove();
      log("\nNothing was made, and nothing was changed.");
      return false;
    }
    staging.commit(made, indexPage(all, filesIn(staging.stage)));
    log(`\n${summaryTable(rows, staging.folder)}`);
    return !failed;
  } finally {
    staging.remove();
  }
}

/** Returns the steps to run, in their own order. */
function chosenSteps(
  only: readonly string[],
  steps: readonly HandoutStep[],
): readonly HandoutStep[] {
  const names = steps.map(({ name }) => name as string);
  const unknown = only.filter((name) => !names.includes(name));
  if (unknown.length > 0) {
    throw coded(
      "ERR_UNKNOWN_NAME",
      new RangeError(
        `Expected --only to name steps (${names.join(", ")}), received ${unknown.join(", ")}.`,
      ),
    );
  }
  return only.length === 0
    ? steps
    : steps.filter(({ name }) => only.includes(name));
}

/**
 * Returns the chapters with copies of their notebooks, in which every figure has its image. All
 * steps need them, and a browser draws them once.
 */
async function withImages(
  chapters: readonly FoundChapter[],
  steps: readonly HandoutStep[],
  stage: string,
  { log, signal }: HandoutOptions,
): Promise<FoundChapter[]> {
  const folder = path.join(stage, ".notebooks");
  mkdirSync(folder);
  const copies = chapters.map((chapter) => {
    const file = path.join(folder, `${chapter.name}.ipynb`);
    copyFileSync(chapter.file, file);
    return { ...chapter, file };
  });
  const withFigures = copies.filter(({ file }) =>
    readFileSync(file, "utf8").includes(plotlyType),
  );
  if (withFigures.length === 0 || !steps.some(({ name }) => name !== "zip"))
    return copies;
  log("Drawing the images of the figures, once for all steps");
  let before = performance.now();
  const remarks = await runPython(
    "scripts/handouts/draw_images.py",
    withFigures.map(({ file }) => file),
    {
      signal,
      onLine: (name) => {
        const now = performance.now();
        log(`  ${name}  ${seconds(now - before)}`);
        before = now;
      },
    },
  );
  if (remarks !== "") log(`  ${remarks}`);
  return copies;
}

function withoutState({ name, file, kind, title }: FoundChapter): Chapter {
  return { name, file, kind, title };
}

/** The sizes of files, and of all files in folders, in bytes. */
function sizesOf(stage: string, files: readonly string[]): number[] {
  return files.flatMap((file) => {
    const place = path.join(stage, file);
    if (!statSync(place).isDirectory()) return [statSync(place).size];
    return filesIn(place).map((name) => statSync(path.join(place, name)).size);
  });
}

/** The files and folders directly in the folder of handouts, folders with "/". */
function placesOf(files: readonly string[]): string[] {
  const places = files.map((file) =>
    file.includes("/") ? `${file.split("/")[0]}/` : file,
  );
  return [...new Set(places)];
}
