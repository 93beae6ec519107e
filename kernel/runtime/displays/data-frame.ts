/**
 * Displays danfo.js DataFrames and Series as tables.
 *
 * They are recognized by their documented properties: ndim, dtypes, columns, index and values. The
 * number of rows and columns shown is limited as in pandas.
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

/** How many rows or columns are shown at either end if there are more than twice as many. */
const EDGE = 10;

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
  return { "text/html": tableHtml(table), "text/plain": tableText(table) };
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
