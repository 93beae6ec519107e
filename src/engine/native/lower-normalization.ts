/**
 * Batch normalization in training and its gradients.
 */
import { NotNative, type Lowering } from "./lowering";
import { attributeOf, sizeOf, type StepNode, type Value } from "./values";

/** Batch normalization in training, with a ReLU behind it. */
export function lowerNormalization(lowering: Lowering, node: StepNode): void {
  const { writer, samples } = lowering;
  const [x, gamma, beta] = node.inputs as [Value, Value, Value];
  const [output, , , mean, variance] = node.outputs as Value[];
  if (!attributeOf<boolean>(node, "is_training")) {
    throw new NotNative("batch normalization outside of training");
  }
  const channels = sizeOf(gamma.shape);
  const rows = lowering.rowSize(x) / channels;
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
  const relu = lowering.onlyUser(output!, "Relu");
  if (relu) lowering.finish(relu);
  const last = relu ? relu.outputs[0]! : output!;
  const inputs = [
    lowering.rows(x),
    center!,
    spread!,
    lowering.shared(gamma),
    lowering.shared(beta),
  ];
  lowering.put(
    last,
    writer.rows("normalize", rows * channels, inputs, {
      integers: [rows, channels, Number(relu !== undefined)],
      numbers: [attributeOf<number>(node, "epsilon")],
    }),
  );
}

/** The gradients of batch normalization. */
export function lowerNormalizationBack(
  lowering: Lowering,
  node: StepNode,
): void {
  const { writer, samples } = lowering;
  const [dy, x, gamma, mean, variance] = node.inputs as Value[];
  const [dx, dGamma, dBeta] = node.outputs as Value[];
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
