/**
 * Plot room: what one step of a convolution does, in numbers one can check by hand.
 */
import type { Annotations, Data } from "plotly.js";
import { tf } from "../engine/tensorflow";
import { figure, type Figure } from "./figure";
import { hiddenAxis, palette } from "./theme";

/** Side of a cell, in pixels. */
const cell = 36;
/** Colours of a grid's numbers: from 0 up, or to both sides of 0. */
interface Colours {
  readonly signed: boolean;
  readonly scale: [number, string][];
}

/** Light as a picture has it: 0 dark, the largest number white. */
const brightness: Colours = {
  signed: false,
  scale: [
    [0, "#A0A0A0"],
    [1, "#FFFFFF"],
  ],
};

/** Tints of the theme's blue for what is below 0 and of its vermilion for what is above. */
const sign: Colours = {
  signed: true,
  scale: [
    [0, "#8FC1E3"],
    [0.5, "#FFFFFF"],
    [1, "#F2A47E"],
  ],
};

/** Room between the three grids, in cells. */
const gap = 1.6;

/**
 * The valid convolution of a small picture with a small kernel, stride 1, as a network's layer computes it: the kernel
 * is laid on the picture without being turned round, the products are summed.
 *
 * `input` (height, width), `kernel` (rows, columns), both row by row. Output: (height − rows + 1, width − columns + 1).
 * Throws a RangeError if a matrix has rows of unequal length, or if the kernel is larger than the input.
 */
export function convolve(
  input: readonly (readonly number[])[],
  kernel: readonly (readonly number[])[],
): number[][] {
  const [height, width] = size(input, "input");
  const [rows, columns] = size(kernel, "kernel");
  if (rows > height || columns > width) {
    throw new RangeError(
      `Expected a kernel of at most ${height} x ${width}, received ${rows} x ${columns}`,
    );
  }
  return tf.tidy(() => {
    const result = tf.conv2d(
      tf.tensor4d(input.flat(), [1, height, width, 1]),
      tf.tensor4d(kernel.flat(), [rows, columns, 1, 1]),
      1,
      "valid",
    );
    const [, outputHeight, outputWidth] = result.shape;
    return tf
      .reshape<tf.Rank.R2>(result, [outputHeight, outputWidth])
      .arraySync();
  });
}

/**
 * Picture, kernel and result of {@link convolve} side by side, every number written in its cell. The place of the kernel
 * that gives the strongest number is framed in the picture, and that number in the result.
 */
export function convolutionPlot(
  input: readonly (readonly number[])[],
  kernel: readonly (readonly number[])[],
): Figure {
  const output = convolve(input, kernel);
  const grids = [
    { name: "input", values: input, colours: brightness },
    { name: "kernel", values: kernel, colours: sign },
    { name: "output", values: output, colours: sign },
  ];
  const height = input.length;
  const traces: Data[] = [];
  const annotations: Partial<Annotations>[] = [];
  const corners: { left: number; top: number }[] = [];
  let left = 0;
  grids.forEach(({ name, values, colours }, index) => {
    const rows = values.length;
    const columns = values[0]!.length;
    const top = (height - rows) / 2;
    corners.push({ left, top });
    traces.push(numberGrid(values, left, top, colours));
    annotations.push(
      word(`${name}, ${rows} × ${columns}`, left + columns / 2, -0.5, 13),
    );
    left += columns;
    if (index < grids.length - 1) {
      annotations.push(
        word(index === 0 ? "∗" : "=", left + gap / 2, height / 2, 24),
      );
      left += gap;
    }
  });
  const strongest = placeOfStrongest(output);
  const move = ({ left, top }: { left: number; top: number }) => ({
    left: left + strongest.column,
    top: top + strongest.row,
  });
  const frame = (
    corner: { left: number; top: number },
    rows: number,
    columns: number,
  ) => ({
    type: "rect" as const,
    x0: corner.left,
    x1: corner.left + columns,
    y0: corner.top,
    y1: corner.top + rows,
    line: { color: palette[1], width: 3 },
  });
  return figure(
    traces,
    {
      width: left * cell + 24,
      height: (height + 1) * cell + 24,
      margin: { l: 12, r: 12, t: 12, b: 12, pad: 0 },
      xaxis: { ...hiddenAxis(), range: [0, left] },
      yaxis: { ...hiddenAxis(), range: [height, -1] },
      annotations,
      shapes: [
        // The gaps between cells show what lies behind: grey makes white cells visible.
        ...grids.map(({ values }, index) => ({
          ...frame(corners[index]!, values.length, values[0]!.length),
          layer: "below" as const,
          line: { color: "#888888", width: 1 },
          fillcolor: "#888888",
        })),
        frame(move(corners[0]!), kernel.length, kernel[0]!.length),
        frame(move(corners[2]!), 1, 1),
      ],
    },
    {
      dataset: null,
      interactive: false,
      text: grids
        .map(({ name, values }) =>
          [`${name}:`, ...values.map(rowText)].join("\n"),
        )
        .join("\n"),
    },
  );
}

function numberGrid(
  values: readonly (readonly number[])[],
  left: number,
  top: number,
  colours: Colours,
): Data {
  const largest = Math.max(1, ...values.flat().map(Math.abs));
  return {
    type: "heatmap",
    // A heatmap's coordinates are the middles of its cells.
    x: values[0]!.map((_, column) => left + column + 0.5),
    y: values.map((_, row) => top + row + 0.5),
    z: values.map((row) => [...row]),
    texttemplate: "%{z}",
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

function placeOfStrongest(values: readonly (readonly number[])[]): {
  row: number;
  column: number;
} {
  const strengths = values.flat().map(Math.abs);
  const place = strengths.indexOf(Math.max(...strengths));
  const columns = values[0]!.length;
  return { row: Math.floor(place / columns), column: place % columns };
}

function word(
  text: string,
  x: number,
  y: number,
  fontSize: number,
): Partial<Annotations> {
  return { text, x, y, showarrow: false, font: { size: fontSize } };
}

function rowText(row: readonly number[]): string {
  return row.map((value) => String(value).padStart(4)).join("");
}

function size(
  matrix: readonly (readonly number[])[],
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
