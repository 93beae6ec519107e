/**
 * Tests gradients of gradients through operations whose gradients the engine replaces: activations,
 * biases, normalization. A few seconds.
 */
import { describe } from "node:test";
import { tf } from "../../../src/engine";
import { sameBothWays } from "./comparison";
import {
  chain,
  first,
  one,
  OwnLayer,
  pair,
  spreadWeights,
  squares,
  trainOn,
  weightsOf,
} from "./small-models";

const scalarOf = (f: (x: tf.Tensor) => tf.Tensor) => (x: tf.Tensor) =>
  tf.sum(f(x));

describe("functions", () => {
  sameBothWays(
    "of a kernel followed by relu",
    (observations) => {
      const [x, w1] = [one(1), one(3)];
      const slope = (w2: tf.Tensor) =>
        tf.sum(
          tf.square(
            tf.grad(
              scalarOf((z) =>
                tf.matMul(
                  tf.relu(tf.matMul(z as tf.Tensor2D, w1)),
                  w2 as tf.Tensor2D,
                ),
              ),
            )(x),
          ),
        );
      observations.see("gradient", tf.grad(slope)(one(2)));
    },
    { right: { gradient: [[36]] } },
  );

  sameBothWays(
    "of a bias",
    (observations) => {
      const cube = (b: tf.Tensor) =>
        tf.sum(tf.pow(tf.add(tf.zeros([2, 1]), b), 3));
      const slope = (b: tf.Tensor) => tf.sum(tf.square(tf.grad(cube)(b)));
      observations.see("gradient", tf.grad(slope)(tf.tensor1d([1])));
    },
    { right: { gradient: [[144]] } },
  );

  for (const name of ["relu", "relu6", "sigmoid", "tanh"] as const) {
    sameBothWays(
      `the slope of ${name} squared, with respect to its factor`,
      async (observations) => {
        const x = tf.tensor1d([-2, -0.5, 0.5, 2]);
        const slope = (factor: tf.Tensor) =>
          tf.sum(
            tf.square(tf.grad(scalarOf((z) => tf.mul(tf[name](z), factor)))(x)),
          );
        await observations.seeOutcome("outcome", () =>
          observations.see("gradient", tf.grad(slope)(tf.scalar(2))),
        );
      },
    );
  }

  sameBothWays(
    "a Hessian-vector product, logistic regression",
    async (observations) => {
      const x = tf.tensor2d([
        [1, 2],
        [-1, 0.5],
        [0.3, -2],
      ]);
      const y = tf.tensor2d([[1], [0], [1]]);
      const loss = (w: tf.Tensor) =>
        tf.mean(
          tf.square(tf.sub(tf.sigmoid(tf.matMul(x, w as tf.Tensor2D)), y)),
        );
      const vector = tf.tensor2d([[1], [-1]]);
      await observations.seeOutcome("outcome", () =>
        observations.see(
          "product",
          tf.grad((w: tf.Tensor) => tf.sum(tf.mul(tf.grad(loss)(w), vector)))(
            tf.tensor2d([[0.2], [0.4]]),
          ),
        ),
      );
    },
  );
});

/** A critic of two dense layers, as functions of variables. */
function critic(activation: "relu" | "tanh" | "sigmoid") {
  const model = pair(activation);
  const run = (x: tf.Tensor) => model.apply(x, { training: true }) as tf.Tensor;
  return { model, run };
}

describe("penalties", () => {
  for (const activation of ["relu", "tanh", "sigmoid"] as const) {
    sameBothWays(
      `WGAN-GP by minimize, ${activation}`,
      async (observations) => {
        const { model, run } = critic(activation);
        const optimizer = tf.train.adam(0.01);
        const x = tf.tensor2d([
          [1, 2],
          [-1, 0.5],
        ]);
        await observations.seeOutcome("outcome", () => {
          for (let step = 0; step < 6; step += 1) {
            const loss = optimizer.minimize(() => {
              const slope = tf.grad(scalarOf(run))(x);
              const length = tf.sqrt(tf.sum(tf.square(slope), 1));
              const penalty = tf.mean(tf.square(tf.sub(length, 1)));
              return tf.add<tf.Scalar>(tf.mean(run(x)), tf.mul(penalty, 10));
            }, true);
            observations.see("loss", loss!);
          }
        });
        observations.see("weights", weightsOf(model));
      },
      { bound: 1e-4 },
    );
  }

  sameBothWays(
    "the gradients of one penalty alone, relu",
    (observations) => {
      const kernels = [one(1), one(2)].map((value) => tf.variable(value));
      const run = (x: tf.Tensor) =>
        tf.matMul(
          tf.relu(tf.matMul(x as tf.Tensor2D, kernels[0]!)),
          kernels[1]!,
        );
      const { grads } = tf.variableGrads(
        () => tf.sum<tf.Scalar>(tf.square(tf.grad(scalarOf(run))(one(1)))),
        kernels,
      );
      // (w1 · w2)²: 2 · w1 · w2² = 8 and 2 · w1² · w2 = 4.
      observations.see("gradients", Object.values(grads));
    },
    { right: { gradients: [[[8], [4]]] } },
  );

  sameBothWays("R1 as the loss of a compiled model", async (observations) => {
    const x = tf.tensor2d([
      [1, 2],
      [-1, 0.5],
      [2, 2],
      [0, -1],
    ]);
    const y = tf.tensor2d([[1], [0], [1], [0]]);
    const { model, run } = critic("relu");
    model.compile({
      optimizer: tf.train.sgd(0.05),
      loss: (y, p) => {
        observations.call("loss");
        const slope = tf.grad(scalarOf(run))(x);
        return tf.add<tf.Scalar>(squares(y, p), tf.mean(tf.square(slope)));
      },
    });
    observations.see("losses", await trainOn(model, x, y, 6));
    observations.see("weights", weightsOf(model));
  });

  sameBothWays(
    "through batch normalization while training",
    async (observations) => {
      const model = tf.sequential({
        layers: [
          tf.layers.dense({ units: 3, inputShape: [2] }),
          tf.layers.batchNormalization(),
          tf.layers.dense({ units: 1 }),
        ],
      });
      spreadWeights(model);
      model.setWeights(model.getWeights().map((weight) => tf.abs(weight)));
      const x = tf.tensor2d([
        [1, 2],
        [-1, 0.5],
        [2, 2],
        [0, -1],
      ]);
      const run = (z: tf.Tensor) =>
        model.apply(z, { training: true }) as tf.Tensor;
      const optimizer = tf.train.sgd(0.05);
      await observations.seeOutcome("outcome", () => {
        for (let step = 0; step < 4; step += 1) {
          const loss = optimizer.minimize(
            () =>
              tf.mean<tf.Scalar>(
                tf.square(
                  tf.sub(
                    tf.grad((z: tf.Tensor) => tf.sum(tf.square(run(z))))(x),
                    1,
                  ),
                ),
              ),
            true,
          );
          observations.see("loss", loss!);
        }
      });
      observations.see("weights", weightsOf(model));
    },
    { bound: 1e-3 },
  );
});

describe("learning to learn", () => {
  sameBothWays(
    "MAML: the gradient of the loss after a step, a relu net",
    (observations) => {
      const x = tf.tensor2d([[1], [2], [-1]]);
      const y = tf.tensor2d([[2], [4], [0]]);
      const start = [one(0.7), one(1.1)].map((value) => tf.variable(value));
      const loss = (w1: tf.Tensor, w2: tf.Tensor) =>
        squares(y, tf.matMul(tf.relu(tf.matMul(x, w1 as tf.Tensor2D)), w2));
      const optimizer = tf.train.sgd(0.01);
      for (let step = 0; step < 4; step += 1) {
        const value = optimizer.minimize(
          () => {
            const slopes = tf.grads(loss)([...start]);
            const [w1, w2] = start.map((w, index) =>
              tf.sub(w, tf.mul(slopes[index]!, 0.05)),
            );
            return loss(w1!, w2!) as tf.Scalar;
          },
          true,
          start,
        );
        observations.see("loss", value!);
      }
      observations.see("weights", start);
    },
  );

  sameBothWays("a layer whose output is a slope", async (observations) => {
    class Slope extends OwnLayer {
      static readonly className = "TestSlope";
      override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
        observations.call("layer");
        return tf.grad((z: tf.Tensor) => tf.sum(tf.pow(tf.relu(z), 3)))(
          first(inputs),
        );
      }
    }
    const model = chain(
      [
        tf.layers.dense({ units: 2, activation: "relu" }),
        new Slope({}),
        tf.layers.dense({ units: 1 }),
      ],
      2,
    );
    spreadWeights(model);
    model.compile({ optimizer: tf.train.sgd(0.01), loss: squares });
    const x = tf.tensor2d([
      [1, 2],
      [-1, 0.5],
    ]);
    observations.see("losses", await trainOn(model, x, tf.ones([2, 1]), 6));
    observations.see("weights", weightsOf(model));
  });
});
