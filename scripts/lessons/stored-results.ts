/**
 * Compares the full runs stored in the repository's notebooks with every run of their sources.
 */
import { join } from "node:path";
import type { ResultRow } from "../../src/course/result-row";
import { resultNotes, resultRows, resultsTable, sourceRunOf } from "./results";
import { sourceRuns, type SourceRun } from "./source-runs";

/** The results stored in the notebooks, and the runs that are missing. */
interface StoredResults {
  /** In the order of the lessons, and of the cells within a lesson. */
  readonly rows: readonly ResultRow[];
  /** Runs of the sources that no notebook reproduces. */
  readonly missing: readonly SourceRun[];
}

/**
 * Reads the results of the notebooks' stored full runs.
 *
 * @param root The project's root folder.
 * @param lessons Numbers of the existing lessons.
 * @throws {TypeError} If a notebook has no result, or an invalid one.
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
  const reproduced = new Set(rows.map(sourceRunOf));
  return { rows, missing: sourceRuns.filter((run) => !reproduced.has(run)) };
}

/** Formats the results as text: the table, the missing runs and the notes. */
export function storedResultsText({ rows, missing }: StoredResults): string {
  const { remarks } = resultNotes(rows);
  const isDrawn = rows.some(({ provenance }) => provenance === "synthetic");
  return [
    resultsTable(rows),
    "",
    ...missing.map(
      ({ lesson, model, loss, accuracy }) =>
        `Not run here: lesson ${lesson}, ${model}; the source reports loss ${loss} and accuracy ${accuracy}.`,
    ),
    "Lesson 2's source trains nothing; its row is an addition.",
    ...(isDrawn
      ? [
          "Synthetic images: the rows marked so ran on images drawn by code and are not compared with a source.",
        ]
      : []),
    ...remarks,
  ].join("\n");
}
