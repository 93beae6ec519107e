/**
 * Trains the lessons' models for tests of native steps, with the same weights, data and batches
 * each time.
 */
import {
  buildLessonModel,
  compileLessonModel,
  lessonModel,
} from "../../../bench/training/build";
import { compilation, tf } from "../../../src/engine";
import { setSeed } from "../../../src/training/seed";

/** Builds a lesson's model with weights that are the same each time. */
function lesson(name: string): tf.Sequential {
  const row = lessonModel(name);
  const model = buildLessonModel(name);
  compileLessonModel(model, row);
  // With these seeds, no unit is within rounding of its ReLU's zero in the compared steps.
  const weights = model.getWeights().map(({ shape, size }, index) => {
    const deviation =
      shape.length > 1 ? Math.sqrt((2 * shape.at(-1)!) / size) : 0.1;
    const drawn = tf.randomNormal(shape, 0, deviation, "float32", index + 41);
    // Vectors include variances, which must be positive.
    return shape.length > 1 ? drawn : drawn.abs();
  });
  model.setWeights(weights);
  return model;
}

/** Returns synthetic images and classes for a lesson's model. */
function data(name: string, samples: number): [tf.Tensor, tf.Tensor] {
  const { inputShape, loss } = lessonModel(name);
  const x = tf.randomUniform([samples, ...inputShape], 0, 1, "float32", 3);
  const y = tf.randomUniform([samples, 1], 0, 10, "float32", 4).floor();
  return [x, loss === "logits" ? y.toInt() : y];
}

/** Trains for two epochs of two full batches and a last batch of one sample. */
export async function train(
  name: string,
  batchSize: number,
): Promise<{ losses: number[]; weights: Float32Array[]; native: number }> {
  setSeed(5);
  const model = lesson(name);
  const [x, y] = data(name, batchSize * 2 + 1);
  const history = await model.fit(x, y, { batchSize, epochs: 2, verbose: 0 });
  const weights = model
    .getWeights()
    .map((each) => each.dataSync<"float32">().slice());
  const { native } = compilation(model).training;
  tf.dispose([x, y]);
  model.dispose();
  return { losses: history.history["loss"] as number[], weights, native };
}

/** Returns the Euclidean distance of two vectors, relative to the length of the first. */
export function distance(a: Float32Array, b: Float32Array): number {
  let apart = 0;
  let length = 0;
  for (const [index, value] of a.entries()) {
    apart += (value - b[index]!) ** 2;
    length += value ** 2;
  }
  return Math.sqrt(apart / (length || 1));
}
