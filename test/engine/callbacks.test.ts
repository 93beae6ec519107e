/**
 * Tests when callbacks of `fit` are called and with what, compared with plain tfjs.
 */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { tf } from "../../src/engine";
import { stepsOf } from "../../src/engine/models/install";
import { assertClose, states, withEngine } from "./models";

type UnresolvedLogs = Record<string, number | tf.Scalar>;

/** Records the arguments of each event: names with the kinds of the values, and the values. */
class Reporter extends tf.Callback {
  readonly received: string[] = [];
  readonly values: number[] = [];
  readonly scalars: tf.Scalar[] = [];

  override async onBatchEnd(
    _batch: number,
    logs?: UnresolvedLogs,
  ): Promise<void> {
    await this.#note("batch", logs!);
  }

  override async onEpochEnd(
    _epoch: number,
    logs?: UnresolvedLogs,
  ): Promise<void> {
    await this.#note("epoch", logs!);
  }

  async #note(event: string, logs: UnresolvedLogs): Promise<void> {
    const kinds: string[] = [event];
    for (const [name, value] of Object.entries(logs)) {
      const isNumber = typeof value === "number";
      kinds.push(`${name} ${isNumber ? "number" : "scalar"}`);
      if (!isNumber) this.scalars.push(value);
      this.values.push(isNumber ? value : (await value.data())[0]!);
    }
    this.received.push(kinds.join(", "));
  }
}

function line(...outputs: readonly string[]): tf.LayersModel {
  const input = tf.input({ shape: [1] });
  const layers = outputs.map(
    (name) =>
      tf.layers
        .dense({ units: 1, name, kernelInitializer: "ones" })
        .apply(input) as tf.SymbolicTensor,
  );
  const model = tf.model({ inputs: input, outputs: layers });
  model.compile({
    optimizer: tf.train.sgd(0.1),
    loss: "meanSquaredError",
    metrics: ["mae"],
  });
  return model;
}

const x = tf.tensor2d([[2], [3], [1]]);
const y = tf.tensor2d([[1], [2], [3]]);
const options = { batchSize: 2, shuffle: false, verbose: 0 } as const;

describe("logs", () => {
  const report = async (...others: readonly tf.CustomCallback[]) => {
    const reporter = new Reporter();
    const { history } = await line("line").fit(x, y, {
      ...options,
      epochs: 3,
      validationData: [x, y],
      callbacks: [reporter, ...others] as tf.Callback[],
    });
    assert.ok(reporter.scalars.every((scalar) => scalar.isDisposed));
    assert.ok(Object.values(history).flat().every(Number.isFinite));
    return reporter;
  };

  test("of a custom callback class are scalars, as in plain tfjs, and are disposed of", async () => {
    const on = await withEngine("on", () => report());
    const off = await withEngine("off", () => report());
    assert.deepEqual(on.received, off.received);
    assertClose(on.values, off.values, 1e-6);
    assert.equal(on.received.length, 3 * 3);
    const batch = "batch, batch number, size number, loss scalar, mae scalar";
    assert.equal(on.received[0], batch);
    assert.equal(
      on.received[2],
      "epoch, val_loss scalar, val_mae scalar, loss scalar, mae scalar",
    );
  });

  test("of a tf.CustomCallback next to it are numbers", async () => {
    for (const state of states) {
      const kinds = new Set<string>();
      const note = async (_index: number, logs?: tf.Logs) => {
        for (const value of Object.values(logs!)) kinds.add(typeof value);
      };
      const custom = new tf.CustomCallback({
        onBatchEnd: note,
        onEpochEnd: note,
      });
      await withEngine(state, () => report(custom));
      assert.deepEqual([...kinds], ["number"]);
    }
  });

  test("a history does not depend on other callbacks", async () => {
    const train = async (callbacks: tf.Callback[]) => {
      const fitted = await line("line").fit(x, y, {
        ...options,
        epochs: 5,
        callbacks,
      });
      return fitted.history;
    };
    assert.deepEqual(await train([]), await train([new Reporter()]));
  });

  test("of a model with two outputs and validation have tfjs's names and values", async () => {
    const train = async () => {
      const both = [y, tf.mul(y, 2)];
      const fitted = await line("a", "b").fit(x, both, {
        ...options,
        epochs: 3,
        validationData: [x, both],
      });
      return fitted.history;
    };
    const on = await withEngine("on", train);
    assert.deepEqual(Object.keys(on), [
      "val_loss",
      "val_a_loss",
      "val_b_loss",
      "val_a_mae",
      "val_b_mae",
      "loss",
      "a_loss",
      "b_loss",
      "a_mae",
      "b_mae",
    ]);
    const off = await withEngine("off", train);
    assert.deepEqual(Object.keys(on), Object.keys(off));
    const numbers = (history: typeof on) =>
      Object.values(history).flat() as number[];
    assertClose(numbers(on), numbers(off), 2e-6);
  });
});

describe("a class that extends tf.CustomCallback", () => {
  /** Sets a rate in each eighth batch only. */
  class SometimesARate extends tf.CustomCallback {
    batches = 0;

    constructor(readonly optimizer: tf.SGDOptimizer) {
      super({}, "never");
    }

    override async onBatchEnd(): Promise<void> {
      this.batches += 1;
      this.optimizer.setLearningRate(this.batches % 8 === 4 ? 0.25 : 0);
    }
  }

  test("is called after each batch, whether a method is overridden or set on the object", async () => {
    for (const onObject of [false, true]) {
      const optimizer = tf.train.sgd(0);
      const model = tf.sequential({
        layers: [
          tf.layers.dense({
            units: 1,
            inputShape: [1],
            kernelInitializer: "zeros",
            useBias: false,
          }),
        ],
      });
      model.compile({ optimizer, loss: "meanSquaredError" });
      const callback = onObject
        ? new tf.CustomCallback({}, "never")
        : new SometimesARate(optimizer);
      if (onObject) {
        let batches = 0;
        callback.onBatchEnd = async () => {
          batches += 1;
          optimizer.setLearningRate(batches % 8 === 4 ? 0.25 : 0);
        };
      }
      await model.fit(tf.ones([80, 1]), tf.ones([80, 1]), {
        epochs: 10,
        batchSize: 1,
        shuffle: false,
        verbose: 0,
        callbacks: [callback] as unknown as tf.Callback[],
      });
      // Each of 100 steps with the rate 0.25 halves the remaining distance.
      const weight = model.getWeights()[0]!.dataSync()[0]!;
      assert.ok(Math.abs(1 - weight) < 1e-6);
      const { compiled, runs } = stepsOf(model)!.trainGathered.counts;
      assert.equal(runs, compiled);
    }
  });
});
