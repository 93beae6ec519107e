/**
 * Fuses the bias and the ReLU that follow a product into its instruction.
 */
import type { Lowering } from "./lowering";
import { sizeOf, type StepNode, type Value } from "./values";

/**
 * Finds the bias and the ReLU that follow a product, and marks their nodes as finished. `last` is
 * the final result.
 */
export function fuseBiasAndRelu(
  lowering: Lowering,
  value: Value,
): { readonly bias?: Value; readonly relu: boolean; readonly last: Value } {
  const added = biasOf(lowering, value);
  if (!added) return { relu: false, last: value };
  lowering.finish(added);
  const bias = added.inputs[1]!;
  return { bias, ...fuseRelu(lowering, added.outputs[0]!) };
}

/** Finds the ReLU that follows a value, and marks its node as finished. `last` is its result. */
export function fuseRelu(
  lowering: Lowering,
  value: Value,
): { readonly relu: boolean; readonly last: Value } {
  const node = lowering.onlyUser(value, "Relu");
  if (!node) return { relu: false, last: value };
  lowering.finish(node);
  return { relu: true, last: node.outputs[0]! };
}

/** Whether two shapes of a value have the same channels, which a reshape may change. */
export function haveSameChannels(a: Value, b: Value): boolean {
  return a.shape.at(-1) === b.shape.at(-1);
}

/** Returns the node that adds a bias to a product if it is the only user of the product. */
function biasOf(lowering: Lowering, value: Value): StepNode | undefined {
  const added = lowering.onlyUser(value, "BiasAdd");
  if (added) {
    const [x, bias] = added.inputs as [Value, Value];
    return haveSameChannels(x, value) && !lowering.isRows(bias)
      ? added
      : undefined;
  }
  // Depthwise and separable layers add their bias as a tensor (1, 1, 1, channels).
  const sum = lowering.onlyUser(value, "Add");
  const [a, b] = sum?.inputs ?? [];
  const isBias =
    a?.data === value.data &&
    b?.data.kind === "variable" &&
    sizeOf(b.shape) === value.shape.at(-1) &&
    b.shape.at(-1) === value.shape.at(-1) &&
    String(sum!.outputs[0]!.shape) === String(value.shape);
  return isBias ? sum : undefined;
}
