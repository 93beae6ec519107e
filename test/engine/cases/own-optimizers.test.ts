/**
 * Tests custom optimizers, by class and by instance. 5 s.
 */
import { describe } from "node:test";
import { tf } from "../../../src/engine";
import { sameBothWays, type Program } from "./comparison";
import type { Observations } from "./observations";
import { compile, loose, useInEachWay } from "./every-use";
import { pair } from "./small-models";

describe("optimizers", () => {
  type Gradients = tf.NamedTensorMap | { name: string; tensor: tf.Tensor }[];

  const named = (gradients: Gradients): [string, tf.Tensor][] =>
    Array.isArray(gradients)
      ? gradients.map(({ name, tensor }) => [name, tensor])
      : Object.entries(gradients);

  const trained =
    (make: (observations: Observations) => tf.Optimizer): Program =>
    (observations) => {
      const optimizer = make(observations);
      return useInEachWay(observations, compile(pair(), { optimizer }));
    };

  sameBothWays(
    "a subclass of tf.Optimizer, with state by Math.random",
    trained((observations) => {
      class Langevin extends tf.Optimizer {
        static readonly className = "TestLangevin";
        override applyGradients(gradients: Gradients): void {
          observations.call("applyGradients");
          tf.tidy(() => {
            for (const [name, gradient] of named(gradients)) {
              const variable = tf.engine().registeredVariables[name]!;
              const noise = (Math.random() - 0.5) / 100;
              variable.assign(
                tf.sub(variable, tf.add(tf.mul(gradient, 0.02), noise)),
              );
            }
          });
        }
        getConfig(): tf.serialization.ConfigDict {
          return {};
        }
      }
      return new Langevin();
    }),
    loose,
  );

  sameBothWays(
    "a subclass of tf.SGDOptimizer that changes signs by a counter",
    trained((observations) => {
      class Signs extends tf.SGDOptimizer {
        static override readonly className = "TestSigns";
        override applyGradients(gradients: Gradients): void {
          const useSign = observations.call("applyGradients") % 3 === 0;
          const changed = named(gradients).map(
            ([name, tensor]) =>
              [name, useSign ? tf.sign(tensor) : tensor] as const,
          );
          super.applyGradients(Object.fromEntries(changed));
        }
      }
      return new Signs(0.02);
    }),
    loose,
  );

  sameBothWays(
    "a subclass of tf.AdamOptimizer that decays weights",
    trained((observations) => {
      class Decaying extends tf.AdamOptimizer {
        static override readonly className = "TestDecaying";
        override applyGradients(gradients: Gradients): void {
          observations.call("applyGradients");
          for (const [name] of named(gradients)) {
            const variable = tf.engine().registeredVariables[name]!;
            tf.tidy(() => variable.assign(tf.mul(variable, 0.99)));
          }
          super.applyGradients(gradients as never);
        }
      }
      return new Decaying(0.02, 0.9, 0.999);
    }),
    loose,
  );

  sameBothWays(
    "sharpness-aware: a minimize of two passes",
    trained((observations) => {
      const optimizer = tf.train.sgd(0.02);
      optimizer.minimize = (f, _, variables) => {
        observations.call("minimize");
        return tf.tidy(() => {
          const { value, grads } = tf.variableGrads(f, variables);
          const byName = tf.engine().registeredVariables;
          const starts = Object.entries(grads).map(
            ([name, gradient]) =>
              [byName[name]!, tf.clone(byName[name]!), gradient] as const,
          );
          for (const [variable, , gradient] of starts) {
            variable.assign(tf.add(variable, tf.mul(gradient, 0.05)));
          }
          const second = tf.variableGrads(f, variables).grads;
          for (const [variable, start] of starts) variable.assign(start);
          optimizer.applyGradients(second);
          return value;
        });
      };
      return optimizer;
    }),
    loose,
  );

  sameBothWays(
    "applyGradients of an instance",
    trained((observations) => {
      const optimizer = tf.train.momentum(0.02, 0.9);
      const stock = optimizer.applyGradients;
      optimizer.applyGradients = (gradients: Gradients) => {
        if (observations.call("applyGradients") % 2 === 0) {
          stock.call(optimizer, gradients as never);
        }
      };
      return optimizer;
    }),
    loose,
  );
});
