/**
 * What follows a product and is done with it: its bias and its ReLU.
 */
import type { Lowering } from "./lowering";
import { sizeOf, type StepNode, type Value } from "./values";

/** The bias and the ReLU behind a product, which are done with it. */
export function behind(
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

/** The only user of a product, if it adds a bias. */
function biasOf(lowering: Lowering, value: Value): StepNode | undefined {
  const added = lowering.onlyUser(value, "BiasAdd");
  if (added) return lowering.isRows(added.inputs[1]!) ? undefined : added;
  // Depthwise and separable layers add theirs as a tensor (1, 1, 1, channels).
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
