/**
 * Small tables as text and HTML, for summaries, training histories and results.
 */
import { coded } from "./coded-error";
import { jupyterDisplay, type Displayable, type MimeBundle } from "./mime";
import { tableHtml, tableText, type TableContent } from "./table-format";
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
 * A table with a header. A column is aligned right if all its values are numbers, or texts of
 * numbers such as "78.5 %".
 *
 * Integers are formatted with thousands separators, other numbers with four decimals.
 */
export class Table implements Displayable {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly TableValue[])[];
  readonly title: string | undefined;
  readonly notes: readonly string[];

  /**
   * Throws a RangeError (ERR_SHAPE) if a row's number of cells differs from the number of columns.
   */
  constructor(
    columns: readonly string[],
    rows: readonly (readonly TableValue[])[],
    options: TableOptions = {},
  ) {
    rows.forEach((row, index) => {
      if (row.length !== columns.length) {
        throw coded(
          "ERR_SHAPE",
          new RangeError(
            `Expected row ${index} to have ${columns.length} cells (${columns.join(", ")}), received ${row.length}`,
          ),
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
    return tableText(this.content());
  }

  [jupyterDisplay](): MimeBundle {
    return { "text/plain": this.toString(), "text/html": this.toHtml() };
  }

  /** Returns the table as HTML, with all text escaped. */
  toHtml(): string {
    return tableHtml(this.content());
  }

  private content(): TableContent {
    return {
      title: this.title,
      columns: this.columns.map((title, index) => ({
        title,
        isNumeric: this.isNumeric(index),
      })),
      rows: this.rows.map((row) => row.map(cellText)),
      notes: this.notes,
    };
  }

  /** Whether a column contains only numbers and gaps, and at least one number. */
  private isNumeric(column: number): boolean {
    const values = this.rows.map((row) => row[column] ?? null);
    return (
      values.some((value) => value !== null) &&
      values.every((value) => value === null || isNumber(value))
    );
  }
}

/** A number as text, such as "1,024", "-0.5", "1e-7", "78.5 %" or "6.4 s". */
const numberText =
  /^[+−-]?(\d{1,3}(,\d{3})+|\d+)(\.\d+)?(e[+-]?\d+)?( ?%| m?s)?$/;

function isNumber(value: string | number): boolean {
  return typeof value === "number" || numberText.test(value);
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
