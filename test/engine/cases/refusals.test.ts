/**
 * Tests that errors and valid uses are the same as in plain TensorFlow.js: disposed parts, a
 * program's own errors. A few seconds.
 */
import { describe } from "node:test";
import { tf } from "../../../src/engine";
import { sameBothWays } from "./comparison";
import {
  chain,
  first,
  Lambda,
  line,
  one,
  OwnLayer,
  pair,
  predict,
  squares,
  trainOn,
  weightsOf,
} from "./small-models";

const ready = (optimizer: tf.Optimizer = tf.train.adam(0.01)) => {
  const model = chain([line(1)]);
  model.compile({ optimizer, loss: "meanSquaredError" });
  return model;
};

describe("disposed of, yet used", () => {
  for (const uses of [1, 2, 3, 5]) {
    sameBothWays(
      `a layer, after ${uses} predictions`,
      async (observations) => {
        const layer = line(1);
        const model = chain([layer]);
        for (let time = 0; time < uses; time += 1) predict(model, one(1));
        layer.dispose();
        await observations.seeOutcome("predict", () => predict(model, one(1)));
      },
      { right: { predict: ["an error"] } },
    );

    sameBothWays(
      `an optimizer, after ${uses} steps`,
      async (observations) => {
        const model = ready();
        await trainOn(model, one(1), one(1), uses);
        model.optimizer.dispose();
        await observations.seeOutcome("train", () =>
          trainOn(model, one(1), one(1), 1),
        );
      },
      { right: { train: ["an error"] } },
    );

    sameBothWays(
      `a model, after ${uses} fits, evaluations and predictions`,
      async (observations) => {
        const model = pair();
        model.compile({ optimizer: "sgd", loss: "meanSquaredError" });
        const x = tf.ones([4, 2]);
        const y = tf.ones([4, 1]);
        for (let time = 0; time < uses; time += 1) {
          await model.fit(x, y, { verbose: 0 });
          model.evaluate(x, y);
          predict(model, x);
        }
        model.dispose();
        await observations.seeOutcome("predict", () => predict(model, x));
        await observations.seeOutcome("train", () => trainOn(model, x, y, 1));
        await observations.seeOutcome("evaluate", () => model.evaluate(x, y));
        await observations.seeOutcome("fit", () =>
          model.fit(x, y, { verbose: 0 }),
        );
      },
    );

    sameBothWays(`one weight, after ${uses} steps`, async (observations) => {
      const model = ready(tf.train.sgd(0.1));
      await trainOn(model, one(1), one(1), uses);
      model.getWeights()[0]!.dispose();
      await observations.seeOutcome("train", () =>
        trainOn(model, one(1), one(1), 1),
      );
    });
  }

  sameBothWays("all variables, then fit", async (observations) => {
    const model = ready();
    const x = tf.ones([4, 1]);
    await model.fit(x, x, { epochs: 3, batchSize: 4, verbose: 0 });
    tf.disposeVariables();
    await observations.seeOutcome("fit", () => model.fit(x, x, { verbose: 0 }));
  });

  sameBothWays("data in the middle of a fit", async (observations) => {
    const model = ready();
    const x = tf.ones([4, 1]);
    await observations.seeOutcome("fit", () =>
      model.fit(x, tf.ones([4, 1]), {
        epochs: 5,
        batchSize: 1,
        verbose: 0,
        callbacks: {
          onEpochEnd: async (epoch) => {
            if (epoch === 2) x.dispose();
          },
        },
      }),
    );
  });

  sameBothWays("a tensor that a loss closes over", async (observations) => {
    const scale = tf.scalar(2);
    const model = chain([line(1)]);
    model.compile({
      optimizer: tf.train.sgd(0.1),
      loss: (y, p) => tf.mul<tf.Scalar>(squares(y, p), scale),
    });
    observations.see("losses", await trainOn(model, one(1), one(2), 4));
    scale.dispose();
    await observations.seeOutcome("train", () =>
      trainOn(model, one(1), one(2), 1),
    );
  });

  sameBothWays(
    "predictions and scores belong to the program",
    (observations) => {
      const model = ready();
      for (let time = 0; time < 5; time += 1) {
        const output = predict(model, one(2));
        const score = model.evaluate(one(2), one(1)) as tf.Scalar;
        observations.see("output", output);
        observations.see("score", score);
        tf.dispose([output, score]);
        observations.see("disposed", [output.isDisposed, score.isDisposed]);
      }
      observations.see("weights", weightsOf(model));
    },
  );
});

describe("errors", () => {
  for (const where of ["loss", "metric", "layer"] as const) {
    sameBothWays(
      `of a ${where}, in its fifth call, then on`,
      async (observations) => {
        const mayFail = (place: string) => {
          if (place === where && observations.call(place) === 5) {
            throw new Error("The fifth call.");
          }
        };
        const model = chain([
          new Lambda((x) => {
            mayFail("layer");
            return tf.mul(x, 2);
          }),
          line(1),
        ]);
        model.compile({
          optimizer: tf.train.adam(0.1),
          loss: (y, p) => {
            mayFail("loss");
            return squares(y, p);
          },
          metrics: [
            (y: tf.Tensor, p: tf.Tensor) => {
              mayFail("metric");
              return tf.mean(tf.abs(tf.sub(y, p)));
            },
          ],
        });
        for (let step = 0; step < 8; step += 1) {
          await observations.seeOutcome("train", async () =>
            observations.see("losses", await trainOn(model, one(1), one(3), 1)),
          );
        }
        observations.see("weights", weightsOf(model));
        observations.see("iterations", model.optimizer.iterations);
      },
    );
  }

  sameBothWays(
    "labels of the wrong shape after some steps",
    async (observations) => {
      const model = ready();
      await trainOn(model, one(1), one(2), 4);
      for (const labels of [tf.ones([1, 2]), tf.ones([2, 1]), tf.ones([1])]) {
        await observations.seeOutcome("train", () =>
          trainOn(model, one(1), labels, 1),
        );
      }
      observations.see("losses", await trainOn(model, one(1), one(2), 2));
    },
  );

  sameBothWays("classes out of range", async (observations) => {
    const layer = tf.layers.dense({ units: 3, activation: "softmax" });
    const model = chain([layer], 2);
    model.compile({
      optimizer: tf.train.sgd(0.1),
      loss: "sparseCategoricalCrossentropy",
    });
    for (const label of [0, 1, 2, 3, -1, 0]) {
      await observations.seeOutcome("train", () =>
        trainOn(model, tf.ones([1, 2]), one(label), 1),
      );
    }
  });
});

describe("layers that cannot be saved", () => {
  const circular: Record<string, unknown> = {};
  circular["itself"] = circular;
  const configurations: Record<string, () => object> = {
    "with a BigInt": () => ({ units: 10n }),
    "with a circular object": () => circular,
    "with a function": () => ({ run: () => 1 }),
    "that throws": () => {
      throw new Error("Not to be saved.");
    },
  };
  for (const [name, configuration] of Object.entries(configurations)) {
    sameBothWays(
      `getConfig ${name}`,
      async (observations) => {
        class Unsaved extends OwnLayer {
          static readonly className = "TestUnsaved";
          override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
            observations.call("layer");
            return tf.mul(first(inputs), 2);
          }
          override getConfig(): tf.serialization.ConfigDict {
            return { ...super.getConfig(), ...configuration() };
          }
        }
        const model = chain([new Unsaved({}), line(1)]);
        model.compile({ optimizer: tf.train.sgd(0), loss: squares });
        await observations.seeOutcome("all", async () => {
          for (let time = 0; time < 4; time += 1) {
            observations.see("output", predict(model, one(3)));
            observations.see("losses", await trainOn(model, one(1), one(1), 1));
            observations.see("score", model.evaluate(one(1), one(1)));
            await model.fit(one(1), one(1), { verbose: 0 });
          }
        });
      },
      { right: { output: [[6], [6], [6], [6]], all: ["no error"] } },
    );
  }
});
