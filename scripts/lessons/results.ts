/**
 * Reads results from executed notebooks, stores them as JSON and formats them as a table.
 */
import {
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { dirname } from "node:path";
import {
  checkResultRow,
  resultMimeType,
  type ResultRow,
} from "../../src/course/result-row";
import { coded } from "../../src/notebook/coded-error";
import { newDraft } from "../../src/notebook/draft";
import { count } from "../../src/notebook/quantity";
import { table } from "../../src/notebook/table";
import { sourceRuns, type SourceRun } from "./source-runs";

/** The part of an executed notebook (nbformat 4) that is read here. */
interface ExecutedNotebook {
  readonly cells: readonly {
    readonly outputs?: readonly {
      readonly data?: Readonly<Record<string, unknown>>;
    }[];
  }[];
}

/**
 * Returns the result rows that the cells of an executed notebook show, in order.
 *
 * Throws a TypeError if there are none, if a row breaks the rules of {@link checkResultRow}, or if
 * a row's lesson or mode differs from `expected`.
 */
export function resultRows(
  notebook: string,
  expected: Pick<ResultRow, "lesson" | "mode">,
): ResultRow[] {
  const { cells } = JSON.parse(
    readFileSync(notebook, "utf8"),
  ) as ExecutedNotebook;
  const rows = cells
    .flatMap((cell) => cell.outputs ?? [])
    .flatMap(({ data = {} }) =>
      Object.hasOwn(data, resultMimeType) ? [data[resultMimeType]] : [],
    )
    .map(checkResultRow);
  if (rows.length === 0) {
    throw coded(
      "ERR_FILE_FORMAT",
      new TypeError(
        `Expected ${notebook} to report at least one result, received none`,
      ),
    );
  }
  for (const row of rows) {
    if (row.lesson !== expected.lesson || row.mode !== expected.mode) {
      throw coded(
        "ERR_FILE_FORMAT",
        new TypeError(
          `Expected the results in ${notebook} to be of lesson ${expected.lesson} in ${expected.mode} mode, ` +
            `received lesson ${row.lesson} in ${row.mode} mode`,
        ),
      );
    }
  }
  return rows;
}

/** Writes the rows as JSON. The file is replaced atomically. */
export function writeResults(path: string, rows: readonly ResultRow[]): void {
  mkdirSync(dirname(path), { recursive: true });
  const part = newDraft(path);
  try {
    writeFileSync(part, `${JSON.stringify(rows, null, 2)}\n`);
    renameSync(part, path);
  } finally {
    rmSync(part, { force: true });
  }
}

/** Difference in accuracy above which the lesson must explain the difference. */
const noticeable = 0.03;

/**
 * Returns the source's run that a row reproduces, found by the source's results in the row;
 * undefined if there is none.
 */
export function sourceRunOf(row: ResultRow): SourceRun | undefined {
  return sourceRuns.find(
    (run) =>
      run.lesson === row.lesson &&
      run.loss === row.sourceLoss &&
      run.accuracy === row.sourceAccuracy,
  );
}

/**
 * Formats the rows as a text table: the results of this run beside those of the lesson's source.
 * The difference is shown if both can be compared, that is in a full run on the source's data set.
 */
export function resultsTable(rows: readonly ResultRow[]): string {
  const times = aligned(rows.map((row) => row.secondsPerEpoch));
  const sourceTimes = aligned(
    rows.map((row) => sourceRunOf(row)?.secondsPerEpoch ?? null),
  );
  return table(
    [
      ...["lesson", "model", "parameters", "epochs"],
      ...["loss", "source's", "difference"],
      ...["accuracy", "source's", "difference"],
      ...["per epoch", "source's", "images"],
    ],
    rows.map((row, index) => [
      row.lesson,
      row.model,
      row.parameters,
      row.epochs,
      fourDigits(row.testLoss),
      fourDigits(row.sourceLoss),
      difference(row, row.testLoss, row.sourceLoss),
      fourDigits(row.testAccuracy),
      fourDigits(row.sourceAccuracy),
      difference(row, row.testAccuracy, row.sourceAccuracy),
      times[index]!,
      sourceTimes[index]!,
      row.provenance,
    ]),
  ).toString();
}

/** Formats times in seconds, aligned at the decimal point. */
function aligned(times: readonly (number | null)[]): (string | null)[] {
  const written = times.map((time) =>
    time === null ? null : `${time.toFixed(1)} s`,
  );
  const width = Math.max(...written.map((time) => time?.length ?? 0));
  return written.map((time) => time?.padStart(width) ?? null);
}

/** Formats a difference as "+0.0070"; null if the row cannot be compared with its source. */
function difference(
  row: ResultRow,
  here: number,
  source: number | null,
): string | null {
  if (source === null || !isComparable(row)) return null;
  const value = here - source;
  return `${value < 0 ? "−" : "+"}${Math.abs(value).toFixed(4)}`;
}

function isComparable({ mode, provenance }: ResultRow): boolean {
  return mode === "full" && provenance !== "synthetic";
}

/**
 * Formats a value with four digits, also a whole number: a loss of exactly 1 is a measurement, not
 * a count.
 */
function fourDigits(value: number | null): string | null {
  return value === null ? null : value.toFixed(4);
}

/** Notes needed to compare the rows with their source, one sentence each. */
interface ResultNotes {
  /** Lines to be shown prominently: results on images that are not the data set's. Mostly empty. */
  readonly warning: readonly string[];
  readonly remarks: readonly string[];
}

/** Describes on which images, and on how many, the rows were computed. */
export function resultNotes(rows: readonly ResultRow[]): ResultNotes {
  const of = (provenance: ResultRow["provenance"]) => {
    const others = rows.filter((row) => row.provenance !== provenance);
    return lessonList(
      rows.filter((row) => row.provenance === provenance),
      new Set(others.map(({ lesson }) => lesson)),
    );
  };
  const synthetic = of("synthetic");
  const unverified = of("unverified");
  const original = of("original");
  const quick = rows.filter((row) => row.mode === "quick");
  const apart = rows.filter(
    (row) =>
      isComparable(row) &&
      row.sourceAccuracy !== null &&
      // The values have four digits, so a difference in the seventh must not count.
      Math.abs(row.testAccuracy - row.sourceAccuracy) > noticeable + 1e-6,
  );
  return {
    warning:
      synthetic === undefined
        ? []
        : [
            `SYNTHETIC IMAGES: ${synthetic} ran on synthetic images drawn by code, not on the source's data set.`,
            "The results cannot be compared with the source's. To use the real images, name their folder:",
            "CONVNOTES_DATA=folder npm start",
          ],
    remarks: [
      unverified &&
        `Unverified images: ${unverified} ran on files that were not checked against the publisher's.`,
      original && `Original images: ${original} ran on the publisher's files.`,
      quick.length > 0 &&
        `Quick mode: ${lessonList(quick)} trained on ${sampleRange(quick)} images; the source's results are of a ` +
          "full run (--mode full).",
      apart.length > 0 &&
        `More than ${noticeable} from the source's accuracy: ` +
          `${apart.map(({ lesson, model }) => `lesson ${lesson}, ${model}`).join("; ")}. The lesson explains why.`,
    ].filter((remark): remark is string => typeof remark === "string"),
  };
}

/** Lists the rows' lessons: "lesson 1", "lessons 1 and 3 (in part)"; undefined for no rows. */
function lessonList(
  rows: readonly ResultRow[],
  inPart: ReadonlySet<number> = new Set(),
): string | undefined {
  const numbers = [...new Set(rows.map((row) => row.lesson))].map((number) =>
    inPart.has(number) ? `${number} (in part)` : String(number),
  );
  if (numbers.length === 0) return undefined;
  if (numbers.length === 1) return `lesson ${numbers[0]}`;
  return `lessons ${numbers.slice(0, -1).join(", ")} and ${numbers.at(-1)}`;
}

function sampleRange(rows: readonly ResultRow[]): string {
  const samples = rows.map((row) => row.trainSamples);
  const least = count(Math.min(...samples));
  const most = count(Math.max(...samples));
  return least === most ? least : `${least} to ${most}`;
}
