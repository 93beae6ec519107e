/**
 * The table at the end of a run: what was made and where.
 */
import path from "node:path";
import { megabytes, seconds } from "./export-pages";
import { shownPath } from "./shown-path";

/** A step that was run or left out. */
export interface SummaryRow {
  readonly step: string;
  /** Why there is nothing. */
  readonly note?: string;
  /** Files and folders below the folder of handouts. */
  readonly places?: readonly string[];
  readonly files?: number;
  readonly bytes?: number;
  readonly milliseconds?: number;
}

/**
 * Returns the table, and the file to open first.
 *
 * @param folder The folder of handouts.
 */
export function summaryTable(
  rows: readonly SummaryRow[],
  folder: string,
): string {
  const cells = [
    ["step", "files", "size", "time", `where in ${shownPath(folder)}`],
    ...rows.map(({ step, note, places = [], files, bytes, milliseconds }) => [
      step,
      files === undefined ? "–" : String(files),
      bytes === undefined ? "–" : megabytes(bytes),
      milliseconds === undefined ? "–" : seconds(milliseconds),
      note ?? places.join(", "),
    ]),
  ];
  const widths = cells[0]!.map((_, column) =>
    Math.max(...cells.map((row) => row[column]!.length)),
  );
  const lines = cells.map((row) =>
    row
      .map((text, column) =>
        column >= 1 && column <= 3
          ? text.padStart(widths[column]!)
          : text.padEnd(widths[column]!),
      )
      .join("  ")
      .trimEnd(),
  );
  return [
    ...lines,
    "",
    `Open this first: ${shownPath(path.join(folder, "index.html"))}`,
  ].join("\n");
}
