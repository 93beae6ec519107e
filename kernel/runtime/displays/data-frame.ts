/**
 * Displays danfo.js DataFrames and Series as tables.
 *
 * They are recognized by their documented properties: ndim, dtypes, columns, index and values. The
 * number of rows and columns shown is limited as in pandas. In a page that runs scripts, the rows
 * can be sorted by each column, and further rows are shown page by page.
 */
import type { MimeBundle } from "@convnotes/notebook/mime";
import { quantity } from "@convnotes/notebook/quantity";
import { singleLine } from "@convnotes/notebook/scalar-text";
import {
  type TableContent,
  tableHtml,
  tableText,
} from "@convnotes/notebook/table-format";
import { cellText } from "./cell-text";
import { ascending, pagesScript } from "./table-pages";

/** How many rows or columns are shown at either end if there are more than twice as many. */
const EDGE = 10;

/** How many rows and cells a page can sort; further rows are left out. */
const MOST_ROWS = 1_000;
const MOST_CELLS = 20_000;

const ELLIPSIS = "…";

/** The properties of a DataFrame or Series that its display needs. */
interface Frame {
  readonly isSeries: boolean;
  readonly columns: readonly unknown[];
  readonly index: readonly unknown[];
  /** Rows of a DataFrame, values of a Series. */
  readonly values: readonly unknown[];
  readonly dtypes: readonly unknown[];
}

/** Returns the MIME bundle of a danfo.js DataFrame or Series, or undefined for other values. */
export function dataFrameBundle(value: object): MimeBundle | undefined {
  const frame = readFrame(value);
  if (frame === undefined) return undefined;
  const table = frame.isSeries ? seriesTable(frame) : frameTable(frame);
  const html = tableHtml(table);
  const script = frame.index.length > 1 ? sortScript(frame) : "";
  return { "text/html": html + script, "text/plain": tableText(table) };
}

/** Returns the script that sorts and pages the columns that the table shows. */
function sortScript({ isSeries, columns, index, values }: Frame): string {
  const shown = isSeries ? [0] : edges(columns.length);
  const most = Math.floor(MOST_CELLS / (shown.length + 1));
  const rows = values.slice(0, Math.min(MOST_ROWS, most));
  const columnValues = shown.map((column) =>
    rows.map((row) => {
      if (column === null) return ELLIPSIS;
      return isSeries ? row : (row as readonly unknown[])[column];
    }),
  );
  const all = [index.slice(0, rows.length), ...columnValues];
  return pagesScript({
    cells: rows.map((_, row) =>
      all.map((column, at) =>
        shown[at - 1] === null ? ELLIPSIS : cellText(column[row]),
      ),
    ),
    orders: all.map(ascending),
    total: index.length,
  });
}

function readFrame(value: object): Frame | undefined {
  // The rarest name first: reading a property may run a getter, and no getter of other values
  // should run.
  const dimensions = propertyOf(value, "ndim");
  if (dimensions !== 1 && dimensions !== 2) return undefined;
  const isSeries = dimensions === 1;
  const dtypes = propertyOf(value, "dtypes");
  const columns = propertyOf(value, "columns");
  const index = propertyOf(value, "index");
  const values = propertyOf(value, "values");
  return Array.isArray(dtypes) &&
    Array.isArray(columns) &&
    Array.isArray(index) &&
    Array.isArray(values) &&
    index.length === values.length &&
    (isSeries || values.every(Array.isArray))
    ? { isSeries, columns, index, values, dtypes }
    : undefined;
}

/**
 * Returns a property as the class defines it. A frame also has a property for each column, and a
 * column named "values" or "index" would shadow the property of the class.
 */
function propertyOf(value: object, name: string): unknown {
  const prototype = Object.getPrototypeOf(value) as object | null;
  const inherited: unknown =
    prototype === null ? undefined : Reflect.get(prototype, name, value);
  return inherited ?? (Reflect.get(value, name) as unknown);
}

function frameTable({ columns, index, values }: Frame): TableContent {
  const rowsShown = edges(index.length);
  const columnsShown = edges(columns.length);
  const cell = (row: number | null, column: number | null): unknown =>
    row === null || column === null
      ? undefined
      : (values[row] as readonly unknown[])[column];
  const heading = (column: number | null) =>
    column === null ? ELLIPSIS : singleLine(String(columns[column]));
  return {
    columns: [
      { title: "", isNumeric: false, isHeading: true },
      ...columnsShown.map((column) => ({
        title: heading(column),
        isNumeric: isNumeric(rowsShown.map((row) => cell(row, column))),
      })),
    ],
    rows: rowsShown.map((row) => [
      row === null ? ELLIPSIS : cellText(index[row]),
      ...columnsShown.map((column) =>
        row === null || column === null
          ? ELLIPSIS
          : cellText(cell(row, column)),
      ),
    ]),
    notes: [
      `${quantity(index.length, "row")} × ${quantity(columns.length, "column")}`,
    ],
  };
}

function seriesTable({ columns, index, values, dtypes }: Frame): TableContent {
  const name: unknown = columns[0] ?? "";
  const shown = edges(index.length);
  return {
    columns: [
      { title: "", isNumeric: false, isHeading: true },
      {
        title: singleLine(String(name)),
        isNumeric: isNumeric(
          shown.map((row) => (row === null ? undefined : values[row])),
        ),
      },
    ],
    rows: shown.map((row) =>
      row === null
        ? [ELLIPSIS, ELLIPSIS]
        : [cellText(index[row]), cellText(values[row])],
    ),
    notes: [
      [quantity(index.length, "value"), ...dtypes.slice(0, 1).map(String)]
        .map(singleLine)
        .join(", "),
    ],
  };
}

/** Returns the indices of the rows or columns that are shown; null stands for the omitted ones. */
function edges(length: number): (number | null)[] {
  const range = (from: number, to: number) =>
    Array.from({ length: to - from }, (_, index) => from + index);
  return length <= 2 * EDGE
    ? range(0, length)
    : [...range(0, EDGE), null, ...range(length - EDGE, length)];
}

/** Returns whether a column has cells and all of them are numbers, ignoring missing ones. */
function isNumeric(cells: readonly unknown[]): boolean {
  const present = cells.filter((cell) => cell !== undefined && cell !== null);
  return (
    present.length > 0 && present.every((cell) => typeof cell === "number")
  );
}
