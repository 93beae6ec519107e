/**
 * Tests that native training steps compute the graph's values and the same bits on any number of
 * threads, and that a step which cannot run natively is an error.
 *
 * Takes about ten seconds.
 */
import assert from "node:assert/strict";
import { after, describe, test } from "node:test";
import { lessonModels } from "../../../bench/training/build";
import { compilation, setEngine, tf } from "../../../src/engine";
import { nativeAddon } from "../../../src/engine/native/addon";
import { stepsOf } from "../../../src/engine/models/install";
import { setSeed } from "../../../src/training/seed";
import { errorWith } from "../../error-with";
import { classifier, compile, points } from "../models";
import { distance, train } from "./lessons";

const { reason } = nativeAddon();
const skip = reason ?? false;

after(() => setEngine("on"));

describe("the lessons' models", { skip }, () => {
  for (const { name } of lessonModels) {
    test(`${name}: losses and weights equal the graph's`, async () => {
      setEngine("graph");
      const graph = await train(name, 8);
      setEngine("native");
      const native = await train(name, 8);
      assert.equal(native.native, 6);
      assert.equal(graph.native, 0);
      for (const [epoch, loss] of graph.losses.entries()) {
        const error = Math.abs(native.losses[epoch]! - loss) / loss;
        // Model 2 has a million units in a batch, so some are always within rounding of their
        // ReLU's zero.
        const bound = name === "2" ? 1e-2 : 1e-4;
        assert.ok(error < bound, `loss ${native.losses[epoch]}, graph ${loss}`);
      }
      // A unit within rounding of zero may fall on the other side of its ReLU, and Adam takes a
      // full step for any gradient.
      for (const [index, weights] of graph.weights.entries()) {
        const apart = distance(weights, native.weights[index]!);
        assert.ok(apart < 0.02, `weights ${index} differ by ${apart}`);
      }
    });
  }
});

describe("the weights' bits", { skip }, () => {
  const before = process.env["CONVNOTES_THREADS"];
  after(() => {
    if (before === undefined) delete process.env["CONVNOTES_THREADS"];
    else process.env["CONVNOTES_THREADS"] = before;
  });
  for (const name of ["1", "0c", "3c"]) {
    test(`of model ${name} are the same on 1, 2 and 4 threads`, async () => {
      setEngine("native");
      const all: Float32Array[][] = [];
      for (const threads of ["1", "2", "4"]) {
        process.env["CONVNOTES_THREADS"] = threads;
        all.push((await train(name, 10)).weights);
      }
      assert.deepEqual(all[1], all[0]);
      assert.deepEqual(all[2], all[0]);
    });
  }
});

/**
 * Runs one step in each state of the engine. Returns how it ran, and the optimizer's and the
 * model's weights by name.
 */
async function trainOnce(
  make: () => tf.Optimizer,
  states: readonly ("native" | "off")[],
) {
  const found = [];
  for (const state of states) {
    setEngine(state);
    const model = classifier();
    compile(model, make());
    const weights = model
      .getWeights()
      .map(({ shape }, index) =>
        tf.randomNormal(shape, 0, 1, "float32", index + 1),
      );
    model.setWeights(weights);
    const [x, y] = points(8);
    await model.fit(x, y, { batchSize: 8, epochs: 1, verbose: 0 });
    const kept = await stateOf(model);
    const { native, eager } = compilation(model).training;
    found.push({ state: kept, steps: { native, eager } });
  }
  return found;
}

/** Returns the weights by name. Layer names have no counter, so that two models can be compared. */
async function stateOf(
  model: tf.Sequential,
): Promise<Record<string, Float32Array>> {
  let kept: Awaited<ReturnType<tf.Optimizer["getWeights"]>> = [];
  try {
    kept = await model.optimizer.getWeights();
  } catch {
    // tfjs's Adamax does not implement getWeights.
  }
  const weights = model.getWeights();
  const own = model.weights.map(({ name }, index) => ({
    name,
    tensor: weights[index]!,
  }));
  return Object.fromEntries(
    [...kept, ...own].map(({ name, tensor }) => [
      name.replace(/dense_Dense\d+/, "dense"),
      tensor.dataSync<"float32">().slice(),
    ]),
  );
}

describe("a native step", { skip }, () => {
  /** Trains a small classifier for some epochs in a state of the engine. */
  const small = async (
    state: "native" | "graph",
    optimizer: () => tf.Optimizer,
    between: (model: tf.Sequential) => void = () => undefined,
  ): Promise<Float32Array> => {
    setEngine(state);
    setSeed(2);
    const model = classifier();
    model.setWeights(
      model
        .getWeights()
        .map(({ shape }, index) =>
          tf.randomNormal(shape, 0, 0.4, "float32", index),
        ),
    );
    compile(model, optimizer());
    const [x, y] = points(24);
    await model.fit(x, y, { batchSize: 8, epochs: 2, verbose: 0 });
    between(model);
    await model.fit(x, y, { batchSize: 8, epochs: 2, verbose: 0 });
    return tf
      .concat(model.getWeights().map((each) => each.flatten()))
      .dataSync<"float32">();
  };

  test("uses weights that were set between two fits", async () => {
    const optimizer = () => tf.train.sgd(0.1);
    const halve = (model: tf.Sequential) =>
      model.setWeights(model.getWeights().map((each) => each.mul(0.5)));
    const [graph, native, other] = [
      await small("graph", optimizer, halve),
      await small("native", optimizer, halve),
      await small("native", optimizer),
    ];
    assert.ok(distance(graph, native) < 1e-5);
    assert.ok(distance(native, other) > 1e-2);
  });

  test("reports a loss that is not finite", async () => {
    setEngine("native");
    const model = classifier();
    compile(model, tf.train.sgd(0.1));
    const [x, y] = points(8);
    await model.fit(x, y, { batchSize: 8, epochs: 3, verbose: 0 });
    const infinite = x.mul<tf.Tensor2D>(Infinity);
    const history = await model.fit(infinite, y, {
      batchSize: 8,
      epochs: 1,
      verbose: 0,
    });
    assert.ok(!Number.isFinite(history.history["loss"]![0]));
  });

  test("that is not possible throws an error with the reason", async () => {
    setEngine("native");
    const model = classifier(tf.layers.gaussianNoise({ stddev: 0.1 }));
    compile(model, tf.train.sgd(0.1));
    const [x, y] = points(8);
    const { numTensors } = tf.memory();
    await assert.rejects(
      async () => model.fit(x, y, { batchSize: 8, epochs: 3, verbose: 0 }),
      errorWith("ERR_UNSUPPORTED", "StatelessRandomNormal", 'setEngine("on")'),
    );
    // tfjs's own fit leaks two tensors when it throws.
    assert.ok(tf.memory().numTensors <= numTensors + 2);
    setEngine("on");
    await model.fit(x, y, { batchSize: 8, epochs: 3, verbose: 0 });
    const { training } = compilation(model);
    assert.equal(training.native, 0);
    assert.ok(training.graph > 0);
    assert.deepEqual(training.nativeObstacles, [
      "unsupported operation StatelessRandomNormal",
    ]);
    assert.match(
      String(compilation(model)),
      /; not native: .* StatelessRandomNormal\n/,
    );
  });

  test("can be the first of a model, and leaves the optimizer in the state that tfjs does", async () => {
    const optimizers = {
      sgd: () => tf.train.sgd(0.1),
      momentum: () => tf.train.momentum(0.1, 0.9),
      adagrad: () => tf.train.adagrad(0.1, 0.3),
      rmsprop: () => tf.train.rmsprop(0.1),
      adam: () => tf.train.adam(0.1),
      adamax: () => tf.train.adamax(0.1),
    };
    for (const [name, make] of Object.entries(optimizers)) {
      const [native, off] = await trainOnce(make, ["native", "off"]);
      assert.deepEqual(native!.steps, { native: 1, eager: 0 }, name);
      assert.deepEqual(Object.keys(native!.state), Object.keys(off!.state));
      for (const [slot, numbers] of Object.entries(off!.state)) {
        const apart = distance(numbers, native!.state[slot]!);
        // 1 − β₂ is rounded as in TensorFlow, which makes 0.001 wrong by 1e-5.
        assert.ok(apart < 2e-5, `${name}, ${slot}: ${apart}`);
      }
    }
  });

  test("is also used for evaluation, prediction and single batches", async () => {
    setEngine("native");
    const model = classifier();
    compile(model);
    const [x, y] = points(24);
    const options = { batchSize: 8, epochs: 3, verbose: 0 } as const;
    const history = await model.fit(x, y, {
      ...options,
      validationData: [x, y],
    });
    const [loss] = model.evaluate(x, y, { batchSize: 8 }) as tf.Scalar[];
    // The native evaluation sees the weights that native steps have changed.
    assert.equal(
      loss!.dataSync()[0],
      history.history["val_loss"]!.at(-1) as number,
    );
    for (let step = 0; step < 3; step += 1) await model.trainOnBatch(x, y);
    for (let call = 0; call < 3; call += 1) {
      assert.deepEqual((model.predict(x) as tf.Tensor).shape, [24, 3]);
    }
    const { training, evaluation, prediction } = compilation(model);
    assert.deepEqual(
      [training, evaluation, prediction].map(({ native }) => native),
      [9 + 3, 12, 3],
    );
  });

  test("computes many batches in one run, with the bits of single batches", () => {
    setEngine("native");
    const model = classifier();
    compile(model);
    const [x, y] = points(84);
    const options = { batchSize: 8 };
    const slices = Array.from({ length: 11 }, (_, batch) => {
      const size = Math.min(8, 84 - 8 * batch);
      return [x, y].map((data) => tf.slice(data, 8 * batch, size));
    });
    const use = ([data, labels]: tf.Tensor[]) => {
      const [loss] = model.evaluate(data!, labels!, options) as tf.Scalar[];
      const values = (model.predict(data!, options) as tf.Tensor).dataSync();
      return { values, loss: loss!.dataSync()[0]! };
    };
    // The first calls of each size are not native yet.
    for (let round = 0; round < 3; round += 1) {
      use([x, y]);
      use(slices[0]!);
      use(slices.at(-1)!);
    }
    const whole = use([x, y]);
    const parts = slices.map(use);
    assert.deepEqual(
      [...whole.values],
      parts.flatMap(({ values }) => [...values]),
    );
    const total = parts.reduce(
      (sum, { loss }, batch) => sum + loss * slices[batch]![0]!.shape[0],
      0,
    );
    assert.equal(whole.loss, Math.fround(total / 84));
    const { predictGathered, testGathered } = stepsOf(model)!;
    for (const { runs, native } of [
      predictGathered.counts,
      testGathered.counts,
    ]) {
      // On a quiet machine nine of ten batches are one run in each of three rounds. A busy machine
      // splits them, since their number depends on how long a step takes.
      assert.ok(runs <= native - 8, `${runs} runs of ${native} steps`);
    }
  });

  test("prints its program", async () => {
    setEngine("native");
    const model = classifier();
    compile(model);
    const [x, y] = points(8);
    await model.fit(x, y, { batchSize: 8, epochs: 4, verbose: 0 });
    assert.match(
      String(compilation(model)),
      /^training: 4 steps native, 0 as a graph, 0 operation by operation\n[^]*updateAdam\(/,
    );
  });
});
