/**
 * Plots of small convolutions with all numbers, to check by hand.
 */
import type { Annotations, Data } from "plotly.js";
import { convolve, marginsOf, type ConvolveOptions } from "./convolve";
import { figure, type Figure } from "./figure";
import {
  brightness,
  cell,
  cellFor,
  frame,
  gap,
  gridLayout,
  gridText,
  nameWidth,
  background,
  numberGrid,
  sign,
  label,
  type Matrix,
} from "./number-grid";
import { palette } from "./theme";

/**
 * Plots the image, the kernel and the result of {@link convolve} side by side, with each number in
 * its cell. Frames mark the largest absolute value in the result and the kernel's position for it
 * in the image.
 *
 * Padding zeros are shown too, with a blue frame around the image itself. With a stride above 1, a
 * dot marks the upper left cell of each kernel position. Throws what `convolve` throws.
 */
export function convolutionPlot(
  input: Matrix,
  kernel: Matrix,
  options: ConvolveOptions = {},
): Figure {
  const output = convolve(input, kernel, options);
  const margins = marginsOf(input, kernel, options);
  const { stride = 1 } = options;
  const padded = withZeros(input, margins);
  const hasZeros =
    padded.length > input.length || padded[0]!.length > input[0]!.length;
  const inputName = hasZeros
    ? `input, ${input.length} × ${input[0]!.length}, and zeros`
    : undefined;
  const grids = [
    { name: "input", title: inputName, values: padded, colors: brightness },
    { name: "kernel", values: kernel, colors: sign },
    { name: "output", values: output, colors: sign },
  ];
  const pixel = cellFor(grids.map(({ values }) => values));
  // Names and gaps keep their size if the cells grow.
  const unit = cell / pixel;
  const height = Math.max(...grids.map(({ values }) => values.length));
  const traces: Data[] = [];
  const annotations: Partial<Annotations>[] = [];
  const corners: { left: number; top: number }[] = [];
  let left = 0;
  grids.forEach(({ name, title, values, colors }, index) => {
    const rows = values.length;
    const columns = values[0]!.length;
    const top = (height - rows) / 2;
    const text = title ?? `${name}, ${rows} × ${columns}`;
    const width = Math.max(columns, nameWidth(text, pixel));
    const corner = { left: left + (width - columns) / 2, top };
    corners.push(corner);
    traces.push(numberGrid(values, corner.left, top, colors));
    annotations.push(label(text, left + width / 2, -0.5 * unit, 13));
    left += width;
    if (index < grids.length - 1) {
      annotations.push(
        label(index === 0 ? "∗" : "=", left + (gap * unit) / 2, height / 2, 24),
      );
      left += gap * unit;
    }
  });
  const strongest = strongestPosition(output);
  const move = (
    { left, top }: { left: number; top: number },
    { row, column }: { row: number; column: number },
    step = 1,
  ) => ({ left: left + column * step, top: top + row * step });
  return figure(
    traces,
    {
      ...gridLayout(left, height, unit, pixel),
      annotations,
      shapes: [
        ...grids.map(({ values }, index) =>
          background(corners[index]!, values),
        ),
        ...(hasZeros
          ? [
              frame(
                move(corners[0]!, { row: margins.top, column: margins.left }),
                input.length,
                input[0]!.length,
                palette[0],
              ),
            ]
          : []),
        ...(stride > 1 ? strideMarkers(corners[0]!, output, stride) : []),
        frame(
          move(corners[0]!, strongest, stride),
          kernel.length,
          kernel[0]!.length,
          palette[1],
        ),
        frame(move(corners[2]!, strongest), 1, 1, palette[1]),
      ],
    },
    {
      dataset: null,
      interactive: false,
      ...(stride > 1
        ? { caption: `Stride ${stride}: a dot at each position of the kernel` }
        : {}),
      text: grids.map(({ name, values }) => gridText(name, values)).join("\n"),
    },
  );
}

function withZeros(
  input: Matrix,
  margins: ReturnType<typeof marginsOf>,
): number[][] {
  const zeros = (count: number) => Array<number>(count).fill(0);
  const { top, bottom, left, right } = margins;
  const rows = input.map((row) => [...zeros(left), ...row, ...zeros(right)]);
  const blank = () => zeros(rows[0]!.length);
  return [
    ...Array.from({ length: top }, blank),
    ...rows,
    ...Array.from({ length: bottom }, blank),
  ];
}

/**
 * Returns a small dot for the upper left cell of each kernel position, clear of the number in the
 * middle of the cell.
 */
function strideMarkers(
  corner: { left: number; top: number },
  output: Matrix,
  stride: number,
) {
  return output.flatMap((row, y) =>
    row.map((_, x) => ({
      type: "circle" as const,
      x0: corner.left + x * stride + 0.1,
      x1: corner.left + x * stride + 0.3,
      y0: corner.top + y * stride + 0.1,
      y1: corner.top + y * stride + 0.3,
      line: { width: 0 },
      fillcolor: palette[1],
    })),
  );
}

function strongestPosition(values: Matrix): {
  row: number;
  column: number;
} {
  const strengths = values.flat().map(Math.abs);
  const place = strengths.indexOf(Math.max(...strengths));
  const columns = values[0]!.length;
  return { row: Math.floor(place / columns), column: place % columns };
}
