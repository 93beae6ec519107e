/**
 * Which entries of a tensor are shown, along each of its axes.
 */

/** What is shown along one axis. */
export interface ShownAxis {
  /** The entries shown, in order. */
  readonly indices: readonly number[];
  /** How many of them stand before the ellipsis; undefined if nothing is left out. */
  readonly gap: number | undefined;
}

/** How many values may be shown without leaving any out. */
const MOST_VALUES = 200;

/** How many rows of values may be shown. */
const MOST_ROWS = 20;

/** How many entries are shown at either end of a long row. */
const EDGE = 3;

/** How many values a tensor of this shape has. */
export function sizeOf(shape: readonly number[]): number {
  return shape.reduce((size, length) => size * length, 1);
}

/** Chooses what to show of a tensor: all of a small one, else the first and last entries along each axis. */
export function shownAxes(shape: readonly number[]): ShownAxis[] {
  // No values, however many rows of none there are.
  if (sizeOf(shape) === 0) return [axis(0, EDGE)];
  if (sizeOf(shape) <= MOST_VALUES && rowsOf(shape) <= MOST_ROWS) {
    return shape.map((length) => axis(length, length));
  }
  // The more axes there are, the less of each but the last has room.
  for (let edge = EDGE; ; edge -= 1) {
    const axes = shape.map((length, dimension) =>
      axis(length, dimension === shape.length - 1 ? EDGE : edge),
    );
    const rows = rowsOf(axes.map(({ indices }) => indices.length));
    if (edge === 1 || rows <= MOST_ROWS) return axes;
  }
}

/** Where the shown values lie among all values of a tensor of this shape, in the order of showing. */
export function shownOffsets(
  shape: readonly number[],
  axes: readonly ShownAxis[],
): number[] {
  return axes.reduce<number[]>(
    (offsets, { indices }, dimension) =>
      offsets.flatMap((offset) =>
        indices.map((index) => offset * (shape[dimension] ?? 0) + index),
      ),
    [0],
  );
}

function axis(length: number, edge: number): ShownAxis {
  if (length <= 2 * edge) {
    return { indices: range(0, length), gap: undefined };
  }
  return {
    indices: [...range(0, edge), ...range(length - edge, length)],
    gap: edge,
  };
}

function rowsOf(lengths: readonly number[]): number {
  return sizeOf(lengths.slice(0, -1));
}

function range(from: number, to: number): number[] {
  return Array.from({ length: to - from }, (_, index) => from + index);
}
