/**
 * Lowers batch normalization and its gradients.
 */
import { fuseRelu } from "./bias-and-relu";
import type { Lowering } from "./lowering";
import type { Location } from "./location";
import { attributeOf, sizeOf, type StepNode, type Value } from "./values";

/**
 * Lowers batch normalization and a ReLU that follows it. In training, the moments are those of the
 * batch.
 */
export function lowerNormalization(lowering: Lowering, node: StepNode): void {
  const { writer, samples } = lowering;
  const [x, gamma] = node.inputs as [Value, Value];
  const [, , , mean, variance] = node.outputs;
  const channels = sizeOf(gamma.shape);
  const rows = lowering.rowSize(x) / channels;
  if (!attributeOf<boolean>(node, "is_training")) {
    const statistics = node.inputs.slice(3) as [Value, Value];
    lowerNormalize(
      lowering,
      node,
      rows,
      statistics.map((each) => lowering.shared(each)),
    );
    return;
  }
  const sums = writer.sums("moments", channels * 4, [lowering.rows(x)], {
    integers: [rows, channels],
  });
  const [center, spread] = writer.severalShared(
    "finishMoments",
    [channels, channels],
    [sums],
    {
      integers: [rows * samples, channels],
    },
  );
  lowering.put(mean!, center!);
  lowering.put(variance!, spread!);
  lowerNormalize(lowering, node, rows, [center!, spread!]);
}

/** Lowers the normalization by means and variances, and a ReLU that follows it. */
function lowerNormalize(
  lowering: Lowering,
  node: StepNode,
  rows: number,
  statistics: readonly Location[],
): void {
  const [x, gamma, beta] = node.inputs as [Value, Value, Value];
  const [output] = node.outputs;
  const channels = sizeOf(gamma.shape);
  const { relu, last } = fuseRelu(lowering, output!);
  const inputs = [
    lowering.rows(x),
    ...statistics,
    lowering.shared(gamma),
    lowering.shared(beta),
  ];
  lowering.put(
    last,
    lowering.writer.rows("normalize", rows * channels, inputs, {
      integers: [rows, channels, Number(relu)],
      numbers: [attributeOf<number>(node, "epsilon")],
    }),
  );
}

/** Lowers the gradients of batch normalization. */
export function lowerNormalizationBack(
  lowering: Lowering,
  node: StepNode,
): void {
  const { writer, samples } = lowering;
  const [dy, x, gamma, mean, variance] = node.inputs as Value[];
  const [dx, dGamma, dBeta] = node.outputs;
  const channels = sizeOf(gamma!.shape);
  const rows = lowering.rowSize(x!) / channels;
  const numbers = [attributeOf<number>(node, "epsilon")];
  const of = [dy!, x!].map((each) => lowering.rows(each));
  const statistics = [mean!, variance!].map((each) => lowering.shared(each));
  const sums = writer.severalSums(
    "normalizeBackSums",
    [channels, channels],
    [...of, ...statistics],
    {
      integers: [rows, channels],
      numbers,
    },
  );
  const [forBeta, forGamma] = sums.map((each) => writer.added(each));
  lowering.put(dBeta!, forBeta!);
  lowering.put(dGamma!, forGamma!);
  const inputs = [
    ...of,
    ...statistics,
    lowering.shared(gamma!),
    forBeta!,
    forGamma!,
  ];
  lowering.put(
    dx!,
    writer.rows("normalizeBack", rows * channels, inputs, {
      integers: [rows, channels, rows * samples],
      numbers,
    }),
  );
}
