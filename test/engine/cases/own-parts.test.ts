/**
 * Tests custom losses, metrics and parts of layers: each is called as often as in plain
 * TensorFlow.js. 20 s.
 */
import { describe } from "node:test";
import { tf } from "../../../src/engine";
import { sameBothWays } from "./comparison";
import type { Observations } from "./observations";
import { compile, dense, labels, loose, rows, useInEachWay } from "./every-use";
import { ownPart } from "./own-parts";
import { chain, pair, squares, trainOn, weightsOf } from "./small-models";

describe("parts of a layer", () => {
  const parts: Record<string, (observations: Observations) => tf.layers.Layer> =
    {
      "an activation": (observations) =>
        dense({
          activation: ownPart("activation", (x) => {
            observations.call("activation");
            return tf.mul(x, tf.sigmoid(x));
          }),
        }),
      "a regularizer": (observations) =>
        dense({
          kernelRegularizer: ownPart("regularizer", (w) => {
            observations.call("regularizer");
            return tf.mul(tf.sum(tf.abs(w)), 0.01);
          }),
        }),
      "a constraint": (observations) =>
        dense({
          kernelConstraint: ownPart("constraint", (w) => {
            observations.call("constraint");
            return tf.clipByValue(w, -0.4, 0.4);
          }),
        }),
      "an initializer": (observations) => {
        const layer = dense({
          kernelInitializer: ownPart("initializer", () => {
            observations.call("initializer");
            return tf.fill([2, 2], 0.3);
          }),
        });
        return layer;
      },
    };
  for (const [name, make] of Object.entries(parts)) {
    sameBothWays(
      name,
      (observations) =>
        useInEachWay(
          observations,
          compile(
            chain([make(observations), tf.layers.dense({ units: 1 })], 2),
          ),
        ),
      loose,
    );
  }
});

describe("losses and metrics", () => {
  sameBothWays(
    "a metric that counts its calls",
    async (observations) => {
      const metric = (y: tf.Tensor, p: tf.Tensor) => {
        observations.call("metric");
        return tf.mean(tf.abs(tf.sub(y, p)));
      };
      await useInEachWay(observations, compile(pair(), { metrics: [metric] }));
    },
    loose,
  );

  sameBothWays(
    "a loss that counts its calls",
    async (observations) => {
      const loss = (y: tf.Tensor, p: tf.Tensor) => {
        observations.call("loss");
        return squares(y, p) as tf.Scalar;
      };
      await useInEachWay(observations, compile(pair(), { loss }));
    },
    loose,
  );

  sameBothWays(
    "a loss that reads values with dataSync",
    async (observations) => {
      const loss = (y: tf.Tensor, p: tf.Tensor) => {
        observations.call("loss");
        const apart = tf.sub(y, p);
        const largest = tf.max(tf.abs(apart)).dataSync<"float32">()[0]!;
        return tf.mean<tf.Scalar>(
          tf.div(tf.square(apart), Math.max(1, largest)),
        );
      };
      await useInEachWay(observations, compile(pair(), { loss }));
    },
    loose,
  );

  sameBothWays(
    "a loss that depends on the shape of its batch",
    async (observations) => {
      const loss = (y: tf.Tensor, p: tf.Tensor) => {
        observations.call("loss");
        const sum = tf.sum(tf.square(tf.sub(y, p)));
        return tf.div<tf.Scalar>(sum, 1 + p.shape[0]);
      };
      await useInEachWay(observations, compile(pair(), { loss }));
    },
    loose,
  );

  sameBothWays(
    "a loss that wraps TensorFlow.js's own",
    async (observations) => {
      const loss = (y: tf.Tensor, p: tf.Tensor) => {
        observations.call("loss");
        return tf.add<tf.Scalar>(
          tf.losses.huberLoss(y, p),
          tf.metrics.meanAbsoluteError(y, p).mean(),
        );
      };
      await useInEachWay(observations, compile(pair(), { loss }));
    },
    loose,
  );

  sameBothWays(
    "a custom loss for each of two outputs",
    async (observations) => {
      const input = tf.input({ shape: [2] });
      const outputs = [0, 1].map(() =>
        tf.layers.dense({ units: 1 }).apply(input),
      ) as tf.SymbolicTensor[];
      const model = compile(tf.model({ inputs: input, outputs }), {
        loss: [
          (y: tf.Tensor, p: tf.Tensor) => tf.losses.meanSquaredError(y, p),
          (y: tf.Tensor, p: tf.Tensor) => {
            observations.call("loss");
            return tf.mean(tf.abs(tf.sub(y, p)));
          },
        ],
      });
      const y = [labels(), tf.neg(labels())];
      observations.see("losses", await trainOn(model, rows(), y, 6));
      observations.see("weights", weightsOf(model));
    },
  );
});
