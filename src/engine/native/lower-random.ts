/**
 * Lowers dropout masks, which are drawn from a random key.
 *
 * JavaScript computes the key, a few integers, from the step's first input. The program draws the
 * mask.
 */
import { NotNative, type Lowering } from "./lowering";
import { integersOf, sizeOf, type StepNode, type Value } from "./values";

const draw = "StatelessRandomUniformFullInt";

/** Operations on keys and on the values drawn from them. */
const keyOperations = new Set(["Slice", "Add", "ConcatV2", "Bitcast", draw]);

/** Returns whether a node computes a key, or values drawn from one that are not compared yet. */
export function isKeyNode(node: StepNode): boolean {
  return (
    keyOperations.has(node.name) &&
    node.outputs[0]!.dtype === "int32" &&
    node.inputs.some(isKey)
  );
}

function isKey({ data, dtype }: Value): boolean {
  if (dtype !== "int32") return false;
  if (data.kind === "input") return true;
  return data.kind === "output" && isKeyNode(data.node);
}

/** Returns whether a node compares drawn values with a threshold. */
export function isMaskComparison({ name, inputs }: StepNode): boolean {
  return name === "GreaterEqual" && isKey(inputs[0]!);
}

/** Lowers the comparison, together with a multiplication of the mask that follows it. */
export function lowerMask(lowering: Lowering, node: StepNode): void {
  const [drawn, threshold] = node.inputs as [Value, Value];
  const [output] = node.outputs as [Value];
  const isBytes = passes(drawn, "Bitcast");
  const key = keyOf(drawn);
  const [limit] = integersOf(threshold) ?? [];
  if (limit === undefined)
    throw new NotNative("the rate of a dropout is not constant");
  const size = lowering.rowSize(output);
  const user = lowering.onlyUser(output, "Mul");
  const isOfMask =
    user && sizeOf(user.outputs[0]!.shape) === sizeOf(output.shape);
  const product = isOfMask ? user : undefined;
  const factor = product?.inputs.find(({ data }) => data.kind === "uniform");
  const place = lowering.writer.stepIntegers(2);
  lowering.keys.push(key);
  const location = lowering.writer.rows("randomMask", size, [], {
    integers: [size, Number(isBytes), limit, place],
    numbers: [factor?.data.kind === "uniform" ? factor.data.value : 1],
  });
  if (product && factor) lowering.finish(product);
  lowering.put(product && factor ? product.outputs[0]! : output, location);
}

function passes({ data }: Value, name: string): boolean {
  if (data.kind !== "output") return false;
  return data.node.name === name || passes(data.node.inputs[0]!, name);
}

/** Returns the key that a value was drawn from. */
function keyOf({ data }: Value): Value {
  if (data.kind !== "output") {
    throw new NotNative("an unsupported form of drawing random values");
  }
  const { node } = data;
  if (node.name === draw) return node.inputs[1]!;
  if (node.name === "Slice") {
    const begin = integersOf(node.inputs[1]!);
    if (begin?.some((each) => each !== 0)) {
      throw new NotNative("random values are drawn at an offset");
    }
  }
  return keyOf(node.inputs[0]!);
}

/**
 * Computes the integers of a key.
 *
 * @param input Returns the integers of a step's input.
 */
export function evaluateKey(
  value: Value,
  input: (index: number) => ArrayLike<number>,
): number[] {
  const { data } = value;
  if (data.kind === "input") return Array.from(input(data.index));
  if (data.kind !== "output") return integersOf(value)!;
  const { node } = data;
  const inputs = node.inputs.map((each) => evaluateKey(each, input));
  switch (node.name) {
    case "Slice": {
      const [numbers, [begin], [size]] = inputs as [
        number[],
        [number],
        [number],
      ];
      return numbers.slice(begin, size < 0 ? undefined : begin + size);
    }
    case "Add":
      return inputs[0]!.map((each, index) => (each + inputs[1]![index]!) | 0);
    default:
      // The last input is the axis.
      return inputs.slice(0, -1).flat();
  }
}
