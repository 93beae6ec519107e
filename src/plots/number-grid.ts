/**
 * Drawing of small matrices with each number in its cell.
 */
import type { Annotations, Data, Layout, Shape } from "plotly.js";
import { coded } from "../notebook/coded-error";
import { hiddenAxis } from "./theme";

/** A matrix as rows of numbers of equal length. */
export type Matrix = readonly (readonly number[])[];

/** Cell size, in pixels. */
export const cell = 36;

/** Largest size of a cell that grows with its number, in pixels. */
const largestCell = 64;

/** Widths of characters in a cell, and the space around a number, in pixels. */
const digitWidth = 8.3;
const pointWidth = 4.2;
const minusWidth = 10.9;
const padding = 8;

/** Largest number of decimals, used if fewer would round a number of a grid. */
const mostDecimals = 4;

/** Width of a character of a name, in pixels. */
const characterWidth = 7;

/** A color scale for a grid's numbers: from 0 up, or symmetric around 0. */
export interface Colors {
  readonly signed: boolean;
  readonly scale: [number, string][];
}

/** Brightness, for images: 0 is dark, the largest number of a grid is white. */
export const brightness: Colors = {
  signed: false,
  scale: [
    [0, "#A0A0A0"],
    [1, "#FFFFFF"],
  ],
};

/** Sign: the theme's blue for negative numbers and its vermilion for positive ones. */
export const sign: Colors = {
  signed: true,
  scale: [
    [0, "#8FC1E3"],
    [0.5, "#FFFFFF"],
    [1, "#F2A47E"],
  ],
};

/** Returns the sign scale if there is a negative number, otherwise the brightness scale. */
export function colorsOf(values: Matrix): Colors {
  return values.flat().some((value) => value < 0) ? sign : brightness;
}

/** Space between two grids, in cells. */
export const gap = 1.6;

/** Draws a grid's numbers with its upper left corner at `left`, `top`; all lengths are in cells. */
export function numberGrid(
  values: Matrix,
  left: number,
  top: number,
  colors: Colors,
): Data {
  // A grid of zeros still needs a non-empty range.
  const largest = Math.max(...values.flat().map(Math.abs)) || 1;
  return {
    type: "heatmap",
    // Heatmap coordinates are cell centers.
    x: values[0]!.map((_, column) => left + column + 0.5),
    y: values.map((_, row) => top + row + 0.5),
    z: values.map((row) => [...row]),
    // Plotly's own formats write negative fractions with a hyphen.
    text: numberTexts(values).map((row) =>
      row.map((text) => text.replace("-", "−")),
    ) as unknown as string[],
    texttemplate: "%{text}",
    textfont: { color: "#000000" },
    colorscale: colors.scale,
    zmin: colors.signed ? -largest : 0,
    zmax: largest,
    showscale: false,
    xgap: 2,
    ygap: 2,
    hoverinfo: "skip",
  };
}

/**
 * Returns the size of the cells, in pixels, in which every number of some grids fits without a
 * smaller font. `inset` is the width of frames in the cells, in pixels.
 */
export function cellFor(grids: readonly Matrix[], inset = 0): number {
  const widths = grids.flatMap((values) =>
    numberTexts(values).flat().map(widthOf),
  );
  const widest = Math.round(Math.max(...widths) + padding + 2 * inset);
  return Math.min(Math.max(cell, widest), largestCell);
}

function widthOf(text: string): number {
  const points = text.includes(".") ? 1 : 0;
  const signs = text.startsWith("-") ? 1 : 0;
  const digits = text.length - points - signs;
  return digits * digitWidth + points * pointWidth + signs * minusWidth;
}

/** Draws a rectangle around some cells. */
export function frame(
  corner: { readonly left: number; readonly top: number },
  rows: number,
  columns: number,
  color: string,
): Partial<Shape> {
  return {
    type: "rect",
    x0: corner.left,
    x1: corner.left + columns,
    y0: corner.top,
    y1: corner.top + rows,
    line: { color: color, width: 3 },
  };
}

/** Draws the background of a grid: gray gaps make white cells visible. */
export function background(
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

/** Space around grids, and the part of it that belongs to the plotting area, in pixels. */
const outside = 12;
const inside = 4;

/**
 * Returns the layout of grids side by side. `width` and `height` are those of all grids and `above`
 * is the space for their names, in cells of `pixel` pixels.
 */
export function gridLayout(
  width: number,
  height: number,
  above: number,
  pixel = cell,
): Partial<Layout> {
  const margin = outside - inside;
  // Plotly cuts frames at the edge of the plotting area, so it is larger than the grids.
  const edge = inside / pixel;
  return {
    width: Math.round(width * pixel) + 2 * outside,
    height: Math.round((height + above) * pixel) + 2 * outside,
    margin: { l: margin, r: margin, t: margin, b: margin, pad: 0 },
    xaxis: { ...hiddenAxis(), range: [-edge, width + edge] },
    yaxis: { ...hiddenAxis(), range: [height + edge, -above - edge] },
  };
}

/** Returns the width of a grid's name in cells; a name may be wider than its grid. */
export function nameWidth(name: string, pixel = cell): number {
  return (name.length * characterWidth) / pixel;
}

/** Draws text centered at a position. */
export function label(
  text: string,
  x: number,
  y: number,
  fontSize: number,
): Partial<Annotations> {
  return { text, x, y, showarrow: false, font: { size: fontSize } };
}

/** Formats a matrix as text, below its name. */
export function gridText(name: string, values: Matrix): string {
  const numbers = numberTexts(values);
  const longest = Math.max(...numbers.flat().map((text) => text.length));
  const width = Math.max(isWhole(values) ? 4 : 7, longest + 1);
  const rows = numbers.map((row) =>
    row.map((text) => text.padStart(width)).join(""),
  );
  return [`${name}:`, ...rows].join("\n");
}

/**
 * Returns the numbers of rows and columns of a matrix.
 *
 * Throws a RangeError that contains `name` if the matrix is empty or its rows differ in length.
 */
export function sizeOf(
  matrix: Matrix,
  name: string,
): [rows: number, columns: number] {
  const columns = matrix[0]?.length ?? 0;
  if (columns === 0 || matrix.some((row) => row.length !== columns)) {
    throw coded(
      "ERR_SHAPE",
      new RangeError(
        `Expected \`${name}\` to be rows of numbers of equal length, received lengths ${matrix.map((row) => row.length).join(", ") || "none"}`,
      ),
    );
  }
  return [matrix.length, columns];
}

/** Throws a RangeError that contains `name` if a number in the matrix is not finite. */
export function checkFinite(matrix: Matrix, name: string): void {
  const wrong = matrix.flat().find((value) => !Number.isFinite(value));
  if (wrong === undefined) return;
  throw coded(
    "ERR_NOT_FINITE",
    new RangeError(
      `Expected \`${name}\` to hold finite numbers, received ${wrong}`,
    ),
  );
}

/**
 * Formats the numbers of a grid alike: integers without decimals, others with two, or with three or
 * four if that many write all of them exactly.
 */
function numberTexts(values: Matrix): string[][] {
  const decimals = isWhole(values) ? 0 : decimalsOf(values);
  return values.map((row) =>
    row.map((value) => value.toFixed(decimals).replace(/^-(?=[0.]*$)/, "")),
  );
}

function decimalsOf(values: Matrix): number {
  for (let decimals = 2; decimals <= mostDecimals; decimals++) {
    // Numbers that TensorFlow computed have the precision of float32.
    const isExact = (value: number) =>
      Math.abs(Number(value.toFixed(decimals)) - value) <=
      Math.abs(value) * 2 ** -23;
    if (values.flat().every(isExact)) return decimals;
  }
  return 2;
}

function isWhole(values: Matrix): boolean {
  return values.flat().every(Number.isInteger);
}
