/**
 * Lowers elementwise functions, softmax and one-hot encoding.
 */
import { NotNative, type Lowering } from "./lowering";
import { operandOf, type OperandForm } from "./operands";
import { binaryFunction, cube, mode, unaryFunction } from "./operations";
import type { Location } from "./location";
import { attributeOf, sizeOf, type StepNode, type Value } from "./values";

/** Lowers a node of this family. Returns false for other nodes. */
export function lowerElementwise(lowering: Lowering, node: StepNode): boolean {
  const { name } = node;
  if (name in unaryFunction) lowerUnary(lowering, node, unaryFunction[name]!);
  else if (name === "Pow") lowerPower(lowering, node);
  else if (name in binaryFunction) lowerBinary(lowering, node);
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
