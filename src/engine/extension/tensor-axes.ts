/**
 * Selects the entries of a tensor that are shown, along each of its axes.
 */

/** The entries that are shown along one axis. */
export interface ShownAxis {
  /** The indices of the shown entries, in order. */
  readonly indices: readonly number[];
  /** How many entries precede the ellipsis; undefined if none are omitted. */
  readonly gap: number | undefined;
}

/** Maximum number of values that are all shown. */
const MOST_VALUES = 200;

/** Maximum number of rows shown. */
const MOST_ROWS = 20;

/** How many entries are shown at either end of a long row. */
const EDGE = 3;

/** Returns the number of values of a tensor of this shape. */
export function sizeOf(shape: readonly number[]): number {
  return shape.reduce((size, length) => size * length, 1);
}

/** Selects all entries of a small tensor, otherwise the first and last ones along each axis. */
export function shownAxes(shape: readonly number[]): ShownAxis[] {
  // Without values, empty rows are not listed.
  if (sizeOf(shape) === 0) return [axis(0, EDGE)];
  if (sizeOf(shape) <= MOST_VALUES && rowsOf(shape) <= MOST_ROWS) {
    return shape.map((length) => axis(length, length));
  }
  // With more axes, fewer entries of each but the last are shown.
  for (let edge = EDGE; ; edge -= 1) {
    const axes = shape.map((length, dimension) =>
      axis(length, dimension === shape.length - 1 ? EDGE : edge),
    );
    const rows = rowsOf(axes.map(({ indices }) => indices.length));
    if (edge === 1 || rows <= MOST_ROWS) return axes;
  }
}

/** Returns the offsets of the shown values in a tensor of this shape, in display order. */
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
