/**
 * Small tables as text and HTML, for summaries, training histories and results.
 */
import {
  escapeHtml,
  jupyterDisplay,
  type Displayable,
  type MimeBundle,
} from "./mime";
import { count } from "./quantity";

/** A cell's value. `null` is shown as a dash. */
export type TableValue = string | number | null;

/** Text around a table. */
export interface TableOptions {
  /** A line above the table. */
  readonly title?: string;
  /** Lines below the table. */
  readonly notes?: readonly string[];
}

/**
 * A table with a header, with numeric columns aligned right.
 *
 * Integers are formatted with thousands separators, other numbers with four decimals.
 */
export class Table implements Displayable {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly TableValue[])[];
  readonly title: string | undefined;
  readonly notes: readonly string[];

  /** Throws a RangeError if a row's number of cells differs from the number of columns. */
  constructor(
    columns: readonly string[],
    rows: readonly (readonly TableValue[])[],
    options: TableOptions = {},
  ) {
    rows.forEach((row, index) => {
      if (row.length !== columns.length) {
        throw new RangeError(
          `Expected row ${index} to have ${columns.length} cells (${columns.join(", ")}), received ${row.length}`,
        );
      }
    });
    this.columns = columns;
    this.rows = rows;
    this.title = options.title;
    this.notes = options.notes ?? [];
  }

  /** Returns the table as text, without trailing spaces. */
  toString(): string {
    const cells = this.rows.map((row) => row.map(cellText));
    const widths = this.columns.map((column, index) =>
      Math.max(column.length, ...cells.map((row) => row[index]!.length)),
    );
    const right = this.columns.map((_, index) => this.isNumeric(index));
    const line = (row: readonly string[]) =>
      row
        .map((text, index) =>
          right[index]
            ? text.padStart(widths[index]!)
            : text.padEnd(widths[index]!),
        )
        .join("  ")
        .trimEnd();
    return [
      ...(this.title === undefined ? [] : [this.title]),
      line(this.columns),
      widths.map((width) => "─".repeat(width)).join("  "),
      ...cells.map(line),
      ...this.notes,
    ].join("\n");
  }

  [jupyterDisplay](): MimeBundle {
    return { "text/plain": this.toString(), "text/html": this.toHtml() };
  }

  /** Returns the table as HTML, with all text escaped. */
  toHtml(): string {
    const cell = (tag: "th" | "td", text: string, index: number) => {
      const side = this.isNumeric(index) ? "right" : "left";
      return `<${tag} style="text-align: ${side}">${escapeHtml(text)}</${tag}>`;
    };
    const row = (tag: "th" | "td", texts: readonly string[]) =>
      `<tr>${texts.map((text, index) => cell(tag, text, index)).join("")}</tr>`;
    const title =
      this.title === undefined
        ? ""
        : `<div><strong>${escapeHtml(this.title)}</strong></div>`;
    const notes = this.notes.map((note) => `<div>${escapeHtml(note)}</div>`);
    return [
      `<div class="convnotes-table">${title}<table>`,
      `<thead>${row("th", this.columns)}</thead>`,
      `<tbody>${this.rows.map((values) => row("td", values.map(cellText))).join("\n")}</tbody>`,
      `</table>${notes.join("")}</div>`,
    ].join("\n");
  }

  /** Whether a column contains only numbers and gaps, and at least one number. */
  private isNumeric(column: number): boolean {
    const values = this.rows.map((row) => row[column] ?? null);
    return (
      values.some((value) => value !== null) &&
      values.every((value) => value === null || typeof value === "number")
    );
  }
}

/**
 * Creates a {@link Table}, to show as a cell's last value.
 *
 * `columns` are the header's names, `rows` the cells, row by row.
 */
export function table(
  columns: readonly string[],
  rows: readonly (readonly TableValue[])[],
  options: TableOptions = {},
): Table {
  return new Table(columns, rows, options);
}

function cellText(value: TableValue): string {
  if (value === null) return "–";
  if (typeof value === "string") return value;
  if (!Number.isFinite(value)) return String(value);
  return Number.isInteger(value) ? count(value) : value.toFixed(4);
}
