/**
 * What of the Keras form is saved with a model and comes back: layers, initializers, penalties, activations and optimizers.
 */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { tf } from "../../src/engine/tensorflow";
import * as keras from "../../src/keras";
import { tensor } from "./row";

type SaveHandler = Parameters<typeof tf.io.withSaveHandler>[0];
type Artifacts = Parameters<SaveHandler>[0];

/** A model after it was saved, with its optimizer, and loaded. */
async function reloaded(model: tf.LayersModel): Promise<tf.LayersModel> {
  let artifacts: Artifacts | undefined;
  const save: SaveHandler = async (given) => {
    // As a file would have it.
    const { weightData, ...rest } = given;
    artifacts = {
      ...(JSON.parse(JSON.stringify(rest)) as Artifacts),
      weightData,
    };
    return {} as Awaited<ReturnType<SaveHandler>>;
  };
  await model.save(tf.io.withSaveHandler(save), { includeOptimizer: true });
  return tf.loadLayersModel(tf.io.fromMemory(artifacts!));
}

const values = (x: tf.Tensor | tf.Tensor[]) => [
  ...(Array.isArray(x) ? x[0]! : x).dataSync(),
];

const picture = [6, 6, 2];
const sequence = [5, 2];
const layers: Readonly<
  Record<string, readonly [shape: number[], make: () => tf.layers.Layer]>
> = {
  conv1d: [
    sequence,
    () => keras.conv1d({ filters: 2, kernelSize: 2, padding: "causal" }),
  ],
  conv2d: [
    picture,
    () =>
      keras.conv2d({
        filters: 2,
        kernelSize: 2,
        dilationRate: 2,
        activation: "hardSigmoid",
        kernelInitializer: "heNormal",
        kernelRegularizer: keras.l1l2({ l1: 0.1 }),
      }),
  ],
  depthwiseConv2d: [
    picture,
    () => keras.depthwiseConv2d({ kernelSize: 2, dilationRate: [2, 1] }),
  ],
  separableConv2d: [
    picture,
    () =>
      keras.separableConv2d({
        filters: 2,
        kernelSize: 2,
        pointwiseInitializer: keras.varianceScaling({
          scale: 2,
          mode: "fanAvg",
          distribution: "untruncatedNormal",
          seed: 0,
        }),
      }),
  ],
  upSampling2d: [
    picture,
    () => keras.upSampling2d({ size: [2, 3], interpolation: "bilinear" }),
  ],
  resizing: [picture, () => keras.resizing({ height: 3, width: 4 })],
  centerCrop: [picture, () => keras.centerCrop({ height: 3, width: 4 })],
  categoryEncoding: [
    [3],
    () => keras.categoryEncoding({ numTokens: 4, outputMode: "count" }),
  ],
  softmax: [picture, () => keras.softmax({ axis: 1 })],
  elu: [picture, () => keras.elu({ alpha: 0.5 })],
  alphaDropout: [picture, () => keras.alphaDropout({ rate: 0.25 })],
  batchNormalization: [
    picture,
    () => keras.batchNormalization({ scale: false }),
  ],
  gru: [sequence, () => keras.gru({ units: 3, returnSequences: true })],
  bidirectional: [
    sequence,
    () =>
      tf.layers.bidirectional({
        layer: keras.gru({ units: 3 }),
        mergeMode: "concat",
      }),
  ],
  lstm: [
    sequence,
    () => keras.lstm({ units: 3, recurrentActivation: "hardSigmoid" }),
  ],
  dense: [
    [4],
    () =>
      keras.dense({
        units: 3,
        kernelInitializer: keras.randomUniform({ minval: 0, seed: 0 }),
        biasInitializer: keras.randomNormal({ stddev: 0 }),
      }),
  ],
};

describe("saving", () => {
  for (const [name, [shape, make]] of Object.entries(layers)) {
    test(`a model with ${name} comes back`, async () => {
      const input = tf.input({ shape });
      const outputs = make().apply(input) as tf.SymbolicTensor;
      const model = tf.model({ inputs: input, outputs });
      const loaded = await reloaded(model);
      const x = tf.abs(tensor([2, ...shape], 1, 3));
      assert.deepEqual(values(loaded.predict(x)), values(model.predict(x)));
      const [before, after] = [model, loaded].map((each) =>
        each.layers.at(-1)!,
      ) as [tf.layers.Layer, tf.layers.Layer];
      assert.equal(after.getClassName(), before.getClassName());
      // As a file has them: without what is undefined.
      assert.deepEqual(
        JSON.parse(JSON.stringify(after.getConfig(), known)),
        JSON.parse(JSON.stringify(before.getConfig(), known)),
      );
      assert.deepEqual(model.outputs[0]!.shape, loaded.outputs[0]!.shape);
      assert.deepEqual(
        (model.predict(x) as tf.Tensor).shape.slice(1),
        model.outputs[0]!.shape.slice(1),
      );
    });
  }

  const optimizers = {
    adadelta: keras.adadelta,
    rmsprop: () => keras.rmsprop({ momentum: 0.5, centered: true }),
    adam: () => keras.adam({ amsgrad: true }),
    nadam: keras.nadam,
    sgd: () => keras.sgd({ momentum: 0.9, nesterov: true }),
    "sgd without momentum": keras.sgd,
  };
  const [x, y] = [tensor([8, 4], 1), tensor([8, 2], 2)];
  for (const [name, make] of Object.entries(optimizers)) {
    test(`${name} continues where it was saved`, async () => {
      const model = tf.sequential({
        layers: [tf.layers.dense({ units: 2, inputShape: [4] })],
      });
      model.compile({ optimizer: make(), loss: "meanSquaredError" });
      for (let step = 0; step < 3; step += 1) await model.trainOnBatch(x, y);
      const loaded = await reloaded(model);
      // tfjs's loading gives the optimizer's settings and state.
      assert.deepEqual(
        loaded.optimizer.getConfig(),
        model.optimizer.getConfig(),
      );
      assert.equal(loaded.optimizer.iterations, 3);
      for (let step = 0; step < 3; step += 1) {
        const losses = [model, loaded].map((each) => each.trainOnBatch(x, y));
        const [before, after] = await Promise.all(losses);
        // Nadam's product of betas is worked out again, in float64.
        assert.ok(Math.abs(Number(before) - Number(after)) < 1e-6);
      }
    });
  }

  test("an optimizer refuses state of another number of tensors", async () => {
    const optimizer = keras.adam();
    const iterations = { name: "iter", tensor: tf.scalar(1, "int32") };
    const odd = { name: "w/m", tensor: tf.zeros([2]) };
    await assert.rejects(
      optimizer.setWeights([iterations, odd]),
      /Expected the steps and 2 tensors for each weight, received 2 tensors/,
    );
  });

  test("nothing is left of an optimizer that is disposed of", async () => {
    const before = tf.memory().numTensors;
    for (const make of Object.values(optimizers)) {
      const optimizer = make();
      const weight = tf.tidy(() => tf.variable(tf.zeros([2])));
      const gradient = tf.ones([2]);
      optimizer.applyGradients([{ name: weight.name, tensor: gradient }]);
      const state = await optimizer.getWeights();
      await optimizer.setWeights(state);
      state[0]!.tensor.dispose();
      optimizer.dispose();
      tf.dispose([weight, gradient]);
    }
    assert.equal(tf.memory().numTensors, before);
  });
});

/** Leaves out names, which a loaded model may have to change, and what is not set. */
function known(key: string, value: unknown): unknown {
  return key === "name" || value === null ? undefined : value;
}
