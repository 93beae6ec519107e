/**
 * Saving and loading of Keras-compatible layers, initializers, penalties, activations and
 * optimizers.
 */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { tf } from "../../src/engine/tensorflow";
import * as keras from "../../src/keras";
import { errorWith } from "../error-with";
import { tensor } from "./row";
import { scheduleCases, scheduleOf } from "./training-cases";

type SaveHandler = Parameters<typeof tf.io.withSaveHandler>[0];
type Artifacts = Parameters<SaveHandler>[0];

/** Saves a model with its optimizer, and loads it again. */
async function reloaded(model: tf.LayersModel): Promise<tf.LayersModel> {
  let artifacts: Artifacts | undefined;
  const save: SaveHandler = async (given) => {
    // Serialized, as in a file.
    const { weightData, ...rest } = given;
    artifacts = {
      ...(JSON.parse(JSON.stringify(rest)) as Artifacts),
      ...(weightData && { weightData }),
    };
    return {} as Awaited<ReturnType<SaveHandler>>;
  };
  await model.save(tf.io.withSaveHandler(save), { includeOptimizer: true });
  return tf.loadLayersModel(tf.io.fromMemory(artifacts!));
}

const values = (x: tf.Tensor | tf.Tensor[]) => [
  ...(Array.isArray(x) ? x[0]! : x).dataSync(),
];

const imageShape = [6, 6, 2];
const sequenceShape = [5, 2];
const layers: Readonly<
  Record<string, readonly [shape: number[], make: () => tf.layers.Layer]>
> = {
  conv1d: [
    sequenceShape,
    () => keras.conv1d({ filters: 2, kernelSize: 2, padding: "causal" }),
  ],
  conv2d: [
    imageShape,
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
    imageShape,
    () => keras.depthwiseConv2d({ kernelSize: 2, dilationRate: [2, 1] }),
  ],
  separableConv2d: [
    imageShape,
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
    imageShape,
    () => keras.upSampling2d({ size: [2, 3], interpolation: "bilinear" }),
  ],
  resizing: [imageShape, () => keras.resizing({ height: 3, width: 4 })],
  centerCrop: [imageShape, () => keras.centerCrop({ height: 3, width: 4 })],
  categoryEncoding: [
    [3],
    () => keras.categoryEncoding({ numTokens: 4, outputMode: "count" }),
  ],
  softmax: [imageShape, () => keras.softmax({ axis: 1 })],
  elu: [imageShape, () => keras.elu({ alpha: 0.5 })],
  alphaDropout: [imageShape, () => keras.alphaDropout({ rate: 0.25 })],
  batchNormalization: [
    imageShape,
    () => keras.batchNormalization({ scale: false }),
  ],
  gru: [sequenceShape, () => keras.gru({ units: 3, returnSequences: true })],
  bidirectional: [
    sequenceShape,
    () =>
      tf.layers.bidirectional({
        layer: keras.gru({ units: 3 }),
        mergeMode: "concat",
      }),
  ],
  lstm: [
    sequenceShape,
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
    test(`a model with ${name} is restored`, async () => {
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
      // Serialized, as in a file: without undefined values.
      assert.deepEqual(
        JSON.parse(JSON.stringify(after.getConfig(), withoutNames)),
        JSON.parse(JSON.stringify(before.getConfig(), withoutNames)),
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
    adamW: keras.adamW,
    "adagrad with clipping": () =>
      keras.adagrad({ clipvalue: 0.1, epsilon: 1e-3 }),
    "adamax with weight decay": () =>
      keras.adamax({ weightDecay: 0.1, globalClipnorm: 0.5 }),
    ...Object.fromEntries(
      Object.entries(scheduleCases).map(([name, schedule]) => [
        name,
        () => keras.nadam({ learningRate: scheduleOf(schedule), clipnorm: 1 }),
      ]),
    ),
    "sgd without momentum": keras.sgd,
  };
  const [x, y] = [tensor([8, 4], 1), tensor([8, 2], 2)];
  for (const [name, make] of Object.entries(optimizers)) {
    test(`${name} continues from its saved state`, async () => {
      const model = tf.sequential({
        layers: [tf.layers.dense({ units: 2, inputShape: [4] })],
      });
      model.compile({ optimizer: make(), loss: "meanSquaredError" });
      for (let step = 0; step < 3; step += 1) await model.trainOnBatch(x, y);
      const loaded = await reloaded(model);
      // tfjs restores the optimizer's settings and state.
      assert.deepEqual(
        loaded.optimizer.getConfig(),
        model.optimizer.getConfig(),
      );
      assert.equal(loaded.optimizer.iterations, 3);
      for (let step = 0; step < 3; step += 1) {
        const losses = [model, loaded].map((each) => each.trainOnBatch(x, y));
        const [before, after] = await Promise.all(losses);
        // Nadam's product of betas is recomputed in float64.
        assert.ok(Math.abs(Number(before) - Number(after)) < 1e-6);
      }
      // With a schedule, its rate at the common number of steps.
      const [rate, reloadedRate] = [model, loaded].map(
        ({ optimizer }) =>
          (optimizer as unknown as { learningRate: number }).learningRate,
      );
      assert.ok(rate! > 0);
      assert.equal(reloadedRate, rate);
    });
  }

  test("an optimizer with an unknown schedule is refused", () => {
    const config = { learningRate: { className: "None", config: {} } };
    const { classNameMap } = tf.serialization.SerializationMap.getMap();
    const [cls, fromConfig] = classNameMap["KerasAdam"]!;
    assert.throws(
      () => fromConfig(cls, config),
      errorWith("ERR_UNKNOWN_NAME", "schedule", '"None"'),
    );
  });

  test("an optimizer rejects state with another number of tensors", async () => {
    const optimizer = keras.adam();
    const iterations = { name: "iter", tensor: tf.scalar(1, "int32") };
    const odd = { name: "w/m", tensor: tf.zeros([2]) };
    await assert.rejects(
      optimizer.setWeights([iterations, odd]),
      errorWith("ERR_SHAPE", "step count and 2 tensors", "received 2 tensors"),
    );
  });

  test("disposing of an optimizer disposes of all its tensors", async () => {
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

/** Omits names, which may change in a loaded model, and null values. */
function withoutNames(key: string, value: unknown): unknown {
  return key === "name" || value === null ? undefined : value;
}
