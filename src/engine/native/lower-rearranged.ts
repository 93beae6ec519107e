/**
 * Lowers operations that move values: concatenation, slices, padding, transposition and tiling.
 */
import { NotNative, type Lowering } from "./lowering";
import { operandOf } from "./operands";
import { binaryFunction, mode as modes } from "./operations";
import type { Location } from "./location";
import { integersOf, sizeOf, type StepNode, type Value } from "./values";

/** A part of a sample that is copied from one tensor to another. */
interface Box {
  readonly sides: readonly number[];
  /**
   * Strides of the result and of the source along each axis, and the offsets at which the box
   * begins.
   */
  readonly to: readonly number[];
  readonly from: readonly number[];
  readonly toBegin?: number;
  readonly fromBegin?: number;
  /** The value that fills the rest of the result; undefined if the box covers the whole result. */
  readonly filling?: number;
}

/** Lowers a concatenation along an axis. */
export function lowerConcatenation(lowering: Lowering, node: StepNode): void {
  const parts = node.inputs.slice(0, -1);
  const [output] = node.outputs as [Value];
  const axis = axisOf(node.inputs.at(-1)!, output);
  if (output.shape[0] !== lowering.samples || axis === 0) {
    throw new NotNative("samples are concatenated");
  }
  const outer = sizeOf(output.shape.slice(1, axis));
  const sizes = parts.map(({ shape }) => sizeOf(shape.slice(axis)));
  const inputs = parts.map((part) => lowering.rows(part));
  const size = lowering.rowSize(output);
  lowering.put(
    output,
    lowering.writer.rows("concatenate", size, inputs, {
      integers: [outer, ...sizes],
    }),
  );
}

/** Lowers a slice. */
export function lowerSlice(lowering: Lowering, node: StepNode): void {
  const [input, begins] = node.inputs as [Value, Value];
  const [output] = node.outputs as [Value];
  const begin = integersOf(begins);
  const isOfAll =
    input.shape[0] === lowering.samples &&
    output.shape[0] === lowering.samples &&
    begin?.[0] === 0;
  if (!begin || !isOfAll) throw new NotNative("samples are sliced");
  const from = stepsOf(input.shape);
  putBox(lowering, input, output, {
    sides: output.shape.slice(1),
    to: stepsOf(output.shape).slice(1),
    from: from.slice(1),
    fromBegin: begin.reduce((sum, each, axis) => sum + each * from[axis]!, 0),
  });
}

/** Lowers a split along an axis, the gradient of a concatenation. */
export function lowerSplit(lowering: Lowering, node: StepNode): void {
  const [input, , axisInput] = node.inputs as [Value, Value, Value];
  const axis = axisOf(axisInput, input);
  if (input.shape[0] !== lowering.samples || axis === 0) {
    throw new NotNative("samples are sliced");
  }
  const from = stepsOf(input.shape);
  let begin = 0;
  for (const output of node.outputs) {
    putBox(lowering, input, output, {
      sides: output.shape.slice(1),
      to: stepsOf(output.shape).slice(1),
      from: from.slice(1),
      fromBegin: begin * from[axis]!,
    });
    begin += output.shape[axis]!;
  }
}

/** Lowers padding with a constant. */
export function lowerPadding(lowering: Lowering, node: StepNode): void {
  const [input, paddings, value] = node.inputs as [Value, Value, Value?];
  const [output] = node.outputs as [Value];
  const widths = integersOf(paddings);
  const filling = value === undefined ? 0 : integersOf(value)?.[0];
  if (!widths || filling === undefined || widths[0] || widths[1]) {
    throw new NotNative("a padding is not constant, or adds samples");
  }
  const to = stepsOf(output.shape);
  putBox(lowering, input, output, {
    sides: input.shape.slice(1),
    to: to.slice(1),
    from: stepsOf(input.shape).slice(1),
    toBegin: to.reduce((sum, each, axis) => sum + each * widths[2 * axis]!, 0),
    filling,
  });
}

/** Lowers a transposition of axes. */
export function lowerTransposition(lowering: Lowering, node: StepNode): void {
  const [input, order] = node.inputs as [Value, Value];
  const [output] = node.outputs as [Value];
  const axes = integersOf(order);
  if (axes?.[0] !== 0) throw new NotNative("samples are not the first axis");
  const from = stepsOf(input.shape);
  putBox(lowering, input, output, {
    sides: output.shape.slice(1),
    to: stepsOf(output.shape).slice(1),
    from: axes.slice(1).map((axis) => from[axis]!),
  });
}

/** Lowers tiling along one axis. */
export function lowerTile(lowering: Lowering, node: StepNode): void {
  const [input, multiples] = node.inputs as [Value, Value];
  const [output] = node.outputs as [Value];
  const times = integersOf(multiples) ?? [];
  if (!lowering.isRows(input)) {
    // The batch axis is the first whose size is not 1.
    const samples = output.shape.find((side) => side !== 1) ?? 1;
    if (samples !== lowering.samples) throw new NotNative("weights are tiled");
    lowering.put(output, repeatedRows(lowering, input, output));
    return;
  }
  const axis = times.findIndex((each) => each !== 1);
  const isOne = times.filter((each) => each !== 1).length === 1;
  if (axis < 1 || !isOne) throw new NotNative("several axes are tiled");
  const inner = sizeOf(input.shape.slice(axis));
  const outer = sizeOf(input.shape.slice(1, axis));
  putBox(lowering, input, output, {
    sides: [outer, times[axis]!, inner],
    to: [sizeOf(output.shape.slice(axis)), inner, 1],
    from: [inner, 0, 1],
  });
}

/** Copies a shared value to a row for each sample. */
function repeatedRows(
  lowering: Lowering,
  input: Value,
  output: Value,
): Location {
  const { location, mode, period } = operandOf(lowering, input, output.shape);
  if (!location) throw new NotNative("a constant is tiled");
  const size = lowering.rowSize(output);
  const { Add } = binaryFunction;
  return lowering.writer.rows("binary", size, [location, location], {
    integers: [Add!, size, mode, period, modes.number, 0],
    numbers: [0, 0],
  });
}

/** Returns the axis of a tensor that an input names, counted from 0. */
function axisOf(axis: Value, { shape }: Value): number {
  const [given] = integersOf(axis) ?? [];
  if (given === undefined) throw new NotNative("an axis is not constant");
  return given < 0 ? given + shape.length : given;
}

/** Returns the strides of a shape. */
function stepsOf(shape: readonly number[]): number[] {
  return shape.map((_, axis) => sizeOf(shape.slice(axis + 1)));
}

function putBox(
  lowering: Lowering,
  input: Value,
  output: Value,
  box: Box,
): void {
  const { sides, toBegin = 0, fromBegin = 0, filling } = box;
  if (sides.length > 4)
    throw new NotNative("a tensor with more than five axes");
  const four = (some: readonly number[], missing: number) => [
    ...Array.from({ length: 4 - some.length }, () => missing),
    ...some,
  ];
  const size = lowering.rowSize(output);
  const integers = [
    ...[size, lowering.rowSize(input), toBegin, fromBegin],
    ...[...four(sides, 1), ...four(box.to, 0), ...four(box.from, 0)],
    Number(filling !== undefined),
  ];
  lowering.put(
    output,
    lowering.writer.rows("box", size, [lowering.rows(input)], {
      integers,
      numbers: [filling ?? 0],
    }),
  );
}
