/**
 * Frozen models as layers of sequential models.
 */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { tf } from "../../src/engine/tensorflow";

const { layers } = tf;

/** Models to freeze, for inputs of 4 values or of 4 steps of 2 values. */
const bases: Readonly<Record<string, () => tf.LayersModel>> = {
  sequential: () =>
    tf.sequential({ layers: [layers.dense({ units: 3, inputShape: [4] })] }),
  functional: () => {
    const inputs = tf.input({ shape: [4] });
    const outputs = layers.dense({ units: 3 }).apply(inputs);
    return tf.model({ inputs, outputs: outputs as tf.SymbolicTensor });
  },
  "with a model within": () =>
    tf.sequential({
      layers: [
        bases["sequential"]!(),
        tf.sequential({
          layers: [layers.dense({ units: 2, inputShape: [3] })],
        }),
      ],
    }),
  recurrent: () =>
    tf.sequential({
      layers: [
        layers.reshape({ targetShape: [4, 1], inputShape: [4] }),
        layers.bidirectional({
          layer: layers.lstm({ units: 2 }),
          mergeMode: "concat",
        }),
      ],
    }),
};

const valuesOf = (model: tf.LayersModel) =>
  model.weights.map((weight) => weight.read().dataSync().join());

/** Compiles and trains a model, and returns whether all weights of a part have changed. */
async function trains(
  model: tf.LayersModel,
  part: tf.LayersModel,
): Promise<boolean[]> {
  const before = valuesOf(part);
  model.compile({ optimizer: "sgd", loss: "meanSquaredError" });
  await model.fit(tf.ones([8, 4]), tf.ones([8, 1]), { epochs: 2, verbose: 0 });
  return valuesOf(part).map((value, index) => value !== before[index]);
}

describe("a frozen model as a layer of a sequential model", () => {
  for (const [name, create] of Object.entries(bases)) {
    for (const place of ["first", "second"] as const) {
      test(`${name}, ${place}: keeps its weights until it is released`, async () => {
        const base = create();
        base.trainable = false;
        const input = layers.inputLayer({ inputShape: [4] });
        const model = tf.sequential({
          layers: [
            ...(place === "first" ? [] : [input]),
            base,
            layers.dense({ units: 1 }),
          ],
        });
        const frozen = await trains(model, base);
        assert.deepEqual(new Set(frozen), new Set([false]));
        base.trainable = true;
        const released = await trains(model, base);
        assert.deepEqual(new Set(released), new Set([true]));
        base.trainable = false;
        const again = await trains(model, base);
        assert.deepEqual(new Set(again), new Set([false]));
      });
    }
  }
});
