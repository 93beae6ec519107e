/**
 * Masks of dropout: drawn from a key that the step is given.
 *
 * The key is computed of the step's first input by JavaScript, in a few whole numbers; what is drawn from it, by the program.
 */
import { NotNative, type Lowering } from "./lowering";
import { integersOf, type StepNode, type Value } from "./values";

const draw = "StatelessRandomUniformFullInt";

/** Operations that a key, or what is drawn from it, goes through. */
const passages = new Set(["Slice", "Add", "ConcatV2", "Bitcast", draw]);

/** Whether a node is part of a key, or of what is drawn from it before it is compared. */
export function isOfKey(node: StepNode): boolean {
  return (
    passages.has(node.name) &&
    node.outputs[0]!.dtype === "int32" &&
    node.inputs.some(isKey)
  );
}

function isKey({ data, dtype }: Value): boolean {
  if (dtype !== "int32") return false;
  if (data.kind === "input") return true;
  return data.kind === "output" && isOfKey(data.node);
}

/** Whether a node compares what was drawn with a threshold. */
export function isDrawn({ name, inputs }: StepNode): boolean {
  return name === "GreaterEqual" && isKey(inputs[0]!);
}

/** Lowers the comparison, and the multiplication of the mask that follows it. */
export function lowerMask(lowering: Lowering, node: StepNode): void {
  const [drawn, threshold] = node.inputs as [Value, Value];
  const [output] = node.outputs as [Value];
  const isBytes = passes(drawn, "Bitcast");
  const key = keyOf(drawn);
  const [limit] = integersOf(threshold) ?? [];
  if (limit === undefined) throw new NotNative("a dropout's rate is computed");
  const size = lowering.rowSize(output);
  const product = lowering.onlyUser(output, "Mul");
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

/** The key that something was drawn from. */
function keyOf({ data }: Value): Value {
  if (data.kind !== "output") {
    throw new NotNative("something is drawn in an unusual way");
  }
  const { node } = data;
  if (node.name === draw) return node.inputs[1]!;
  if (node.name === "Slice") {
    const begin = integersOf(node.inputs[1]!);
    if (begin?.some((each) => each !== 0)) {
      throw new NotNative("something is drawn from the middle");
    }
  }
  return keyOf(node.inputs[0]!);
}

/** The whole numbers of a key, given those of the step's inputs. */
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
