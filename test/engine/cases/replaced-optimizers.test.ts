/**
 * Tests methods of optimizer classes replaced by a program, before and after a model was used. A
 * few seconds.
 */
import { describe } from "node:test";
import { tf } from "../../../src/engine";
import { sameBothWays } from "./comparison";
import { replace } from "./replacement";
import {
  chain,
  line,
  one,
  pair,
  trainOn,
  weightOf,
  weightsOf,
} from "./small-models";

describe("the optimizer's class", () => {
  sameBothWays(
    "applyGradients replaced before compile: weights are halved in each step",
    async (observations) => {
      const { prototype } = tf.SGDOptimizer;
      const { applyGradients } = prototype;
      replace(
        observations,
        prototype,
        "applyGradients",
        function (this: tf.SGDOptimizer, gradients: tf.NamedTensorMap) {
          observations.call("applyGradients");
          const list = Array.isArray(gradients)
            ? (gradients as { name: string }[]).map(({ name }) => name)
            : Object.keys(gradients);
          for (const name of list) {
            const variable = tf.engine().registeredVariables[name]!;
            tf.tidy(() => variable.assign(tf.mul(variable, 0.5)));
          }
          applyGradients.call(this, gradients);
        },
      );
      const model = chain([line(1)]);
      model.compile({ optimizer: tf.train.sgd(0), loss: "meanSquaredError" });
      for (let step = 0; step < 6; step += 1) {
        await trainOn(model, one(1), one(1), 1);
        observations.see("weight", weightOf(model));
      }
    },
    { right: { weight: [1, 2, 3, 4, 5, 6].map((step) => 2 ** -step) } },
  );

  for (const name of ["sgd", "adam"] as const) {
    for (const when of ["before compile", "after some steps"] as const) {
      sameBothWays(
        `applyGradients of ${name} clips, ${when}`,
        async (observations) => {
          const optimizer = tf.train[name](0.1);
          const prototype = Object.getPrototypeOf(optimizer) as tf.Optimizer;
          const { applyGradients } = prototype;
          const patch = () =>
            replace(
              observations,
              prototype,
              "applyGradients",
              function (
                this: tf.Optimizer,
                gradients: { name: string; tensor: tf.Tensor }[],
              ) {
                observations.call("applyGradients");
                const clipped = gradients.map((each) => ({
                  name: each.name,
                  tensor: tf.clipByValue(each.tensor, -0.01, 0.01),
                }));
                applyGradients.call(this, clipped as never);
              },
            );
          if (when === "before compile") patch();
          const model = pair();
          model.compile({ optimizer, loss: "meanSquaredError" });
          const x = tf.tensor2d([[1, 2]]);
          observations.see("losses", await trainOn(model, x, one(2), 5));
          if (when === "after some steps") patch();
          observations.see("losses", await trainOn(model, x, one(2), 5));
          observations.see("weights", weightsOf(model));
        },
      );
    }
  }

  sameBothWays("minimize of the parent class", async (observations) => {
    const { prototype } = tf.Optimizer;
    const { minimize } = prototype;
    replace(
      observations,
      prototype,
      "minimize",
      function (this: tf.Optimizer, ...all: Parameters<typeof minimize>) {
        observations.call("minimize");
        const [f, ...others] = all;
        const twice = () => tf.mul<tf.Scalar>(f(), 2);
        return minimize.call(this, twice, ...others);
      },
    );
    const model = pair();
    model.compile({ optimizer: tf.train.sgd(0.05), loss: "meanSquaredError" });
    const x = tf.tensor2d([[1, 2]]);
    observations.see("losses", await trainOn(model, x, one(2), 5));
    observations.see("weights", weightsOf(model));
  });
});
