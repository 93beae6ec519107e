/**
 * Small poolings and their plots, to check by hand.
 */
import { checkOneOf } from "../check";
import type { Annotations, Data, Shape } from "plotly.js";
import { tf } from "../engine/tensorflow";
import { coded } from "../notebook/coded-error";
import { convolve } from "./convolve";
import { figure, type Figure } from "./figure";
import {
  checkFinite,
  cell,
  cellFor,
  colorsOf,
  frame,
  gap,
  gridLayout,
  gridText,
  background,
  numberGrid,
  sizeOf,
  label,
  type Matrix,
} from "./number-grid";
import { palette } from "./theme";

/** Operation on the numbers of a window: maximum, mean, or sum. */
export type PoolingKind = "max" | "average" | "sum";

const kinds = ["max", "average", "sum"] as const;

/** Width of a window's frame, in pixels. */
const frameWidth = 3;

/** Inset of a window's frame, to separate neighboring frames. */
const inset = 0.06;

/**
 * Pools a small image: one number for each window of `size` by `size` cells, without overlap.
 *
 * `input` (height, width) as a list of rows. Output (⌊height / size⌋, ⌊width / size⌋); remaining
 * cells at the lower and right edge are dropped, as in network layers. Throws a RangeError
 * (ERR_SHAPE, ERR_NOT_FINITE or ERR_INVALID_VALUE) if the rows differ in length, if a number is not
 * finite, if `kind` is unknown, or if `size` is not an integer from 1 to the input's smaller side.
 */
export function pool(input: Matrix, kind: PoolingKind, size = 2): number[][] {
  const [height, width] = sizeOf(input, "input");
  checkFinite(input, "input");
  const most = Math.min(height, width);
  if (!Number.isInteger(size) || size < 1 || size > most) {
    throw coded(
      "ERR_INVALID_VALUE",
      new RangeError(
        `Expected \`size\` to be an integer from 1 to ${most}, received ${size}`,
      ),
    );
  }
  checkOneOf("kind", kind, kinds);
  if (kind === "sum") {
    // Neural network libraries have no sum pooling. The mean times the number of cells would be
    // inexact: 105 became 104.99999.
    const ones = Array.from({ length: size }, () =>
      Array<number>(size).fill(1),
    );
    return convolve(input, ones, { stride: size });
  }
  return tf.tidy(() => {
    const image = tf.tensor3d(input.flat(), [height, width, 1]);
    const pooled = tf.pool(
      image,
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
 * Plots a small image and the three kinds of {@link pool} of it, with each number in its cell. Each
 * window of the image and the number it is reduced to have a frame of the same color. Throws what
 * `pool` throws.
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
  // All grids have the scale of the image, also those without negative numbers.
  const colors = colorsOf(input);
  const pixel = cellFor(
    grids.map(({ values }) => values),
    frameWidth,
  );
  // Names and gaps keep their size if the cells grow.
  const unit = cell / pixel;
  const height = input.length;
  const [rows, columns] = sizeOf(grids[1]!.values, "output");
  const traces: Data[] = [];
  const annotations: Partial<Annotations>[] = [];
  const backgrounds: Partial<Shape>[] = [];
  const windows: Partial<Shape>[] = [];
  let left = 0;
  for (const { name, values, window } of grids) {
    const corner = { left, top: (height - values.length) / 2 };
    const width = values[0]!.length;
    // Names may be wider than their grids, so they omit the size.
    const title = name === "input" ? `input, ${height} × ${width}` : name;
    traces.push(numberGrid(values, corner.left, corner.top, colors));
    annotations.push(
      label(title, left + width / 2, corner.top - 0.5 * unit, 13),
    );
    backgrounds.push(background(corner, values));
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
    left += width + gap * unit;
  }
  const width = left - gap * unit;
  return figure(
    traces,
    {
      ...gridLayout(width, height, unit, pixel),
      annotations,
      shapes: [...backgrounds, ...windows],
    },
    {
      dataset: null,
      interactive: false,
      text: grids.map(({ name, values }) => gridText(name, values)).join("\n"),
    },
  );
}
