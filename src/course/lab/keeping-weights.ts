/**
 * Judgments that change the weights of a student's model.
 */
import { tf } from "../../engine/tensorflow";
import { readWeights, writeWeights } from "../../training/weights";

/** Calls a judge that changes the weights of a model, and puts the weights back. */
export function keepingWeights<Judgment>(
  model: tf.LayersModel,
  judge: () => Judgment,
): Judgment {
  const before = readWeights(model);
  try {
    return judge();
  } finally {
    writeWeights(model, before);
    tf.dispose(before);
  }
}
