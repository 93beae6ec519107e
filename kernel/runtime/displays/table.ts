/**
 * Formats tables as text and as HTML, for model summaries and data frames.
 */
import { escapeHtml } from "./html";

/** A column of a table. */
interface TableColumn {
  readonly title: string;
  /** Whether its cells are right-aligned. */
  readonly isNumeric: boolean;
  /** Whether its cells are row headings. */
  readonly isHeading?: boolean;
}

/** A table with a title and notes. */
export interface Table {
  /** A line above the table. */
  readonly title?: string;
  readonly columns: readonly TableColumn[];
  /** The texts of the cells, row by row, one for each column. */
  readonly rows: readonly (readonly string[])[];
  /** Lines below the table. */
  readonly notes: readonly string[];
}

/** Formats a table as text without trailing blanks. */
export function tableText({ title, columns, rows, notes }: Table): string {
  const titles = columns.map((column) => column.title);
  const widths = columns.map((_, index) =>
    [titles, ...rows].reduce(
      (width, row) => Math.max(width, characters(row[index] ?? "")),
      0,
    ),
  );
  const line = (row: readonly string[]) =>
    row
      .map((text, index) => {
        const blanks = " ".repeat((widths[index] ?? 0) - characters(text));
        return columns[index]?.isNumeric ? blanks + text : text + blanks;
      })
      .join("  ")
      .trimEnd();
  return [
    ...(title === undefined ? [] : [title]),
    line(titles),
    line(widths.map((width) => "─".repeat(width))),
    ...rows.map(line),
    ...notes,
  ].join("\n");
}

/**
 * Formats a table as HTML with escaped text. Alignment is an inline style, because JupyterLab's
 * sanitizer removes stylesheets.
 */
export function tableHtml({ title, columns, rows, notes }: Table): string {
  const line = (text: string) => `<div>${escapeHtml(text)}</div>`;
  const cell = (tag: "th" | "td", text: string, column: TableColumn) =>
    `<${tag} style="text-align: ${column.isNumeric ? "right" : "left"}">${escapeHtml(text)}</${tag}>`;
  const header = columns.map((column) => cell("th", column.title, column));
  const body = rows.map(
    (row) =>
      `<tr>${columns
        .map((column, index) =>
          cell(column.isHeading ? "th" : "td", row[index] ?? "", column),
        )
        .join("")}</tr>`,
  );
  return [
    `<div>${title === undefined ? "" : `<strong>${escapeHtml(title)}</strong>`}`,
    `<table><thead><tr>${header.join("")}</tr></thead>`,
    `<tbody>${body.join("\n")}</tbody></table>`,
    ...notes.map(line),
    "</div>",
  ].join("\n");
}

/** Returns the number of code points of a text. */
function characters(text: string): number {
  return [...text].length;
}
