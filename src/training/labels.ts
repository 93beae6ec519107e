/**
 * Labels in the form that a model's loss takes.
 */
import type { tf } from "../engine/tensorflow";
import { isOnLogits } from "./logits";

/** tfjs's sparse loss compares class numbers with its own in float32, and refuses whole numbers with words on types that help nobody. */
const sparseLoss = "sparseCategoricalCrossentropy";

/** Labels to be used, and freed afterwards if they were made. */
export interface UsableLabels {
  readonly labels: tf.Tensor;
  free(): void;
}

/**
 * The labels as the model's loss takes them: class numbers of type int32 become float32 for tfjs's `"sparseCategoricalCrossentropy"`, all
 * others are handed on as they are.
 */
export function labelsFor(
  model: tf.LayersModel,
  labels: tf.Tensor,
): UsableLabels {
  const losses = Array.isArray(model.loss) ? model.loss : [model.loss];
  const isSparse = losses.includes(sparseLoss) && !isOnLogits(model);
  if (!isSparse || labels.dtype !== "int32") {
    return { labels, free: () => undefined };
  }
  const made = labels.toFloat();
  return { labels: made, free: () => made.dispose() };
}
