/**
 * Plots of small matrices side by side, as numbers or in shades of gray.
 */
import { checkPositive } from "../check";
import type { Data } from "plotly.js";
import { warnOfFormerName } from "../notebook/former-names";
import { coded } from "../notebook/coded-error";
import type { FigureSource } from "./caption";
import { figure, type Figure } from "./figure";
import {
  brightness,
  cell as numberCell,
  cellFor,
  gap,
  gridLayout,
  gridText,
  nameWidth,
  background,
  checkFinite,
  numberGrid,
  sign,
  sizeOf,
  label,
  type Matrix,
} from "./number-grid";

/** Options of {@link mapRow}. */
export interface MapRowOptions {
  /**
   * The data set that the maps were computed from; `null` by default, for maps without a data set.
   */
  readonly dataset?: FigureSource | null;
  /**
   * Whether to write the number in each cell instead of drawing shades of gray; true by default.
   */
  readonly numbers?: boolean;
  /** Cell size in pixels; by default 36 with numbers, more for long ones, and 12
   * without. */
  readonly cellSize?: number;
  /** @deprecated Use `cellSize`. */
  readonly pixel?: number;
}

/** Cell size without numbers, in pixels. */
const grayCell = 12;

/** Height of a name, in pixels. */
const nameHeight = 24;

/**
 * Draws matrices side by side, vertically centered, each with its name above.
 *
 * With numbers, cells are tinted like in the other figures: by sign if a map has negative numbers,
 * otherwise by brightness. Without numbers, each map's smallest value is black and its largest is
 * white; a constant map is black.
 *
 * @param maps Matrices (height, width) by name.
 * @throws {RangeError} If there are no maps or the rows of a map differ in length (ERR_SHAPE), if a
 *   number is not finite (ERR_NOT_FINITE), or if `cellSize` is not positive (ERR_INVALID_VALUE).
 */
export function mapRow(
  maps: Readonly<Record<string, Matrix>>,
  options: MapRowOptions = {},
): Figure {
  const { dataset = null, numbers = true } = options;
  const cellSize =
    options.cellSize ??
    formerCellSize(options) ??
    (numbers ? cellFor(Object.values(maps)) : grayCell);
  checkPositive("cellSize", cellSize);
  const grids = Object.entries(maps).map(([name, values]) => {
    const [rows, columns] = sizeOf(values, name);
    checkFinite(values, name);
    // A name may be wider than the map below it.
    const width = Math.max(columns, nameWidth(name, cellSize));
    return { name, values, rows, columns, width };
  });
  if (grids.length === 0) {
    throw coded(
      "ERR_SHAPE",
      new RangeError("Expected `maps` to hold at least one map, received none"),
    );
  }
  const height = Math.max(...grids.map(({ rows }) => rows));
  const space = (gap * numberCell) / (numbers ? 1 : 2) / cellSize;
  const nameRows = nameHeight / cellSize;
  let left = 0;
  const placed = grids.map((grid) => {
    const middle = left + grid.width / 2;
    left += grid.width + space;
    const top = (height - grid.rows) / 2;
    return { ...grid, middle, left: middle - grid.columns / 2, top };
  });
  const width = left - space;
  return figure(
    placed.map(({ values, left, top }) =>
      numbers
        ? numberGrid(values, left, top, isSigned(values) ? sign : brightness)
        : grayMap(values, left, top),
    ),
    {
      ...gridLayout(width, height, nameRows, cellSize),
      annotations: placed.map(({ name, middle, top }) =>
        label(name, middle, top - nameRows / 2, 13),
      ),
      shapes: numbers
        ? placed.map((grid) => background(grid, grid.values))
        : [],
    },
    {
      dataset,
      interactive: false,
      text: placed
        .map(({ name, values, rows, columns }) =>
          numbers ? gridText(name, values) : `${name}: ${rows} × ${columns}`,
        )
        .join("\n"),
    },
  );
}

/** Draws a map in shades of gray on its own scale. */
function grayMap(values: Matrix, left: number, top: number): Data {
  const all = values.flat();
  const smallest = Math.min(...all);
  return {
    type: "heatmap",
    x: values[0]!.map((_, column) => left + column + 0.5),
    y: values.map((_, row) => top + row + 0.5),
    z: values.map((row) => [...row]),
    colorscale: [
      [0, "#000000"],
      [1, "#FFFFFF"],
    ],
    zmin: smallest,
    // For an empty range Plotly would choose another scale.
    zmax: Math.max(...all) === smallest ? smallest + 1 : Math.max(...all),
    showscale: false,
    hoverinfo: "skip",
  };
}

function formerCellSize({ pixel }: MapRowOptions): number | undefined {
  if (pixel !== undefined) warnOfFormerName("MapRowOptions.pixel", "cellSize");
  return pixel;
}

function isSigned(values: Matrix): boolean {
  return values.flat().some((value) => value < 0);
}
