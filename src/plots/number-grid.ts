/**
 * A small matrix, every number written in its cell.
 */
import type { Annotations, Data, Shape } from "plotly.js";

/** Rows of numbers, all equally long. */
export type Matrix = readonly (readonly number[])[];

/** Side of a cell, in pixels. */
export const cell = 36;

/** Colours of a grid's numbers: from 0 up, or to both sides of 0. */
export interface Colours {
  readonly signed: boolean;
  readonly scale: [number, string][];
}

/** Light as a picture has it: 0 dark, the largest number of a grid white. */
export const brightness: Colours = {
  signed: false,
  scale: [
    [0, "#A0A0A0"],
    [1, "#FFFFFF"],
  ],
};

/** Tints of the theme's blue for what is below 0 and of its vermilion for what is above. */
export const sign: Colours = {
  signed: true,
  scale: [
    [0, "#8FC1E3"],
    [0.5, "#FFFFFF"],
    [1, "#F2A47E"],
  ],
};

/** Signed colours where there is a number below 0, brightness otherwise. */
export function coloursOf(values: Matrix): Colours {
  return values.flat().some((value) => value < 0) ? sign : brightness;
}

/** Room between two grids, in cells. */
export const gap = 1.6;

/** A grid's numbers, its upper left corner at `left`, `top`; all lengths are cells. */
export function numberGrid(
  values: Matrix,
  left: number,
  top: number,
  colours: Colours,
): Data {
  // A grid of nothing but 0 needs a scale of some length all the same.
  const largest = Math.max(...values.flat().map(Math.abs)) || 1;
  return {
    type: "heatmap",
    // A heatmap's coordinates are the middles of its cells.
    x: values[0]!.map((_, column) => left + column + 0.5),
    y: values.map((_, row) => top + row + 0.5),
    z: values.map((row) => [...row]),
    texttemplate: isWhole(values) ? "%{z}" : "%{z:.2f}",
    textfont: { color: "#000000" },
    colorscale: colours.scale,
    zmin: colours.signed ? -largest : 0,
    zmax: largest,
    showscale: false,
    xgap: 2,
    ygap: 2,
    hoverinfo: "skip",
  };
}

/** A rectangle around some cells. */
export function frame(
  corner: { readonly left: number; readonly top: number },
  rows: number,
  columns: number,
  colour: string,
): Partial<Shape> {
  return {
    type: "rect",
    x0: corner.left,
    x1: corner.left + columns,
    y0: corner.top,
    y1: corner.top + rows,
    line: { color: colour, width: 3 },
  };
}

/** What lies behind a grid: grey in the gaps between the cells makes white cells visible. */
export function ground(
  corner: { readonly left: number; readonly top: number },
  values: Matrix,
): Partial<Shape> {
  return {
    ...frame(corner, values.length, values[0]!.length, "#888888"),
    layer: "below",
    line: { color: "#888888", width: 1 },
    fillcolor: "#888888",
  };
}

/** Words among the grids, their middle at a place. */
export function word(
  text: string,
  x: number,
  y: number,
  fontSize: number,
): Partial<Annotations> {
  return { text, x, y, showarrow: false, font: { size: fontSize } };
}

/** A matrix in characters, under its name. */
export function gridText(name: string, values: Matrix): string {
  const whole = isWhole(values);
  const numbers = values.map((row) =>
    row.map((value) => (whole ? String(value) : value.toFixed(2))),
  );
  const longest = Math.max(...numbers.flat().map((text) => text.length));
  const width = Math.max(whole ? 4 : 7, longest + 1);
  const rows = numbers.map((row) =>
    row.map((text) => text.padStart(width)).join(""),
  );
  return [`${name}:`, ...rows].join("\n");
}

/**
 * Number of rows and columns of a matrix.
 *
 * Throws a RangeError, calling the matrix `name`, if it has none or if they are of unequal length.
 */
export function sizeOf(
  matrix: Matrix,
  name: string,
): [rows: number, columns: number] {
  const columns = matrix[0]?.length ?? 0;
  if (columns === 0 || matrix.some((row) => row.length !== columns)) {
    throw new RangeError(
      `Expected \`${name}\` to be rows of numbers of equal length, received lengths ${matrix.map((row) => row.length).join(", ") || "none"}`,
    );
  }
  return [matrix.length, columns];
}

/** Throws a RangeError, calling the matrix `name`, if a number of it is not finite. */
export function checkFinite(matrix: Matrix, name: string): void {
  const wrong = matrix.flat().find((value) => !Number.isFinite(value));
  if (wrong === undefined) return;
  throw new RangeError(
    `Expected \`${name}\` to hold finite numbers, received ${wrong}`,
  );
}

function isWhole(values: Matrix): boolean {
  return values.flat().every(Number.isInteger);
}
