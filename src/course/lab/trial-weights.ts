/**
 * Weights that a judge gives a student's model for a time.
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

/** Draws the kernels that are trained as Keras does by default, and sets biases to 0. */
export function setSmallWeights(model: tf.LayersModel): void {
  tf.tidy(() => {
    for (const [seed, weight] of model.trainableWeights.entries()) {
      const shape = weight.shape as number[];
      if (shape.length > 1) {
        const initializer = tf.initializers.glorotUniform({ seed: seed + 1 });
        weight.write(initializer.apply(shape));
      } else if (!weight.originalName.endsWith("gamma")) {
        weight.write(tf.zeros(shape));
      }
    }
  });
}

/** Multiplies the last kernel that is trained. */
export function scaleLastKernel(model: tf.LayersModel, factor: number): void {
  const last = model.trainableWeights
    .filter(({ shape }) => shape.length > 1)
    .at(-1);
  if (last === undefined) return;
  tf.tidy(() => void last.write(last.read().mul(factor)));
}
