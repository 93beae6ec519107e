/**
 * Lowers elementwise functions, reductions, softmax and one-hot encoding.
 */
import { NotNative, type Lowering } from "./lowering";
import { operandOf, type OperandForm } from "./operands";
import {
  binaryFunction,
  cube,
  mode,
  reduction,
  unaryFunction,
} from "./operations";
import { squaresOf } from "./penalties";
import type { Location } from "./location";
import {
  attributeOf,
  integersOf,
  sizeOf,
  type StepNode,
  type Value,
} from "./values";

/** Lowers a node of this family. Returns false for other nodes. */
export function lowerElementwise(lowering: Lowering, node: StepNode): boolean {
  const { name } = node;
  if (name in unaryFunction) lowerUnary(lowering, node, unaryFunction[name]!);
  else if (name === "Pow") lowerPower(lowering, node);
  else if (name in binaryFunction) lowerBinary(lowering, node);
  else if (name in reduction) lowerReduction(lowering, node);
  else if (name === "Softmax") lowerSoftmax(lowering, node);
  else if (name === "OneHot") lowerOneHot(lowering, node);
  else if (name === "Select" || name === "SelectV2")
    lowerSelect(lowering, node);
  else if (name === "Cast")
    lowerUnary(lowering, node, unaryFunction["Truncate"]!);
  else return false;
  return true;
}

/** Lowers a power, by a unary function if the exponent has one. */
function lowerPower(lowering: Lowering, node: StepNode): void {
  const exponent = node.inputs[1]?.data;
  const power = exponent?.kind === "uniform" ? exponent.value : Number.NaN;
  const number = powers[power];
  if (number === undefined) lowerBinary(lowering, node);
  else lowerUnary(lowering, node, number);
}

/** Unary functions by the exponents that they compute. */
const powers: Readonly<Record<number, number | undefined>> = {
  [-1]: unaryFunction["Reciprocal"],
  [-0.5]: unaryFunction["Rsqrt"],
  0.5: unaryFunction["Sqrt"],
  2: unaryFunction["Square"],
  3: cube,
};

function lowerUnary(lowering: Lowering, node: StepNode, number: number): void {
  const {
    inputs: [input],
    outputs: [output],
  } = node;
  const { writer } = lowering;
  const numbers = [attributeOf<number | undefined>(node, "alpha") ?? 0];
  const size = sizeOf(output!.shape);
  if (lowering.isRows(input!)) {
    const rowSize = size / lowering.samples;
    const integers = [number, rowSize];
    const inputs = [lowering.rows(input!)];
    lowering.put(
      output!,
      writer.rows("unary", rowSize, inputs, { integers, numbers }),
    );
    return;
  }
  const integers = [number, size];
  const inputs = [lowering.shared(input!)];
  lowering.put(
    output!,
    writer.shared("sharedUnary", size, inputs, { integers, numbers }),
  );
}

/** The operands of an instruction, and the size of its result: of one sample if `isRows`. */
interface Operation {
  readonly isRows: boolean;
  readonly size: number;
  readonly inputs: readonly Location[];
  readonly forms: readonly number[];
  readonly numbers: readonly number[];
}

/**
 * Combines the operands of a node. A constant operand is passed as a float in place of a buffer.
 */
function combineOperands(
  lowering: Lowering,
  output: Value,
  operands: readonly OperandForm[],
): Operation {
  const some = operands.find(({ location }) => location !== undefined);
  if (!some?.location) {
    throw new NotNative("all operands of a function are constants");
  }
  const isRows = operands.some(({ location }) => location?.domain === "rows");
  const size = isRows
    ? lowering.rowSize(output)
    : periodOf(operands, sizeOf(output.shape));
  const isOfSamples = operands.some(
    (each) => each.mode === mode.periodic && size % each.period !== 0,
  );
  if (isRows && isOfSamples) {
    throw new NotNative("a constant has different values for each sample");
  }
  return {
    isRows,
    size,
    inputs: operands.map(({ location }) => location ?? some.location!),
    forms: operands.flatMap((each) => [each.mode, each.period]),
    numbers: operands.map(({ number }) => number),
  };
}

/**
 * Returns the period after which a result of shared operands repeats: for a mean over the batch
 * that is broadcast to all samples, the size of one.
 */
function periodOf(operands: readonly OperandForm[], size: number): number {
  const periods = operands.map(({ period }) => Math.max(1, period));
  const longest = Math.max(...periods);
  return periods.every((each) => longest % each === 0) ? longest : size;
}

function lowerBinary(lowering: Lowering, node: StepNode): void {
  const [a, b] = node.inputs as [Value, Value];
  const [output] = node.outputs as [Value];
  const number = binaryFunction[node.name]!;
  const operands = [a, b].map((each) =>
    operandOf(lowering, each, output.shape),
  );
  const { isRows, size, inputs, forms, numbers } = combineOperands(
    lowering,
    output,
    operands,
  );
  const { writer } = lowering;
  const given = { integers: [number, size, ...forms], numbers };
  lowering.put(
    output,
    isRows
      ? writer.rows("binary", size, inputs, given)
      : writer.shared("sharedBinary", size, inputs, given),
  );
}

function lowerSelect(lowering: Lowering, node: StepNode): void {
  const [output] = node.outputs as [Value];
  const operands = node.inputs.map((each) =>
    operandOf(lowering, each, output.shape),
  );
  const { isRows, size, inputs, forms, numbers } = combineOperands(
    lowering,
    output,
    operands,
  );
  if (operands[0]!.mode === mode.number) {
    throw new NotNative("the condition of a selection is a constant");
  }
  const { writer } = lowering;
  const given = { integers: [size, ...forms], numbers: numbers.slice(1) };
  lowering.put(
    output,
    isRows
      ? writer.rows("select", size, inputs, given)
      : writer.shared("sharedSelect", size, inputs, given),
  );
}

function lowerSoftmax(
  lowering: Lowering,
  { inputs: [input], outputs: [output] }: StepNode,
): void {
  const size = lowering.rowSize(output!);
  const length = output!.shape.at(-1)!;
  const integers = [length, size / length];
  const inputs = [lowering.rows(input!)];
  lowering.put(
    output!,
    lowering.writer.rows("softmax", size, inputs, { integers }),
  );
}

function lowerOneHot(lowering: Lowering, node: StepNode): void {
  const [labels, , on, off] = node.inputs;
  const [output] = node.outputs as [Value];
  const isLast = attributeOf<number>(node, "axis") === -1;
  const classes = output.shape.at(-1)!;
  if (
    !isLast ||
    on?.data.kind !== "uniform" ||
    off?.data.kind !== "uniform" ||
    lowering.rowSize(labels!) !== 1
  ) {
    throw new NotNative("an unsupported form of one-hot encoding");
  }
  lowering.put(
    output,
    lowering.writer.rows("oneHot", classes, [lowering.rows(labels!)], {
      integers: [classes],
      numbers: [on.data.value, off.data.value],
    }),
  );
}

function lowerReduction(lowering: Lowering, node: StepNode): void {
  const [input, axesInput] = node.inputs as [Value, Value];
  const [output] = node.outputs as [Value];
  const given = integersOf(axesInput);
  if (given === undefined)
    throw new NotNative("the axes of a reduction are not constant");
  const { shape } = input;
  const axes = new Set(
    (given.length === 0 && sizeOf(axesInput.shape) === 0 ? [] : given).map(
      (axis) => (axis < 0 ? axis + shape.length : axis),
    ),
  );
  if (lowering.isRows(input)) {
    lowering.put(output, reducedRows(lowering, node, axes));
    return;
  }
  const isWhole = shape.every((side, axis) => side === 1 || axes.has(axis));
  const isSum = node.name === "Sum" || node.name === "Mean";
  if (!isWhole || !isSum) {
    throw new NotNative(`${node.name} of weights along some axes`);
  }
  const size = sizeOf(shape);
  const factor = node.name === "Mean" ? 1 / size : 1;
  const squares = squaresOf(input);
  const { source, factor: times } = squares ?? { source: input, factor: 1 };
  lowering.put(
    output,
    lowering.writer.shared("sharedSum", 1, [lowering.shared(source)], {
      integers: [size, Number(squares !== undefined)],
      numbers: [factor * times],
    }),
  );
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
