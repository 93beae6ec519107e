/**
 * Conversion of labels to the type that a model's loss accepts.
 */
import type { tf } from "../engine/tensorflow";
import { isCompiledFromLogits } from "./logits";

/**
 * tfjs's sparse loss compares class indices as float32, and rejects int32 labels with an unhelpful
 * message.
 */
const sparseLoss = "sparseCategoricalCrossentropy";

/** Labels for a model, and a function that disposes of them if they were converted. */
export interface UsableLabels {
  readonly labels: tf.Tensor;
  dispose(): void;
}

/**
 * Returns the labels in the type that the model's loss accepts. Class indices of type int32 become
 * float32 for tfjs's `"sparseCategoricalCrossentropy"`; other labels are returned unchanged.
 */
export function labelsFor(
  model: tf.LayersModel,
  labels: tf.Tensor,
): UsableLabels {
  const losses = Array.isArray(model.loss) ? model.loss : [model.loss];
  const isSparse = losses.includes(sparseLoss) && !isCompiledFromLogits(model);
  if (!isSparse || labels.dtype !== "int32") {
    return { labels, dispose: () => undefined };
  }
  const converted = labels.toFloat();
  return { labels: converted, dispose: () => converted.dispose() };
}
