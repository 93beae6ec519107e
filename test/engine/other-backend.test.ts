/**
 * Tests tfjs's own JavaScript backend while the engine is on: it computes its own values, and
 * programs compiled before the change remain valid.
 */
import assert from "node:assert/strict";
import { afterEach, describe, test } from "node:test";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { tf } from "../../src/engine";
import { randomFlip } from "../../src/models/random-flip";
import { randomShift } from "../../src/models/random-shift";
import { assertClose, compiledSteps, weightsOf, withEngine } from "./models";
import { until } from "../until";

afterEach(() => tf.setBackend("tensorflow"));

/** Trains a small model in JavaScript, and returns losses and weights. */
async function trainInJavaScript(
  ...between: readonly tf.layers.Layer[]
): Promise<number[]> {
  await tf.setBackend("cpu");
  const { random } = Math;
  let drawn = 1;
  // tfjs draws noise without a seed; both runs must draw the same.
  Math.random = () => (drawn = (drawn * 16_807) % 2_147_483_647) / 2 ** 31;
  try {
    const model = tf.sequential();
    model.add(tf.layers.inputLayer({ inputShape: [4, 4, 2] }));
    for (const layer of between) model.add(layer);
    model.add(tf.layers.flatten());
    model.add(tf.layers.dense({ units: 2, kernelInitializer: "ones" }));
    model.compile({ optimizer: tf.train.sgd(0.01), loss: "meanSquaredError" });
    const x = tf.randomNormal([6, 4, 4, 2], 0, 1, "float32", 3);
    const y = tf.randomNormal([6, 2], 0, 1, "float32", 4);
    const { history } = await model.fit(x, y, {
      epochs: 3,
      batchSize: 3,
      shuffle: false,
      verbose: 0,
    });
    assert.equal(compiledSteps(model), 0);
    return [...(history["loss"] as number[]), ...weightsOf(model).flat()];
  } finally {
    Math.random = random;
    await tf.setBackend("tensorflow");
  }
}

describe("training in JavaScript yields the values of plain tfjs", () => {
  const layers: Record<string, () => tf.layers.Layer> = {
    relu: () => tf.layers.activation({ activation: "relu" }),
    relu6: () => tf.layers.activation({ activation: "relu6" }),
    sigmoid: () => tf.layers.activation({ activation: "sigmoid" }),
    tanh: () => tf.layers.activation({ activation: "tanh" }),
    dropout: () => tf.layers.dropout({ rate: 0.5, seed: 3 }),
    "gaussian noise": () => tf.layers.gaussianNoise({ stddev: 1 }),
    "gaussian dropout": () => tf.layers.gaussianDropout({ rate: 0.5 }),
    "batch normalization": () => tf.layers.batchNormalization(),
  };
  for (const [name, make] of Object.entries(layers)) {
    test(name, async () => {
      // A preceding bias addition by TensorFlow must not be mistaken for one in JavaScript.
      tf.tidy(() => tf.add(tf.zeros([3, 2]), tf.ones([2])).dataSync());
      const on = await trainInJavaScript(make());
      const off = await withEngine("off", () => trainInJavaScript(make()));
      assertClose(on, off, 0);
    });
  }

  test("random flips and shifts drawn by TensorFlow", async () => {
    const layer = [randomFlip(), randomShift({ pixels: 1 })];
    const numbers = await trainInJavaScript(...layer);
    assert.ok(numbers.every(Number.isFinite));
  });
});

describe("programs compiled before another backend was set", () => {
  async function trainedModel(): Promise<tf.Sequential> {
    const model = tf.sequential({
      layers: [tf.layers.dense({ units: 1, inputShape: [1] })],
    });
    model.compile({ optimizer: tf.train.sgd(0.1), loss: "meanSquaredError" });
    const options = { epochs: 8, verbose: 0 } as const;
    await model.fit(tf.tensor2d([[2]]), tf.tensor2d([[1]]), options);
    assert.ok(compiledSteps(model) > 0);
    return model;
  }

  test("weights are synced from its session, and can be trained further", async () => {
    const model = await trainedModel();
    await tf.setBackend("cpu");
    const [kernel, bias] = model
      .getWeights()
      .map((each) => each.dataSync()[0]!);
    assert.ok(Math.abs(2 * kernel! + bias! - 1) < 0.1);
    const [x, y] = [tf.tensor2d([[2]]), tf.tensor2d([[1]])];
    await model.fit(x, y, { epochs: 1, verbose: 0 });
    const output = (model.predict(x) as tf.Tensor).dataSync()[0]!;
    await tf.setBackend("tensorflow");
    await model.fit(x, y, { epochs: 20, verbose: 0 });
    assert.ok(Math.abs(output - 1) < 0.1);
    assert.ok(
      Math.abs((model.predict(x) as tf.Tensor).dataSync()[0]! - 1) < 0.01,
    );
  });

  test("the session of a collected model is deleted", async () => {
    let isCollected = false;
    const registry = new FinalizationRegistry(() => (isCollected = true));
    await (async () => {
      registry.register(await trainedModel(), undefined);
    })();
    await tf.setBackend("cpu");
    setFlagsFromString("--expose-gc");
    const collect = runInNewContext("gc") as () => void;
    await until(() => {
      collect();
      return isCollected;
    }, "the model's collection");
    assert.equal(tf.add(1, 2).dataSync()[0], 3);
  });
});
