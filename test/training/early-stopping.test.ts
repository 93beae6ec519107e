/**
 * Early stopping: when a run ends, and which weights the model has then.
 */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { tf } from "../../src/engine/tensorflow";
import {
  EarlyStopping,
  type EarlyStoppingOptions,
} from "../../src/training/early-stopping";
import { evaluate } from "../../src/training/evaluate";
import { fit } from "../../src/training/fit";
import { errorWith } from "../error-with";

const quiet = { batchSize: 8, seed: 1, progress: false } as const;
const noise = (seed: number) =>
  tf.randomNormal<tf.Rank.R2>([32, 6], 0, 1, "float32", seed);
/** Labels without relation to the inputs, so that a network can only learn them by heart. */
const labels = (seed: number) =>
  tf.randomUniform<tf.Rank.R2>([32, 1], 0, 4, "int32", seed).toFloat();

function network(): tf.Sequential {
  const model = tf.sequential({
    layers: [
      tf.layers.dense({
        units: 64,
        activation: "relu",
        inputShape: [6],
        kernelInitializer: tf.initializers.glorotUniform({ seed: 1 }),
      }),
      tf.layers.dense({
        units: 4,
        activation: "softmax",
        kernelInitializer: tf.initializers.glorotUniform({ seed: 2 }),
      }),
    ],
  });
  model.compile({
    optimizer: tf.train.adam(0.02),
    loss: "sparseCategoricalCrossentropy",
    metrics: ["accuracy"],
  });
  return model;
}

/** The epoch after which each value stops a run, for given values of a curve. */
function stopsAfter(
  values: readonly number[],
  options: EarlyStoppingOptions,
): number | undefined {
  const stopping = new EarlyStopping(network(), options);
  const monitor = options.monitor ?? "val_loss";
  const index = values.findIndex((value, at) =>
    stopping.isDone(at + 1, { [monitor]: value }),
  );
  stopping.dispose();
  return index === -1 ? undefined : index + 1;
}

describe("when a run ends", () => {
  test("after `patience` epochs without a smaller loss", () => {
    assert.equal(stopsAfter([3, 2, 2.5, 2.1, 2.2], { patience: 3 }), 5);
    assert.equal(stopsAfter([3, 2, 2.5, 1.9, 2.2], { patience: 3 }), undefined);
    assert.equal(stopsAfter([3, 3], { patience: 1 }), 2);
  });

  test("an accuracy has to rise", () => {
    const options = { patience: 2, monitor: "val_accuracy" };
    assert.equal(stopsAfter([0.1, 0.2, 0.2, 0.1], options), 4);
    assert.equal(stopsAfter([0.1, 0.2, 0.2, 0.3], options), undefined);
  });

  test("changes up to `minDelta` do not count", () => {
    assert.equal(stopsAfter([3, 2.9, 2.8], { patience: 2, minDelta: 0.5 }), 3);
    assert.equal(
      stopsAfter([3, 2.9, 2.4], { patience: 2, minDelta: 0.5 }),
      undefined,
    );
  });
});

describe("the direction of a curve", () => {
  const falls = ["loss", "val_loss", "val_mse", "meanAbsoluteError", "cosine"];
  const rises = ["acc", "val_accuracy", "categoricalAccuracy", "recall"];
  for (const [names, values] of [
    [falls, [3, 2, 1]],
    [rises, [1, 2, 3]],
  ] as const) {
    for (const monitor of names) {
      test(`${monitor} has to ${names === falls ? "fall" : "rise"}`, () => {
        const options = { patience: 1, monitor };
        assert.equal(stopsAfter(values, options), undefined);
        assert.equal(stopsAfter([...values].reverse(), options), 2);
        const mode = names === falls ? "max" : "min";
        assert.equal(stopsAfter(values, { ...options, mode }), 2);
      });
    }
  }

  test("a name that does not say which values are better needs a mode", () => {
    assert.throws(
      () => stopsAfter([1], { patience: 1, monitor: "val_score" }),
      errorWith("ERR_INVALID_VALUE", "mode", '"val_score"', '"auto"'),
    );
    const options = { patience: 1, monitor: "val_score", mode: "max" } as const;
    assert.equal(stopsAfter([1, 2, 2], options), 3);
  });
});

describe("fit with early stopping", () => {
  const data = [noise(1), labels(2)] as const;
  const validationData = [noise(3), labels(4)] as const;

  /** Trains a model, and asserts that it has the loss of its best epoch. */
  async function endsWithBestWeights(model: tf.LayersModel): Promise<void> {
    const history = await fit(model, ...data, {
      ...quiet,
      epochs: 60,
      validationData,
      earlyStopping: { patience: 4 },
    });
    const { loss } = evaluate(model, ...validationData, { batchSize: 8 });
    assert.equal(loss, history.val_loss[history.restoredEpoch! - 1]);
  }

  test("ends early, and the model has the weights of its best epoch", async () => {
    const model = network();
    const tensors = tf.memory().numTensors;
    const history = await fit(model, ...data, {
      ...quiet,
      epochs: 60,
      validationData,
      earlyStopping: { patience: 4 },
    });
    const best = history.val_loss.indexOf(Math.min(...history.val_loss)) + 1;
    assert.equal(history.epochs.length, best + 4);
    assert.equal(history.restoredEpoch, best);
    assert.match(history.toString(), new RegExp(`those of epoch ${best}`));
    const { loss } = evaluate(model, ...validationData, { batchSize: 8 });
    assert.equal(loss, history.val_loss[best - 1]);
    // The optimizer's own variables remain: two for each weight, and two counters.
    assert.ok(tf.memory().numTensors - tensors <= 12);
  });

  test("gives a model with a frozen model as a layer its best weights", async () => {
    const frozen = tf.sequential({
      layers: [tf.layers.dense({ units: 6, inputShape: [6] })],
    });
    frozen.trainable = false;
    // All weights of both parts have the same shapes.
    const model = tf.sequential({
      layers: [
        frozen,
        tf.layers.dense({ units: 6, activation: "relu" }),
        tf.layers.dense({ units: 6, activation: "softmax" }),
      ],
    });
    model.compile({
      optimizer: tf.train.adam(0.02),
      loss: "sparseCategoricalCrossentropy",
    });
    await endsWithBestWeights(model);
  });

  test("restores weights that break a constraint as they were trained", async () => {
    const model = tf.sequential({
      layers: [
        tf.layers.dense({
          units: 4,
          inputShape: [6],
          activation: "softmax",
          kernelConstraint: tf.constraints.nonNeg(),
        }),
      ],
    });
    model.compile({
      optimizer: tf.train.adam(0.05),
      loss: "sparseCategoricalCrossentropy",
    });
    await endsWithBestWeights(model);
    assert.ok(model.getWeights()[0]!.min().dataSync()[0]! < 0);
  });

  test("gives the same bits as a run that ends at the best epoch", async () => {
    const stopped = network();
    const history = await fit(stopped, ...data, {
      ...quiet,
      epochs: 60,
      validationData,
      earlyStopping: { patience: 4 },
    });
    const plain = network();
    await fit(plain, ...data, {
      ...quiet,
      epochs: history.restoredEpoch!,
      validationData,
    });
    assert.deepEqual(
      stopped.getWeights().map((weight) => weight.dataSync()),
      plain.getWeights().map((weight) => weight.dataSync()),
    );
  });

  test("can keep the last weights instead", async () => {
    const model = network();
    const history = await fit(model, ...data, {
      ...quiet,
      epochs: 60,
      validationData,
      earlyStopping: { patience: 2, restoreBestWeights: false },
    });
    assert.equal(history.restoredEpoch, undefined);
    const { loss } = evaluate(model, ...validationData, { batchSize: 8 });
    assert.equal(loss, history.val_loss.at(-1));
  });

  test("a curve that the run does not have is refused", async () => {
    await assert.rejects(
      fit(network(), ...data, {
        ...quiet,
        epochs: 2,
        earlyStopping: { patience: 1 },
      }),
      errorWith("ERR_UNKNOWN_NAME", "loss, accuracy", "val_loss"),
    );
    assert.throws(
      () => new EarlyStopping(network(), { patience: 0 }),
      errorWith("ERR_INVALID_VALUE", "patience", "0"),
    );
    assert.throws(
      () => new EarlyStopping(network(), { patience: 1, minDelta: -1 }),
      errorWith("ERR_INVALID_VALUE", "minDelta", "-1"),
    );
    assert.throws(
      () => new EarlyStopping(network(), { patience: 1, baseline: NaN }),
      errorWith("ERR_INVALID_VALUE", "baseline", "finite", "NaN"),
    );
    assert.throws(
      () => new EarlyStopping(network(), { patience: 1, startFromEpoch: 0.5 }),
      errorWith("ERR_INVALID_VALUE", "startFromEpoch", "0.5"),
    );
  });
});
