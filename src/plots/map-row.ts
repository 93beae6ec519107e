/**
 * Small matrices beside each other, as numbers or as shades of grey: a picture and what was made of it.
 */
import type { Data } from "plotly.js";
import type { FigureSource } from "./caption";
import { figure, type Figure } from "./figure";
import {
  brightness,
  cell as numberCell,
  gap,
  gridText,
  ground,
  numberGrid,
  sign,
  sizeOf,
  word,
  type Matrix,
} from "./number-grid";
import { hiddenAxis } from "./theme";

/** What {@link mapRow} can be told. */
export interface MapRowOptions {
  /** The data set the maps were computed from; `null` unless told: numbers that are no data set's. */
  readonly dataset?: FigureSource | null;
  /** Whether every number is written in its cell; if not, cells are shades of grey. True unless told. */
  readonly numbers?: boolean;
  /** Side of a cell, in pixels; 36 with numbers and 12 without, unless told. */
  readonly pixel?: number;
}

/** Side of a cell without a number, in pixels. */
const greyCell = 12;

/** Height a name takes, and width of a letter of it, in pixels. */
const nameHeight = 24;
const letterWidth = 7;

/**
 * Matrices beside each other, each under its name, their middles on one line.
 *
 * With numbers, cells are tinted as the other figures of this kind are: by sign where there are numbers below 0, by brightness
 * otherwise. Without, the smallest number of each map is black and its largest white; a map that is the same everywhere is black.
 *
 * @param maps Each a matrix (height, width) under its name.
 * @throws {RangeError} If there is no map, if the rows of one are of unequal length, if a number is not finite, or if `pixel` is not
 *   above 0.
 */
export function mapRow(
  maps: Readonly<Record<string, Matrix>>,
  options: MapRowOptions = {},
): Figure {
  const { dataset = null, numbers = true } = options;
  const pixel = options.pixel ?? (numbers ? numberCell : greyCell);
  if (!(pixel > 0 && pixel < Infinity)) {
    throw new RangeError(
      `Expected \`pixel\` to be a number above 0, received ${pixel}`,
    );
  }
  const grids = Object.entries(maps).map(([name, values]) => {
    const [rows, columns] = sizeOf(values, name);
    checkFinite(values, name);
    // A name may be wider than the map below it.
    const width = Math.max(columns, (name.length * letterWidth) / pixel);
    return { name, values, rows, columns, width };
  });
  if (grids.length === 0) {
    throw new RangeError(
      "Expected `maps` to hold at least one map, received none",
    );
  }
  const height = Math.max(...grids.map(({ rows }) => rows));
  const space = numbers ? gap : (gap * numberCell) / 2 / pixel;
  const nameRows = nameHeight / pixel;
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
        : greys(values, left, top),
    ),
    {
      width: Math.round(width * pixel) + 24,
      height: Math.round((height + nameRows) * pixel) + 24,
      margin: { l: 12, r: 12, t: 12, b: 12, pad: 0 },
      xaxis: { ...hiddenAxis(), range: [0, width] },
      yaxis: { ...hiddenAxis(), range: [height, -nameRows] },
      annotations: placed.map(({ name, middle, top }) =>
        word(name, middle, top - nameRows / 2, 13),
      ),
      shapes: numbers ? placed.map((grid) => ground(grid, grid.values)) : [],
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

/** A map in shades of grey, each map on a scale of its own. */
function greys(values: Matrix, left: number, top: number): Data {
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
    // A scale without any length would be Plotly's own choice.
    zmax: Math.max(...all) === smallest ? smallest + 1 : Math.max(...all),
    showscale: false,
    hoverinfo: "skip",
  };
}

function isSigned(values: Matrix): boolean {
  return values.flat().some((value) => value < 0);
}

function checkFinite(values: Matrix, name: string): void {
  const wrong = values.flat().find((value) => !Number.isFinite(value));
  if (wrong === undefined) return;
  throw new RangeError(
    `Expected the map "${name}" to hold finite numbers, received ${wrong}`,
  );
}
