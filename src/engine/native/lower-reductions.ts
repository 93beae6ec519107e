/**
 * Lowers reductions: sums, means and extremes along axes.
 */
import type { Location } from "./location";
import { NotNative, type Lowering } from "./lowering";
import { reduction } from "./operations";
import { squaresOf } from "./penalties";
import { integersOf, sizeOf, type StepNode, type Value } from "./values";

/** Lowers a node of this family. Returns false for other nodes. */
export function lowerReduction(lowering: Lowering, node: StepNode): boolean {
  if (!(node.name in reduction)) return false;
  const [output] = node.outputs as [Value];
  lowering.put(output, reduced(lowering, node));
  return true;
}

function reduced(lowering: Lowering, node: StepNode): Location {
  const [input, axesInput] = node.inputs as [Value, Value];
  const given = integersOf(axesInput);
  if (given === undefined)
    throw new NotNative("the axes of a reduction are not constant");
  const { shape } = input;
  const axes = new Set(
    (given.length === 0 && sizeOf(axesInput.shape) === 0 ? [] : given).map(
      (axis) => (axis < 0 ? axis + shape.length : axis),
    ),
  );
  if (lowering.isRows(input)) return reducedRows(lowering, node, axes);
  const isWhole = shape.every((side, axis) => side === 1 || axes.has(axis));
  const isSum = node.name === "Sum" || node.name === "Mean";
  if (!isWhole || !isSum) {
    throw new NotNative(`${node.name} of weights along some axes`);
  }
  const size = sizeOf(shape);
  const factor = node.name === "Mean" ? 1 / size : 1;
  const squares = squaresOf(input);
  const { source, factor: times } = squares ?? { source: input, factor: 1 };
  return lowering.writer.shared("sharedSum", 1, [lowering.shared(source)], {
    integers: [size, Number(squares !== undefined)],
    numbers: [factor * times],
  });
}

function reducedRows(
  lowering: Lowering,
  { name, inputs, outputs }: StepNode,
  axes: ReadonlySet<number>,
): Location {
  const { writer, samples } = lowering;
  const [input] = inputs as [Value];
  const [output] = outputs as [Value];
  const { shape } = input;
  // The samples are along the axes up to `batch`.
  let batch = 0;
  for (let product = shape[0] ?? 1; product < samples;) {
    batch += 1;
    product *= shape[batch]!;
  }
  const size = lowering.rowSize(input);
  const sides = shape.map((side, axis) => ({
    side,
    isReduced: axes.has(axis),
  }));
  const isOverSamples = axes.has(batch);
  if (isOverSamples) {
    const last = lastReduced(sides);
    const isPrefix = sides
      .slice(0, last + 1)
      .every(({ side, isReduced }) => isReduced || side === 1);
    if (!isPrefix || (name !== "Sum" && name !== "Mean")) {
      throw new NotNative(`${name} over samples and some other axes`);
    }
    const columns = sizeOf(output.shape);
    const total = sizeOf(shape) / columns;
    const sums = writer.sums("columnSums", columns, [lowering.rows(input)], {
      integers: [size / columns, columns],
    });
    return name === "Mean" ? { ...sums, factor: 1 / total } : sums;
  }
  const inner = sides.slice(batch + 1);
  const first = inner.findIndex(({ side, isReduced }) => isReduced && side > 1);
  if (first < 0) return lowering.rows(input);
  const last = lastReduced(inner);
  const isContiguous = inner
    .slice(first, last + 1)
    .every(({ side, isReduced }) => isReduced || side === 1);
  if (!isContiguous)
    throw new NotNative(`${name} along axes that are not adjacent`);
  const product = (some: readonly { readonly side: number }[]) =>
    some.reduce((total, { side }) => total * side, 1);
  const length = product(inner.slice(first, last + 1));
  const before = shape[batch]! === samples ? 1 : shape[batch]! / samples;
  const outer = before * product(inner.slice(0, first));
  return writer.rows("rowReduce", size / length, [lowering.rows(input)], {
    integers: [reduction[name]!, outer, length, product(inner.slice(last + 1))],
  });
}

/** Returns the last reduced axis whose size is not 1. */
function lastReduced(
  sides: readonly { readonly side: number; readonly isReduced: boolean }[],
): number {
  const reduced = sides.map(({ side, isReduced }) => isReduced && side > 1);
  return reduced.lastIndexOf(true);
}
