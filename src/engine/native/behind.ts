/**
 * What follows a product and is done with it: its bias and its ReLU.
 */
import type { Lowering } from "./lowering";
import type { Value } from "./values";

/** The bias and the ReLU behind a product, which are done with it. */
export function behind(
  lowering: Lowering,
  value: Value,
): { readonly bias?: Value; readonly relu: boolean; readonly last: Value } {
  let last = value;
  let bias: Value | undefined;
  const added = lowering.onlyUser(last, "BiasAdd");
  if (added && !lowering.isRows(added.inputs[1]!)) {
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
