/**
 * Tests decisions made in JavaScript by a counter, a schedule or a value of the previous step. A
 * few seconds.
 */
import { describe } from "node:test";
import { tf } from "../../../src/engine";
import { sameBothWays } from "./comparison";
import { ownPart } from "./own-parts";
import {
  chain,
  first,
  Lambda,
  line,
  one,
  squares,
  trainOn,
  weightOf,
} from "./small-models";

/** The expectation for twelve single steps on a model that does not change, whose loss is 1. */
const still = (losses: readonly number[]) => ({ right: { losses: [losses] } });

describe("a loss", () => {
  for (const [name, penalized, right] of [
    [
      "with a term in every 4th step",
      (n: number) => n % 4 === 0,
      [1, 1, 1, 101, 1, 1, 1, 101, 1, 1, 1, 101],
    ],
    [
      "with a term after 10 steps",
      (n: number) => n > 10,
      [1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 101, 101],
    ],
    [
      "with a term in the first two steps",
      (n: number) => n <= 2,
      [101, 101, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1],
    ],
  ] as const) {
    sameBothWays(
      name,
      async (observations) => {
        const model = chain([line(1)]);
        model.compile({
          optimizer: tf.train.sgd(0),
          loss: (y, p) => {
            const loss = squares(y, p);
            return penalized(observations.call("loss"))
              ? tf.add(loss, 100)
              : loss;
          },
        });
        observations.see("losses", await trainOn(model, one(2), one(1), 12));
      },
      still(right),
    );
  }

  sameBothWays(
    "whose factor grows with each step",
    async (observations) => {
      const model = chain([line(1)]);
      model.compile({
        optimizer: tf.train.sgd(0),
        loss: (y, p) =>
          tf.mul<tf.Scalar>(squares(y, p), observations.call("loss")),
      });
      observations.see("losses", await trainOn(model, one(2), one(1), 12));
    },
    still([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]),
  );

  sameBothWays(
    "with a weight that a callback changes",
    async (observations) => {
      let weight = 1;
      const model = chain([line(1)]);
      model.compile({
        optimizer: tf.train.sgd(0),
        loss: (y, p) => tf.mul<tf.Scalar>(squares(y, p), weight),
      });
      const { history } = await model.fit(one(2), one(1), {
        epochs: 6,
        verbose: 0,
        callbacks: {
          onEpochEnd: async (epoch) => {
            if (epoch === 3) weight = 7;
          },
        },
      });
      observations.see("loss", history["loss"]);
    },
    { right: { loss: [[1, 1, 1, 1, 7, 7]] } },
  );

  sameBothWays(
    "that keeps the prediction of the previous step, and uses it after a warm-up",
    async (observations) => {
      let before: tf.Tensor | undefined;
      const model = chain([line(1)]);
      model.compile({
        optimizer: tf.train.sgd(0.02),
        loss: (y, p) => {
          const step = observations.call("loss");
          const loss =
            before === undefined || step < 6
              ? squares(y, p)
              : tf.add(squares(y, p), squares(before, p));
          before?.dispose();
          before = tf.keep(p.clone());
          return loss;
        },
      });
      const x = tf.tensor2d([[1], [2]]);
      observations.see("losses", await trainOn(model, x, tf.mul(x, 3), 12));
      observations.see("before", before);
    },
  );

  sameBothWays(
    "that branches on its own value (a curriculum)",
    async (observations) => {
      const model = chain([line(0)]);
      model.compile({
        optimizer: tf.train.sgd(0.05),
        loss: (y, p) => {
          observations.call("loss");
          const loss = squares(y, p);
          const value = loss.dataSync<"float32">()[0]!;
          return value > 2 ? tf.mul(loss, 0.5) : tf.sqrt(loss);
        },
      });
      observations.see("losses", await trainOn(model, one(1), one(3), 15));
      observations.see("weight", weightOf(model));
    },
  );

  sameBothWays(
    "that reads an array changed by the program",
    async (observations) => {
      const factors = new Float32Array([1, 1]);
      const model = chain([line(1)]);
      model.compile({
        optimizer: tf.train.sgd(0),
        loss: (y, p) =>
          tf.mean<tf.Scalar>(
            tf.mul(
              tf.square(tf.sub(y, p)),
              tf.tensor2d(factors.slice(), [2, 1]),
            ),
          ),
      });
      const x = tf.tensor2d([[1], [2]]);
      for (let step = 0; step < 6; step += 1) {
        factors[step % 2] = step;
        observations.see("losses", await trainOn(model, x, tf.neg(x), 1));
      }
    },
  );
});

describe("a counter", () => {
  sameBothWays(
    "in a metric",
    async (observations) => {
      const model = chain([line(1)]);
      model.compile({
        optimizer: tf.train.sgd(0),
        loss: "meanSquaredError",
        metrics: [() => tf.scalar(observations.call("metric"))],
      });
      for (let step = 0; step < 8; step += 1) {
        observations.see("logs", await model.trainOnBatch(one(2), one(1)));
      }
    },
    { right: { logs: [1, 2, 3, 4, 5, 6, 7, 8].map((count) => [1, count]) } },
  );

  sameBothWays(
    "in a layer",
    async (observations) => {
      const layer = new Lambda((x) =>
        observations.call("layer") % 3 === 0 ? tf.mul(x, 10) : x,
      );
      const model = chain([layer]);
      for (let step = 0; step < 6; step += 1) {
        observations.see("output", model.predict(one(1)));
      }
    },
    { right: { output: [[1], [1], [10], [1], [1], [10]] } },
  );

  sameBothWays("in a regularizer", async (observations) => {
    const kernelRegularizer = ownPart("regularizer", (w) =>
      observations.call("regularizer") % 3 === 0
        ? tf.sum(tf.square(w))
        : tf.sum(tf.abs(w)),
    );
    const model = chain([line(1, { kernelRegularizer })]);
    model.compile({ optimizer: tf.train.sgd(0.05), loss: "meanSquaredError" });
    observations.see("losses", await trainOn(model, one(1), one(4), 9));
    observations.see("weight", weightOf(model));
  });

  sameBothWays("in a constraint", async (observations) => {
    const kernelConstraint = ownPart("constraint", (w) =>
      observations.call("constraint") % 2 === 0 ? tf.clipByValue(w, -1, 1) : w,
    );
    const layer = line(2, { kernelConstraint });
    const model = chain([layer]);
    model.compile({ optimizer: tf.train.sgd(0.05), loss: "meanSquaredError" });
    observations.see("losses", await trainOn(model, one(1), one(4), 9));
    for (let time = 0; time < 4; time += 1) {
      layer.weights[0]!.write(one(3));
      observations.see("weight", weightOf(model));
    }
  });

  sameBothWays("in an activation", async (observations) => {
    const activation = ownPart("activation", (x) =>
      observations.call("activation") > 5 ? tf.neg(x) : tf.mul(x, 1),
    );
    const model = chain([line(1, { activation })]);
    for (let time = 0; time < 8; time += 1) {
      observations.see("output", model.predict(one(1)));
    }
  });
});

sameBothWays(
  "a layer whose output shape changes in the fifth step",
  async (observations) => {
    const layer = new Lambda((x) =>
      observations.call("layer") > 4
        ? tf.slice(first(x), [0, 0], [-1, 1])
        : first(x),
    );
    const model = chain([layer], 2);
    for (let time = 0; time < 8; time += 1) {
      const output = model.predict(tf.tensor2d([[1, 2]])) as tf.Tensor;
      observations.see("shape", output.shape);
      observations.see("output", output);
    }
  },
);
