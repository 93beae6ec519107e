/**
 * What pooling makes of a small picture, in numbers one can check by hand.
 */
import type { Annotations, Data, Shape } from "plotly.js";
import { tf } from "../engine/tensorflow";
import { convolve } from "./convolve";
import { figure, type Figure } from "./figure";
import {
  cell,
  checkFinite,
  coloursOf,
  frame,
  gap,
  gridText,
  ground,
  numberGrid,
  sizeOf,
  word,
  type Matrix,
} from "./number-grid";
import { hiddenAxis, palette } from "./theme";

/** What is made of the numbers in a window: their largest, their mean, or their sum. */
export type PoolingKind = "max" | "average" | "sum";

const kinds = ["max", "average", "sum"] as const;

/** How far a window's frame stays inside its cells, so that neighbours are told apart. */
const inset = 0.06;

/**
 * Pools a small picture: one number for each window of `size` by `size` cells, windows side by side.
 *
 * `input` (height, width), row by row. Output: (⌊height / size⌋, ⌊width / size⌋); what is left at the lower and right edge is
 * dropped, as a network's layer does. Throws a RangeError if the rows are of unequal length, if a number is not finite,
 * if `kind` is none of the three, or if `size` is no whole number from 1 to the input's smaller side.
 */
export function pool(input: Matrix, kind: PoolingKind, size = 2): number[][] {
  const [height, width] = sizeOf(input, "input");
  checkFinite(input, "input");
  const most = Math.min(height, width);
  if (!Number.isInteger(size) || size < 1 || size > most) {
    throw new RangeError(
      `Expected \`size\` to be a whole number from 1 to ${most}, received ${size}`,
    );
  }
  if (!kinds.includes(kind)) {
    throw new RangeError(
      `Expected \`kind\` to be "max", "average" or "sum", received ${JSON.stringify(kind)}`,
    );
  }
  if (kind === "sum") {
    // No network library has a layer that sums. A mean times the number of cells would not be exact: 105 became 104.99999.
    const ones = Array.from({ length: size }, () =>
      Array<number>(size).fill(1),
    );
    return convolve(input, ones, { stride: size });
  }
  return tf.tidy(() => {
    const picture = tf.tensor3d(input.flat(), [height, width, 1]);
    const pooled = tf.pool(
      picture,
      size,
      kind === "max" ? "max" : "avg",
      "valid",
      undefined,
      size,
    );
    return pooled.squeeze<tf.Tensor2D>([2]).arraySync();
  });
}

/**
 * A small picture and what the three kinds of {@link pool} make of it, every number written in its cell. Each window of the
 * picture has a frame in a colour of its own, and so has the number it becomes. Throws what `pool` throws.
 */
export function poolingPlot(input: Matrix, size = 2): Figure {
  const grids = [
    { name: "input", values: input as number[][], window: size },
    ...kinds.map((kind) => ({
      name: kind,
      values: pool(input, kind, size),
      window: 1,
    })),
  ];
  const height = input.length;
  const [rows, columns] = sizeOf(grids[1]!.values, "output");
  const traces: Data[] = [];
  const annotations: Partial<Annotations>[] = [];
  const grounds: Partial<Shape>[] = [];
  const windows: Partial<Shape>[] = [];
  let left = 0;
  for (const { name, values, window } of grids) {
    const corner = { left, top: (height - values.length) / 2 };
    const width = values[0]!.length;
    // A name may be wider than the grid below it: it is written without its size.
    const title = name === "input" ? `input, ${height} × ${width}` : name;
    traces.push(numberGrid(values, corner.left, corner.top, coloursOf(values)));
    annotations.push(word(title, left + width / 2, corner.top - 0.5, 13));
    grounds.push(ground(corner, values));
    for (let index = 0; index < rows * columns; index++) {
      const row = Math.floor(index / columns);
      const column = index % columns;
      windows.push(
        frame(
          {
            left: corner.left + column * window + inset,
            top: corner.top + row * window + inset,
          },
          window - 2 * inset,
          window - 2 * inset,
          palette[index % palette.length]!,
        ),
      );
    }
    left += width + gap;
  }
  const width = left - gap;
  return figure(
    traces,
    {
      width: width * cell + 24,
      height: (height + 1) * cell + 24,
      margin: { l: 12, r: 12, t: 12, b: 12, pad: 0 },
      xaxis: { ...hiddenAxis(), range: [0, width] },
      yaxis: { ...hiddenAxis(), range: [height, -1] },
      annotations,
      shapes: [...grounds, ...windows],
    },
    {
      dataset: null,
      interactive: false,
      text: grids.map(({ name, values }) => gridText(name, values)).join("\n"),
    },
  );
}
