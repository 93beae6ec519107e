/**
 * Tests schedules in replaced methods of an optimizer: gradient accumulation, warm-up, clipping by
 * value. A few seconds.
 */
import { describe } from "node:test";
import { tf } from "../../../src/engine";
import { sameBothWays } from "./comparison";
import {
  chain,
  line,
  one,
  pair,
  trainOn,
  weightOf,
  weightsOf,
} from "./small-models";

describe("an optimizer", () => {
  sameBothWays(
    "whose minimize accumulates gradients over 4 steps",
    async (observations) => {
      const optimizer = tf.train.sgd(0.1);
      let sums: Record<string, tf.Variable> | undefined;
      optimizer.minimize = (f, _, variables) => {
        const step = observations.call("minimize");
        const { value, grads } = optimizer.computeGradients(f, variables);
        sums ??= Object.fromEntries(
          Object.entries(grads).map(([name, gradient]) => [
            name,
            tf.variable(tf.zerosLike(gradient), false),
          ]),
        );
        for (const [name, sum] of Object.entries(sums)) {
          sum.assign(tf.add(sum, grads[name]!));
        }
        if (step % 4 === 0) {
          optimizer.applyGradients(sums);
          for (const sum of Object.values(sums)) sum.assign(tf.zerosLike(sum));
        }
        return value;
      };
      const model = chain([line(0)]);
      model.compile({ optimizer, loss: "meanSquaredError" });
      for (let step = 0; step < 8; step += 1) {
        await trainOn(model, one(1), one(1), 1);
        observations.see("weight", weightOf(model));
      }
    },
    { right: { weight: [0, 0, 0, 0.8, 0.8, 0.8, 0.8, 0.96] } },
  );

  sameBothWays("that warms up in its minimize", async (observations) => {
    const optimizer = tf.train.adam(0.1);
    const { minimize } = optimizer;
    optimizer.minimize = (...parameters) => {
      const step = observations.call("minimize");
      Object.assign(optimizer, { learningRate: Math.min(step, 6) / 60 });
      return minimize.apply(optimizer, parameters);
    };
    const model = pair();
    model.compile({ optimizer, loss: "meanSquaredError" });
    const x = tf.tensor2d([[1, 2]]);
    observations.see("losses", await trainOn(model, x, one(2), 10));
    observations.see("weights", weightsOf(model));
  });

  sameBothWays(
    "whose computeGradients clips by the global norm if it is large",
    async (observations) => {
      const optimizer = tf.train.sgd(0.1);
      const { computeGradients } = optimizer;
      optimizer.computeGradients = (f, variables) => {
        observations.call("computeGradients");
        const { value, grads } = computeGradients.call(optimizer, f, variables);
        const all = Object.values(grads);
        const norm = Math.sqrt(
          all
            .map((each) => tf.sum(tf.square(each)).dataSync<"float32">()[0]!)
            .reduce((sum, each) => sum + each, 0),
        );
        if (norm < 1) return { value, grads };
        const clipped = Object.entries(grads).map(
          ([name, each]) => [name, tf.div(each, norm)] as const,
        );
        return { value, grads: Object.fromEntries(clipped) };
      };
      const model = pair();
      model.compile({ optimizer, loss: "meanSquaredError" });
      const x = tf.tensor2d([[1, 2]]);
      observations.see("losses", await trainOn(model, x, one(3), 10));
      observations.see("weights", weightsOf(model));
    },
  );
});
