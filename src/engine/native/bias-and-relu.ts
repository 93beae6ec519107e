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
  let last = value;
  let bias: Value | undefined;
  const added = biasOf(lowering, value);
  if (added) {
    bias = added.inputs[1]!;
    last = added.outputs[0]!;
    lowering.finish(added);
  }
  const relu = bias && lowering.onlyUser(last, "Relu");
  if (relu) {
    last = relu.outputs[0]!;
    lowering.finish(relu);
  }
  return { ...(bias ? { bias } : {}), relu: relu !== undefined, last };
}

/** Returns the node that adds a bias to a product if it is the only user of the product. */
function biasOf(lowering: Lowering, value: Value): StepNode | undefined {
  const added = lowering.onlyUser(value, "BiasAdd");
  if (added) return lowering.isRows(added.inputs[1]!) ? undefined : added;
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
