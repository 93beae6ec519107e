/**
 * Runs the lessons: the main task of `npm start`, after setup.
 */
import { join, relative, resolve } from "node:path";
import type { ResultRow } from "../../src/course/result-row";
import { clock } from "../../src/notebook/clock";
import { executeNotebook, type Execution, type LessonError } from "./execution";
import { ProgressLine } from "./progress-line";
import { resultNotes, resultRows, resultsTable, writeResults } from "./results";

/** Options of {@link runLessons}. */
export interface RunOptions {
  /** The project's root folder. */
  readonly root: string;
  readonly lessons: readonly number[];
  readonly mode: "quick" | "full";
}

/**
 * Runs lessons one after another and prints their results.
 *
 * A lesson that fails does not stop the next one. Returns the exit code: 0 if all succeeded, 1 if
 * one failed, 130 if a signal stopped the run; in that case out/results.json is not changed.
 */
export async function runLessons(options: RunOptions): Promise<number> {
  const { root, lessons, mode } = options;
  const out = join(root, "out");
  const stopper = new AbortController();
  const stop = () => stopper.abort();
  const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
  for (const name of signals) process.on(name, stop);
  const rows: ResultRow[] = [];
  const locations: string[] = [];
  const imageRemarks = new Set<string>();
  let failures = 0;
  try {
    for (const lesson of lessons) {
      const source = join(root, "notebooks", `lesson-${lesson}.ipynb`);
      const line = new ProgressLine(`Lesson ${lesson} (${mode})`);
      let execution: Execution;
      try {
        execution = await executeNotebook({
          root,
          notebook: source,
          out,
          mode,
          environment: { CONVNOTES_DATA: dataFolder() },
          signal: stopper.signal,
          onEvent: (event) => line.handle(event),
        });
        if (execution.kind === "finished") {
          rows.push(...resultRows(execution.notebook, { lesson, mode }));
        }
      } catch (error) {
        line.close();
        failures += 1;
        console.error(`Lesson ${lesson} failed. ${(error as Error).message}`);
        continue;
      }
      line.close();
      if (execution.kind === "stopped") {
        console.error(
          `Stopped while lesson ${lesson} ran. Its results were discarded, and out/results.json is unchanged.`,
        );
        return 130;
      }
      if (execution.kind === "failed") {
        failures += 1;
        console.error(describeError(lesson, execution.error, root));
        continue;
      }
      if (execution.remark !== null) imageRemarks.add(execution.remark);
      locations.push(
        `Lesson ${lesson} took ${clock(execution.seconds)}: notebook ${relative(root, execution.notebook)}, ` +
          `page ${relative(root, execution.page)}`,
      );
    }
  } finally {
    for (const name of signals) process.off(name, stop);
  }
  if (rows.length > 0) printResults(rows, [...locations, ...imageRemarks]);
  try {
    writeResults(join(out, "results.json"), rows);
    console.log("The table as JSON, of this run only: out/results.json");
  } catch (error) {
    failures += 1;
    console.error(
      `out/results.json could not be written: ${(error as Error).message}`,
    );
  }
  return failures > 0 ? 1 : 0;
}

/**
 * Returns CONVNOTES_DATA as an absolute path, since cells run in another folder than the user's.
 */
function dataFolder(): string | undefined {
  const named = process.env["CONVNOTES_DATA"];
  // npm runs scripts in the project's root; INIT_CWD is the folder it was called in.
  const callersFolder = process.env["INIT_CWD"] ?? process.cwd();
  return named ? resolve(callersFolder, named) : undefined;
}

function printResults(
  rows: readonly ResultRow[],
  locations: readonly string[],
): void {
  const { warning, remarks } = resultNotes(rows);
  const lines = [
    ...warning.map(highlighted),
    "",
    resultsTable(rows),
    "",
    ...remarks,
    ...locations,
  ];
  console.log(`\n${lines.join("\n")}`);
}

/** Highlights a line: an exclamation-mark prefix, and black on yellow on a terminal. */
function highlighted(text: string): string {
  const marked = `!!! ${text}`;
  const color = process.stdout.isTTY && !process.env["NO_COLOR"];
  return color ? `\x1b[30;43m${marked}\x1b[0m` : marked;
}

function describeError(
  lesson: number,
  error: LessonError,
  root: string,
): string {
  const traceback = error.traceback.join("\n");
  const named = traceback.includes(error.ename);
  const text = [
    `Lesson ${lesson} failed in code cell ${error.index}${error.label === "" ? "" : ` (${error.label})`}:`,
    "",
    ...error.source.split("\n").map((line) => `    ${line}`),
    "",
    ...(named ? [] : [`${error.ename}: ${error.evalue}`]),
    ...(traceback === "" ? [] : [traceback]),
    "",
    `The notebook up to there: ${relative(root, error.notebook)}`,
  ].join("\n");
  // eslint-disable-next-line no-control-regex -- the escape sequences that color a traceback begin with one
  return process.stderr.isTTY ? text : text.replace(/\x1b\[[0-9;]*m/g, "");
}
