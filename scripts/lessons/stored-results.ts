/**
 * Lessons, stored results: the full runs that the repository's notebooks hold, beside every run of their sources.
 */
import { join } from "node:path";
import type { ResultRow } from "../../src/notebook/results";
import { resultNotes, resultRows, resultsTable, sourceRunOf } from "./results";
import { sourceRuns, type SourceRun } from "./source-runs";

/** What the notebooks hold, and what they do not. */
export interface StoredResults {
  /** In the order of the lessons, and in each of its cells. */
  readonly rows: readonly ResultRow[];
  /** Runs of the sources that no notebook has mirrored. */
  readonly missing: readonly SourceRun[];
}

/**
 * Reads the results of the notebooks' stored full runs.
 *
 * @param root The project's root folder.
 * @param lessons Numbers of the lessons there are.
 * @throws {TypeError} If a notebook holds no result, or one that breaks a rule.
 */
export function storedResults(
  root: string,
  lessons: readonly number[],
): StoredResults {
  const rows = lessons.flatMap((lesson) =>
    resultRows(join(root, "notebooks", `lesson-${lesson}.ipynb`), {
      lesson,
      mode: "full",
    }),
  );
  const mirrored = new Set(rows.map(sourceRunOf));
  return { rows, missing: sourceRuns.filter((run) => !mirrored.has(run)) };
}

/** The results as text: the table, what is missing, and what has to be known of them. */
export function storedResultsText({ rows, missing }: StoredResults): string {
  const { remarks } = resultNotes(rows);
  const isDrawn = rows.some(({ provenance }) => provenance === "synthetic");
  return [
    resultsTable(rows),
    "",
    ...missing.map(
      ({ lesson, model, loss, accuracy }) =>
        `Not run here: lesson ${lesson}, ${model}; the source has loss ${loss} and accuracy ${accuracy}.`,
    ),
    "Lesson 2's source trains nothing; its row is an addition.",
    ...(isDrawn
      ? [
          "Synthetic pictures: the rows so marked ran on pictures drawn by code, and are compared with no source.",
        ]
      : []),
    ...remarks,
  ].join("\n");
}
