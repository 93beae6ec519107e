/**
 * Tests callbacks of each kind: when they are called, with what, and what they do to the model. A
 * few seconds.
 */
import { describe } from "node:test";
import { tf } from "../../../src/engine";
import { sameBothWays } from "./comparison";
import {
  chain,
  line,
  one,
  spreadWeights,
  squares,
  weightOf,
} from "./small-models";

/** Numbers, or scalars that are kept until the callback returns. */
type Logs = Record<string, number | tf.Scalar>;

const quiet = { verbose: 0, shuffle: false } as const;

describe("a class that extends tf.CustomCallback", () => {
  sameBothWays(
    "and sets the rate of each batch in its onBatchEnd",
    async (observations) => {
      const optimizer = tf.train.sgd(0);
      class Rates extends tf.CustomCallback {
        batches = 0;
        override async onBatchEnd(): Promise<void> {
          this.batches += 1;
          optimizer.setLearningRate(this.batches % 8 === 4 ? 0.25 : 0);
        }
      }
      const model = chain([line()]);
      model.compile({ optimizer, loss: "meanSquaredError" });
      const x = tf.ones([80, 1]);
      await model.fit(x, x, {
        ...quiet,
        epochs: 10,
        batchSize: 1,
        callbacks: [new Rates({}, "never")],
      });
      observations.see("distance", 1 - weightOf(model));
    },
    { right: { distance: [0] } },
  );

  for (const event of ["onBatchBegin", "onBatchEnd"] as const) {
    sameBothWays(
      `and stops in the middle of an epoch, in ${event}`,
      async (observations) => {
        const model = chain([line()]);
        class Stop extends tf.CustomCallback {
          batches = 0;
          override async onBatchBegin(): Promise<void> {
            if (event === "onBatchBegin") this.count();
          }
          override async onBatchEnd(): Promise<void> {
            if (event === "onBatchEnd") this.count();
          }
          count(): void {
            this.batches += 1;
            if (this.batches === 403) model.stopTraining = true;
          }
        }
        const optimizer = tf.train.sgd(0.001);
        model.compile({ optimizer, loss: "meanSquaredError" });
        const x = tf.ones([100, 1]);
        const { history } = await model.fit(x, tf.mul(x, 3), {
          ...quiet,
          epochs: 10,
          batchSize: 1,
          callbacks: [new Stop({}, "never")],
        });
        observations.see("weight", weightOf(model));
        observations.see("history", history);
      },
    );
  }

  sameBothWays(
    "and whose parent class overrides onBatchEnd",
    async (observations) => {
      class Parent extends tf.CustomCallback {
        override async onBatchEnd(batch: number): Promise<void> {
          observations.call("batches");
          observations.see("weight", [batch, weightOf(this.trained)]);
        }
        constructor(readonly trained: tf.LayersModel) {
          super({});
        }
      }
      class Child extends Parent {}
      const model = chain([line()]);
      model.compile({ optimizer: tf.train.sgd(0.01), loss: squares });
      const x = tf.ones([30, 1]);
      await model.fit(x, x, {
        ...quiet,
        epochs: 10,
        batchSize: 1,
        callbacks: [new Child(model)],
      });
    },
  );

  sameBothWays(
    "given onBatchEnd as an argument and as a field later",
    async (observations) => {
      const model = chain([line()]);
      model.compile({ optimizer: tf.train.sgd(0.01), loss: squares });
      const callback = new tf.CustomCallback({
        onEpochBegin: async (epoch) => {
          if (epoch !== 5) return;
          Object.assign(callback, {
            batchEnd: async () => {
              observations.call("batches");
              observations.see("weight", weightOf(model));
            },
          });
        },
      });
      const x = tf.ones([30, 1]);
      await model.fit(x, x, {
        ...quiet,
        epochs: 10,
        batchSize: 1,
        callbacks: [callback],
      });
      observations.see("weight", weightOf(model));
    },
  );
});

describe("a class that extends tf.Callback", () => {
  for (const verbose of [0, 1] as const) {
    sameBothWays(
      `receives the logs as in plain TensorFlow.js, verbose ${verbose}`,
      async (observations) => {
        class Watch extends tf.Callback {
          async note(event: string, logs?: Logs): Promise<void> {
            for (const [name, value] of Object.entries(logs ?? {})) {
              observations.see(`kind in ${event}`, [name, typeof value]);
              const numbers =
                typeof value === "number" ? [value] : await value.data();
              observations.see(event, [name, ...numbers]);
            }
          }
          override onEpochBegin = (_: number, logs?: Logs) =>
            this.note("onEpochBegin", logs);
          override onEpochEnd = (_: number, logs?: Logs) =>
            this.note("onEpochEnd", logs);
          override onBatchBegin = (_: number, logs?: Logs) =>
            this.note("onBatchBegin", logs);
          override onBatchEnd = (_: number, logs?: Logs) =>
            this.note("onBatchEnd", logs);
          override onTrainEnd = (logs?: Logs) => this.note("onTrainEnd", logs);
        }
        const model = chain([line()]);
        model.compile({
          optimizer: tf.train.sgd(0.1),
          loss: "meanSquaredError",
          metrics: ["mae"],
        });
        const x = tf.tensor2d([[1], [2], [3]]);
        await model.fit(x, x, {
          verbose,
          shuffle: false,
          epochs: 5,
          batchSize: 2,
          validationData: [x, tf.neg(x)],
          callbacks: [new Watch()],
        });
      },
    );
  }

  sameBothWays(
    "reads the loss with data(), as a scalar",
    async (observations) => {
      class Watch extends tf.Callback {
        override async onEpochEnd(_: number, logs?: Logs): Promise<void> {
          const loss = logs!["loss"] as tf.Scalar;
          observations.see("loss", (await loss.data())[0]);
        }
      }
      const model = chain([line(1)]);
      model.compile({ optimizer: tf.train.sgd(0), loss: "meanSquaredError" });
      await observations.seeOutcome("outcome", () =>
        model.fit(one(2), one(1), {
          ...quiet,
          epochs: 4,
          callbacks: [new Watch()],
        }),
      );
    },
    { right: { loss: [1, 1, 1, 1], outcome: ["no error"] } },
  );
});

describe("history and logs", () => {
  for (const verbose of [0, 1] as const) {
    sameBothWays(
      `of a model with two outputs, metrics and validation, verbose ${verbose}`,
      async (observations) => {
        const input = tf.input({ shape: [1] });
        const outputs = ["a", "b"].map((name) =>
          tf.layers.dense({ units: 1, name }).apply(input),
        ) as tf.SymbolicTensor[];
        const model = tf.model({ inputs: input, outputs });
        spreadWeights(model);
        const loss = "meanSquaredError";
        model.compile({
          optimizer: tf.train.sgd(0.01),
          loss: [loss, loss],
          metrics: ["mae"],
        });
        const x = tf.tensor2d([[1], [2], [4]]);
        const y = [x, tf.neg(x)];
        const { history } = await model.fit(x, y, {
          verbose,
          shuffle: false,
          epochs: 4,
          batchSize: 2,
          validationData: [x, y],
          callbacks: {
            onEpochEnd: async (_, logs) => observations.see("logs", logs),
            onBatchEnd: async (_, logs) => observations.see("batch", logs),
          },
        });
        observations.see("keys", Object.keys(history));
        observations.see("history", history);
      },
    );
  }

  sameBothWays(
    "the keys of a model with two outputs and validation",
    async (observations) => {
      const input = tf.input({ shape: [1] });
      const outputs = ["a", "b"].map((name) =>
        tf.layers
          .dense({ units: 1, name, kernelInitializer: "ones" })
          .apply(input),
      ) as tf.SymbolicTensor[];
      const model = tf.model({ inputs: input, outputs });
      model.compile({ optimizer: "sgd", loss: "meanSquaredError" });
      const x = tf.tensor2d([[1], [2]]);
      const { history } = await model.fit(x, [x, x], {
        ...quiet,
        epochs: 3,
        validationData: [x, [x, x]],
      });
      observations.see("keys", Object.keys(history).sort());
    },
    {
      right: {
        keys: [
          ["a_loss", "b_loss", "loss", "val_a_loss", "val_b_loss", "val_loss"],
        ],
      },
    },
  );
});
