/**
 * Tests several short steps in one run of TensorFlow's graph: bitwise equal to single steps, and
 * only where it is not observable.
 */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { setEngine, tf } from "../../src/engine";
import { stepsOf } from "../../src/engine/models/install";
import { markPassive } from "../../src/engine/models/watches-batches";
import * as keras from "../../src/keras";
import { classifier, compile, copyWeights, points, weightsOf } from "./models";

// Native steps run one by one.
setEngine("graph");

/** 60 batches of 4, for 5 epochs: far more steps than needed to pay off. */
const [x, y] = points(240);
const epochs = 5;
const quiet = { batchSize: 4, epochs, verbose: 0, shuffle: false } as const;

const countsOf = (model: tf.LayersModel) =>
  stepsOf(model)!.trainGathered.counts;

/** A callback that observes every batch. */
const watcher = { onBatchEnd: async () => undefined };

/** A model whose steps draw random values and change variables that are not trained. */
function busyModel(): tf.Sequential {
  const model = classifier(
    tf.layers.dropout({ rate: 0.3, seed: 5 }),
    tf.layers.batchNormalization(),
  );
  compile(model, tf.train.adam(0.01));
  return model;
}

describe("training", () => {
  test("is bitwise equal to single steps: logs, weights and optimizer", async () => {
    const [several, single] = [busyModel(), busyModel()];
    copyWeights(several, single);
    const history = await several.fit(x, y, quiet);
    const expected = await single.fit(x, y, { ...quiet, callbacks: watcher });
    assert.equal(countsOf(several).compiled, 60 * epochs - 1);
    // 60 = 10 · 6; the first ten steps are recorded or timed.
    assert.ok(countsOf(several).runs < 80, `${countsOf(several).runs} runs`);
    assert.equal(countsOf(single).runs, countsOf(single).compiled);
    assert.deepEqual(history.history, expected.history);
    assert.deepEqual(weightsOf(several), weightsOf(single));
    const [ours, theirs] = await Promise.all(
      [several, single].map((model) => model.optimizer.getWeights()),
    );
    assert.deepEqual(
      ours!.map(({ tensor }) => Array.from(tensor.dataSync())),
      theirs!.map(({ tensor }) => Array.from(tensor.dataSync())),
    );
    // A later fit continues from there, batch by batch or not.
    await several.fit(x, y, { ...quiet, callbacks: watcher });
    await single.fit(x, y, quiet);
    assert.deepEqual(weightsOf(several), weightsOf(single));
  });

  test("each step has the learning rate of its own place in a schedule", async () => {
    const { schedules } = keras.optimizers;
    const scheduled = () => {
      const model = classifier();
      const learningRate = schedules.cosineDecay({
        ...{ initialLearningRate: 0, decaySteps: 200 },
        ...{ warmupTarget: 0.05, warmupSteps: 60 },
      });
      const optimizer = keras.adamW({ learningRate, globalClipnorm: 0.5 });
      compile(model, optimizer);
      return model;
    };
    const [several, single] = [scheduled(), scheduled()];
    copyWeights(several, single);
    const rate = () =>
      keras.callbacks.learningRateScheduler((epoch) => 0.1 / (epoch + 1));
    for (const [model, callbacks] of [
      [several, []],
      [single, [new tf.CustomCallback(watcher)]],
    ] as const) {
      await model.fit(x, y, { ...quiet, callbacks: [...callbacks] });
      // A callback that acts once in an epoch does not separate steps.
      const optimizer = keras.sgd({ clipnorm: 0.1, weightDecay: 0.01 });
      compile(model, optimizer);
      const options = { ...quiet, callbacks: [rate(), ...callbacks] };
      const { history } = await model.fit(x, y, options);
      const rates = [0.1, 0.1 / 2, 0.1 / 3, 0.1 / 4, 0.1 / 5];
      assert.deepEqual(history["learning_rate"], rates);
    }
    assert.ok(countsOf(several).runs < 160, `${countsOf(several).runs} runs`);
    assert.equal(countsOf(single).runs, countsOf(single).compiled);
    assert.deepEqual(weightsOf(several), weightsOf(single));
  });

  test("shuffles, and runs the smaller last batch separately", async () => {
    const model = busyModel();
    const few = points(238);
    const options = { ...quiet, shuffle: true };
    const { history } = await model.fit(...few, options);
    const { stepByStep, compiled, runs } = countsOf(model);
    assert.equal(stepByStep + compiled, 60 * epochs);
    assert.ok(runs < compiled);
    const losses = history["loss"] as number[];
    assert.ok(losses.at(-1)! < losses[0]!);
  });

  test("a learning rate set between epochs applies from the next step on", async () => {
    const trained = await Promise.all(
      [{}, watcher].map(async (callbacks) => {
        const model = busyModel();
        model.setWeights(
          model.getWeights().map((weight) => tf.fill(weight.shape, 0.1)),
        );
        await model.fit(x, y, {
          ...quiet,
          callbacks: {
            ...callbacks,
            onEpochEnd: async (epoch) => {
              const rate = epoch === 2 ? 0 : 0.01;
              Object.assign(model.optimizer, { learningRate: rate });
            },
          },
        });
        return weightsOf(model);
      }),
    );
    assert.deepEqual(trained[0], trained[1]);
  });

  test("does not combine steps if a callback observes batches in any way", async () => {
    class Counter extends tf.Callback {
      batches = 0;
      override async onBatchBegin(): Promise<void> {
        this.batches += 1;
      }
    }
    const counter = new Counter();
    const watchers = [
      watcher,
      { onBatchBegin: watcher.onBatchEnd },
      { onYield: watcher.onBatchEnd },
      counter,
    ];
    for (const callbacks of watchers) {
      const model = busyModel();
      await model.fit(x, y, { ...quiet, callbacks });
      const { compiled, runs } = countsOf(model);
      assert.equal(runs, compiled);
    }
    assert.equal(counter.batches, 60 * epochs);
    const model = busyModel();
    const epochEnd = { onEpochEnd: async () => undefined };
    const callbacks = [
      tf.callbacks.earlyStopping({ monitor: "loss", patience: 9 }),
      new tf.CustomCallback(epochEnd),
    ];
    await model.fit(x, y, { ...quiet, callbacks });
    assert.ok(countsOf(model).runs < countsOf(model).compiled);
  });

  test("combines steps for a passive callback; a stop counts all completed steps", async () => {
    const model = busyModel();
    const twin = busyModel();
    copyWeights(model, twin);
    let batches = 0;
    const stopAfter = 2 * 60 + 27;
    const onBatchEnd = markPassive(async () => {
      batches += 1;
      // As if called from outside, in the middle of a run of six.
      if (batches === stopAfter) model.stopTraining = true;
    });
    const { history } = await model.fit(x, y, {
      ...quiet,
      callbacks: { onBatchEnd },
    });
    const { compiled, runs } = countsOf(model);
    assert.ok(runs < compiled);
    assert.equal(batches, compiled + 1);
    assert.ok(batches >= stopAfter && batches < stopAfter + 6);
    assert.equal(model.optimizer.iterations, batches);
    // The same number of single steps.
    let steps = 0;
    const expected = await twin.fit(x, y, {
      ...quiet,
      callbacks: {
        onBatchEnd: async () => {
          steps += 1;
          if (steps === batches) twin.stopTraining = true;
        },
      },
    });
    assert.deepEqual(history, expected.history);
    assert.deepEqual(weightsOf(model), weightsOf(twin));
  });

  test("does not combine steps if few remain", async () => {
    const model = busyModel();
    await model.fit(x, y, { ...quiet, epochs: 3 });
    const { compiled, runs } = countsOf(model);
    assert.equal(runs, compiled);
  });
});

test("a loss that is not finite within a run: weights, logs and step count as with single steps", async () => {
  const spoiled = tf.tidy(() => {
    const spoiler = tf.buffer([240, 1], "float32");
    // The third step of a run of six.
    spoiler.set(Number.NaN, 4 * 26, 0);
    return tf.add<tf.Tensor2D>(x, spoiler.toTensor());
  });
  const train = async (callbacks: object) => {
    const model = classifier();
    model.setWeights(
      model.getWeights().map((weight) => tf.fill(weight.shape, 0.1)),
    );
    compile(model, tf.train.sgd(0.01));
    const messages: string[] = [];
    const { warn } = console;
    console.warn = (message: string) =>
      messages.push(message.replace(/Dense\d+/, "Dense"));
    try {
      // Valid epochs first, so the corrupted epoch begins with runs of several steps.
      await model.fit(x, y, { ...quiet, callbacks });
      const { history } = await model.fit(spoiled, y, {
        ...quiet,
        callbacks,
      });
      const { iterations } = model.optimizer;
      return { history, weights: weightsOf(model), iterations, messages };
    } finally {
      console.warn = warn;
    }
  };
  const several = await train({});
  const single = await train(watcher);
  assert.deepEqual(several, single);
  assert.ok(Number.isNaN(several.history["loss"]![0]));
  assert.ok(Number.isFinite(several.history["acc"]![0]));
  assert.equal(several.messages.length, 1);
});

describe("evaluation and prediction", () => {
  const [many, labels] = points(1203);

  test("are bitwise equal to single batches", async () => {
    const model = busyModel();
    await model.fit(x, y, { ...quiet, epochs: 1 });
    const scores = () =>
      (model.evaluate(many, labels, { batchSize: 4 }) as tf.Scalar[]).map(
        (score) => score.dataSync()[0],
      );
    const rows = () =>
      Array.from(
        (model.predict(many, { batchSize: 4 }) as tf.Tensor).dataSync(),
      );
    const [several, predictions] = [scores(), rows()];
    const { testGathered, predictGathered } = stepsOf(model)!;
    for (const { counts } of [testGathered, predictGathered]) {
      assert.equal(counts.stepByStep + counts.compiled, 301);
      assert.ok(counts.runs < 60, `${counts.runs} runs`);
    }
    const parts = [...Array(301).keys()].map((index) =>
      many.slice([4 * index, 0], [Math.min(4, 1203 - 4 * index), 4]),
    );
    const oneByOne = parts.flatMap((part) =>
      Array.from((model.predict(part) as tf.Tensor).dataSync()),
    );
    assert.deepEqual(predictions, oneByOne);
    assert.deepEqual(scores(), several);
    const { length } = predictions;
    assert.equal(length, 1203 * 3);
  });

  test("several outputs keep their order", () => {
    const input = tf.input({ shape: [4] });
    const outputs = [2, 5].map(
      (units) => tf.layers.dense({ units }).apply(input) as tf.SymbolicTensor,
    );
    const model = tf.model({ inputs: input, outputs });
    const whole = model.predict(many, { batchSize: 1203 }) as tf.Tensor[];
    const parts = model.predict(many, { batchSize: 4 }) as tf.Tensor[];
    for (const [index, part] of parts.entries()) {
      assert.deepEqual(part.shape, whole[index]!.shape);
      const apart = tf.max(tf.abs(tf.sub(part, whole[index]!))).dataSync()[0]!;
      assert.ok(apart < 1e-6, `output ${index} is ${apart} off`);
    }
  });
});
