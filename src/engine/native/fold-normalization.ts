/**
 * Folds a batch normalization by known means and variances into the convolution before it.
 *
 * Both are linear, so the normalized outputs are those of a convolution with other weights and
 * another bias (Jacob et al. 2018, section 3.2):
 *
 *     s = γ / √(σ² + ε), w′ = w · s, b′ = (b − μ) · s + β
 */
import { fuseRelu, haveSameChannels } from "./bias-and-relu";
import type { Lowering } from "./lowering";
import type { Location } from "./location";
import { attributeOf, sizeOf, type StepNode, type Value } from "./values";

/** A convolution whose outputs are normalized. */
export interface FoldedConvolution {
  readonly kernel: Location;
  readonly bias: Location;
  readonly relu: boolean;
  /** The final result. */
  readonly last: Value;
}

/**
 * Finds the normalization that follows a convolution, and the ReLU after it, and marks their nodes
 * as finished. Returns undefined if the outputs are used in another way as well.
 *
 * @param value The outputs of the convolution, with its bias if it has one.
 */
export function foldNormalization(
  lowering: Lowering,
  kernel: Value,
  bias: Value | undefined,
  value: Value,
): FoldedConvolution | undefined {
  const node = normalizationOf(lowering, value);
  if (!node) return undefined;
  const [, gamma, beta, mean, variance] = node.inputs as Value[];
  const channels = kernel.shape.at(-1)!;
  const weights = lowering.shared(kernel);
  const [folded, shifted] = lowering.writer.severalShared(
    "foldNormalization",
    [sizeOf(kernel.shape), channels],
    [
      weights,
      bias ? lowering.shared(bias) : weights,
      ...[mean!, variance!, gamma!, beta!].map((each) => lowering.shared(each)),
    ],
    {
      integers: [
        sizeOf(kernel.shape) / channels,
        channels,
        Number(bias !== undefined),
      ],
      numbers: [attributeOf<number>(node, "epsilon")],
    },
  );
  lowering.finish(node);
  return {
    kernel: folded!,
    bias: shifted!,
    ...fuseRelu(lowering, node.outputs[0]!),
  };
}

/** Returns the normalization by moving averages that is the only user of a value. */
function normalizationOf(
  lowering: Lowering,
  value: Value,
): StepNode | undefined {
  const node =
    lowering.onlyUser(value, "FusedBatchNormV3") ??
    lowering.onlyUser(value, "FusedBatchNorm");
  if (!node || attributeOf<boolean>(node, "is_training")) return undefined;
  const [x, gamma, beta, ...averages] = node.inputs as [Value, Value, Value];
  const areKnown =
    x.data === value.data &&
    haveSameChannels(x, value) &&
    (averages as Value[]).every(({ data }) => data.kind === "variable") &&
    ![gamma, beta].some((each) => lowering.isRows(each));
  return areKnown ? node : undefined;
}
