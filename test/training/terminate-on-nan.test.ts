/**
 * Runs whose loss is not finite: the error, the weights and the history that are left.
 */
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { setEngine, type EngineState } from "../../src/engine";
import { tf } from "../../src/engine/tensorflow";
import { fit, historyOf } from "../../src/training/fit";
import { terminateOnNaN } from "../../src/training/terminate-on-nan";
import { getWeights } from "../../src/training/weights";
import { errorWith } from "../error-with";

const SAMPLES = 48;
const BATCH = 8;

/** Inputs (48, 4) and labels (48, 3); sample 29, in batch 4 of 6, is spoiled if told so. */
function data(spoiled: "inputs" | "labels" | "nothing" = "nothing") {
  const rows = (columns: number, seed: number, isSpoiled: boolean) => {
    const values = Array.from({ length: SAMPLES * columns }, (_, index) =>
      Math.abs(Math.sin(seed + index)),
    );
    if (isSpoiled) values[29 * columns + 1] = NaN;
    return tf.tensor2d(values, [SAMPLES, columns]);
  };
  return [
    rows(4, 1, spoiled === "inputs"),
    rows(3, 2, spoiled === "labels"),
  ] as const;
}

let models = 0;

/** Two dense layers. With `adam`, the optimizer makes variables in its first step. */
function network(
  optimizer: tf.Optimizer = tf.train.sgd(0.01),
  middle: tf.layers.Layer[] = [],
): { model: tf.Sequential; names: [first: string, second: string] } {
  models += 1;
  const names: [string, string] = [`first${models}`, `second${models}`];
  const kernelInitializer = "ones";
  const model = tf.sequential({
    layers: [
      tf.layers.dense({
        name: names[0],
        units: 5,
        inputShape: [4],
        kernelInitializer,
      }),
      ...middle,
      tf.layers.dense({ name: names[1], units: 3, kernelInitializer }),
    ],
  });
  model.compile({ optimizer, loss: "meanSquaredError" });
  return { model, names };
}

const weightsOf = (model: tf.LayersModel) =>
  getWeights(model).map((each) => [...each.data]);
const isFinite = (model: tf.LayersModel) =>
  weightsOf(model).flat().every(Number.isFinite);
const quiet = { batchSize: BATCH, shuffle: false, progress: false } as const;
const plain = { batchSize: BATCH, shuffle: false, verbose: 0 } as const;

for (const state of ["native", "graph"] as const satisfies EngineState[]) {
  describe(`a loss that is not finite, with the engine's mode ${state}`, () => {
    before(() => setEngine(state));
    after(() => setEngine("on"));

    test("ends fit with an error that names epoch, batch, layer and sample", async () => {
      const { model, names } = network(tf.train.adam(0.01));
      const [x, y] = data();
      const [bad] = data("inputs");
      const first = await fit(model, x, y, { ...quiet, epochs: 2 });
      assert.equal(first.loss.length, 2);
      const untouched = network(tf.train.adam(0.01)).model;
      untouched.setWeights(model.getWeights());
      await assert.rejects(
        fit(model, bad, y, { ...quiet, epochs: 3 }),
        errorWith(
          "ERR_NOT_FINITE",
          "received NaN in epoch 1, batch 4 of 6",
          `The input of the layer ${names[0]} is not finite`,
          "Sample 29 of the data",
          "weights are those before this batch (all are finite)",
        ),
      );
      assert.ok(isFinite(model), "the weights are those before the batch");
      assert.notDeepEqual(weightsOf(model), weightsOf(untouched));
      const history = historyOf(model);
      assert.deepEqual(history.epochs, []);
      assert.deepEqual(history.interruptedEpoch, { epoch: 1, steps: 3 });
    });

    test("is found in the first batch of a new model", async () => {
      const { model, names } = network(tf.train.adam(0.01));
      const [x, y] = data();
      const huge = tf.fill([SAMPLES, 4], 3e38);
      await assert.rejects(
        fit(model, huge, y, { ...quiet, epochs: 1 }),
        errorWith(
          "ERR_NOT_FINITE",
          "in epoch 1, batch 1 of 6",
          `computed by the layer ${names[0]}, from finite inputs and weights`,
          "inputs scaled",
        ),
      );
      void x;
    });

    test("names a weight that a step before has made infinite", async () => {
      const { model, names } = network(tf.train.sgd(1e30));
      const [x, y] = data();
      await assert.rejects(
        fit(model, x, y, { ...quiet, epochs: 2 }),
        (error: Error) => {
          errorWith("ERR_NOT_FINITE", "in epoch 1", "learning rate")(error);
          assert.match(error.message, /batch [2-4] of 6/);
          assert.ok(names.some((name) => error.message.includes(name)));
          return true;
        },
      );
    });

    test("names labels that are not finite", async () => {
      const { model } = network();
      const [x, y] = data("labels");
      await assert.rejects(
        fit(model, x, y, { ...quiet, epochs: 1 }),
        errorWith(
          "ERR_NOT_FINITE",
          "in epoch 1, batch 4 of 6",
          "All layers returned finite values",
          "The label of sample 29",
        ),
      );
      assert.ok(isFinite(model));
    });

    test("names a layer within a model within the model, and keeps moving averages", async () => {
      const inner = tf.sequential({
        layers: [
          tf.layers.batchNormalization({ inputShape: [5] }),
          tf.layers.activation({ activation: "relu" }),
        ],
      });
      const { model } = network(tf.train.sgd(0.01), [inner]);
      const [x, y] = data();
      await fit(model, x, y, { ...quiet, epochs: 2 });
      const averages = getWeights(inner).map(({ data: values }) => [...values]);
      const kernel = model.layers[0]!.getWeights();
      model.layers[0]!.setWeights([tf.fill([4, 5], Infinity), kernel[1]!]);
      await assert.rejects(
        fit(model, x, y, { ...quiet, epochs: 1 }),
        errorWith(
          "ERR_NOT_FINITE",
          "batch 1 of 6",
          `${model.layers[0]!.name}/kernel was not finite before`,
          `not finite: ${model.layers[0]!.name}/kernel)`,
        ),
      );
      assert.deepEqual(
        getWeights(inner).map(({ data: values }) => [...values]),
        averages,
      );
    });

    test("is reported also if a layer cannot be applied again", async () => {
      let calls = 0;
      class FourSteps extends tf.layers.Layer {
        static readonly className = "FourSteps";
        override computeOutputShape(shape: tf.Shape): tf.Shape {
          return shape;
        }
        override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
          calls += 1;
          if (calls > 4) throw new Error("a fifth call");
          return tf.mul([inputs].flat()[0]!, 1);
        }
      }
      const middle = [new FourSteps({ name: `four${models}` })];
      const { model } = network(tf.train.sgd(0.01), middle);
      const [x, y] = data("inputs");
      // Only the engine's mode "graph" or "on" takes custom layers.
      setEngine(state === "native" ? "on" : state);
      await assert.rejects(
        fit(model, x, y, { ...quiet, epochs: 1 }),
        errorWith(
          "ERR_NOT_FINITE",
          "in epoch 1, batch 4 of 6",
          "could not be applied again to find the cause (Error: a fifth call)",
        ),
      );
      setEngine(state);
    });

    test("ends model.fit with terminateOnNaN, and only then", async () => {
      const [x, y] = data("inputs");
      const { model, names } = network();
      await assert.rejects(
        model.fit(x, y, { ...plain, epochs: 2, callbacks: terminateOnNaN() }),
        errorWith("ERR_NOT_FINITE", "epoch 1, batch 4 of 6", names[0]),
      );
      assert.ok(isFinite(model));
      // The next run is as in tfjs again.
      const { history } = await model.fit(x, y, { ...plain, epochs: 1 });
      assert.ok(Number.isNaN(history["loss"]![0]));
      assert.ok(!isFinite(model));
    });

    test("is found among short steps that run together", async () => {
      const { model } = network();
      const { model: twin } = network();
      const batches = 300;
      const bad = 270;
      const x = tf.tidy(() => {
        const values = Array.from(
          { length: batches * BATCH * 4 },
          (_, index) =>
            index === (bad - 1) * BATCH * 4 ? NaN : Math.sin(index),
        );
        return tf.tensor2d(values, [batches * BATCH, 4]);
      });
      const y = tf.zeros([batches * BATCH, 3]);
      await assert.rejects(
        fit(model, x, y, { ...quiet, epochs: 1 }),
        errorWith("ERR_NOT_FINITE", `epoch 1, batch ${bad} of ${batches}`),
      );
      const steps = bad - 1;
      const { interruptedEpoch } = historyOf(model);
      assert.deepEqual(interruptedEpoch, { epoch: 1, steps });
      // The weights are those that the steps before give, bit for bit.
      const before = x.slice([0], [steps * BATCH]);
      const labels = y.slice([0], [steps * BATCH]);
      await fit(twin, before, labels, { ...quiet, epochs: 1 });
      assert.deepEqual(weightsOf(model), weightsOf(twin));
    });

    test("does not end fit if that is not wanted", async () => {
      const [x, y] = data("inputs");
      const { loss } = await fit(network().model, x, y, {
        ...quiet,
        epochs: 2,
        terminateOnNaN: false,
      });
      assert.deepEqual(loss, [NaN, NaN]);
    });
  });
}

describe("without the engine", () => {
  before(() => setEngine("off"));
  after(() => setEngine("on"));

  test("the error names epoch, batch and weights", async () => {
    const [x, y] = data("inputs");
    const { model, names } = network();
    await assert.rejects(
      fit(model, x, y, { ...quiet, epochs: 2 }),
      errorWith(
        "ERR_NOT_FINITE",
        "received NaN in epoch 1, batch 4",
        `has changed the weights (not finite: ${names[0]}/kernel`,
      ),
    );
    assert.deepEqual(historyOf(model).interruptedEpoch, { epoch: 1, steps: 3 });
  });
});

test("a run with finite losses has the same bits with and without the check", async () => {
  const [x, y] = data();
  const results = [];
  for (const terminate of [true, false]) {
    const { model } = network(tf.train.adam(0.01));
    const { loss } = await fit(model, x, y, {
      ...quiet,
      epochs: 4,
      terminateOnNaN: terminate,
    });
    results.push({ loss, weights: weightsOf(model) });
  }
  assert.deepEqual(results[0], results[1]);
});
