/**
 * Programs that use TensorFlow.js's cpu backend. backends.test.ts runs each in a separate process:
 * `node … backend-programs.ts NAME`.
 */
import { tf } from "../../../src/engine";
import { spreadWeights, trainOn, weightsOf } from "./small-models";

const rows = () =>
  tf.tensor2d([
    [1, 2],
    [-1, 0.5],
    [2, 2],
  ]);
const labels = () => tf.tensor2d([[1], [0], [2]]);

function network(activation: "relu" | "sigmoid" | "tanh" | "relu6") {
  const model = tf.sequential({
    layers: [
      tf.layers.dense({ units: 3, inputShape: [2], activation }),
      tf.layers.batchNormalization(),
      tf.layers.dropout({ rate: 0 }),
      tf.layers.dense({ units: 1 }),
    ],
  });
  spreadWeights(model);
  model.compile({ optimizer: tf.train.adam(0.05), loss: "meanSquaredError" });
  return model;
}

/** Waits until unreferenced objects have been collected. */
async function collect(): Promise<void> {
  for (let round = 0; round < 5; round += 1) {
    globalThis.gc!();
    // Nothing reports the end of V8's background compilation, which holds objects.
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

const programs: Record<string, () => Promise<number[]>> = {
  training: async () => {
    await tf.setBackend("cpu");
    const seen: number[] = [];
    for (const activation of ["relu", "sigmoid", "tanh", "relu6"] as const) {
      const model = network(activation);
      seen.push(...(await trainOn(model, rows(), labels(), 5)));
      seen.push(...weightsOf(model).flat());
    }
    return seen;
  },

  collection: async () => {
    for (let count = 0; count < 3; count += 1) {
      const model = network("tanh");
      await trainOn(model, rows(), labels(), 4);
      model.predict(rows());
    }
    await tf.setBackend("cpu");
    await collect();
    return [tf.add(1, 2).dataSync<"float32">()[0]!];
  },

  return: async () => {
    const model = network("relu");
    const seen = await trainOn(model, rows(), labels(), 4);
    await tf.setBackend("cpu");
    const other = network("relu");
    seen.push(...(await trainOn(other, rows(), labels(), 4)));
    await tf.setBackend("tensorflow");
    seen.push(...(await trainOn(model, rows(), labels(), 4)));
    return [...seen, ...weightsOf(model).flat()];
  },

  reading: async () => {
    const model = network("tanh");
    const seen = await trainOn(model, rows(), labels(), 5);
    await tf.setBackend("cpu");
    seen.push(...weightsOf(model).flat());
    seen.push(...(model.predict(rows()) as tf.Tensor).dataSync());
    return seen;
  },
};

void (async () => {
  const name = process.argv[2] ?? "";
  console.log(JSON.stringify(await programs[name]!()));
})();
