/**
 * Where a loss that is not finite came from.
 */
import { warn } from "../../notebook/note";
import { tf } from "../tfjs/library";
import type { ModelInsides } from "./insides";

/**
 * Runs a training step in tfjs, operation by operation, and says on the console out of which layer the first numbers came that are
 * not finite.
 *
 * The step is run as tfjs would run it, with all it does to the weights. Its first output is the loss.
 */
export function explainLoss(
  model: ModelInsides,
  run: () => readonly tf.Tensor[],
): readonly tf.Tensor[] {
  let culprit: string | undefined;
  const watched = model.layers.map((layer) => {
    const { call } = layer;
    const isOwnProperty = Object.hasOwn(layer, "call");
    layer.call = (inputs, kwargs) => {
      const outputs = call.call(layer, inputs, kwargs);
      culprit ??= findCulprit(layer, [inputs].flat(), [outputs].flat());
      return outputs;
    };
    return () => {
      if (isOwnProperty) layer.call = call;
      else delete (layer as Partial<tf.layers.Layer>).call;
    };
  });
  let outputs: readonly tf.Tensor[];
  try {
    outputs = run();
  } finally {
    for (const restore of watched) restore();
  }
  const loss = outputs[0]!.dataSync()[0]!;
  const where =
    culprit ??
    "All layers gave finite numbers: it arose in the loss function, its penalties or the labels.";
  warn(`convnotes: the loss became ${loss}. ${where}`);
  return outputs;
}

function findCulprit(
  layer: tf.layers.Layer,
  inputs: readonly tf.Tensor[],
  outputs: readonly tf.Tensor[],
): string | undefined {
  if (outputs.every(isFinite)) return undefined;
  const { name } = layer;
  if (!inputs.every(isFinite)) {
    return `The data given to the layer ${name} are not finite.`;
  }
  const weight = layer.weights.find((each) => !isFinite(each.read()));
  return weight === undefined
    ? `The first numbers that are not finite came out of the layer ${name}, from finite inputs and weights.`
    : `The first numbers that are not finite came out of the layer ${name}, whose weight ${weight.name} was not finite before this step: the step before was too large.`;
}

function isFinite(tensor: tf.Tensor): boolean {
  if (tensor.dtype !== "float32") return true;
  return tf.tidy(() => Boolean(tf.all(tf.isFinite(tensor)).dataSync()[0]));
}
