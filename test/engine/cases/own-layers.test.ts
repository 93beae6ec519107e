/**
 * Tests custom layers and kernels, alone and within other layers: each is called as often as in
 * plain TensorFlow.js. 30 s.
 */
import { describe } from "node:test";
import { tf } from "../../../src/engine";
import { sameBothWays } from "./comparison";
import type { Observations } from "./observations";
import { compile, dense, labels, loose, rows, useInEachWay } from "./every-use";
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
} from "./small-models";

describe("layers", () => {
  sameBothWays(
    "with a gradient of its own (tf.customGrad)",
    async (observations) => {
      const straight = tf.customGrad((x, save) => {
        (save as tf.GradSaveFunc)([x as tf.Tensor]);
        observations.call("forward");
        return {
          value: tf.sign(x as tf.Tensor),
          gradFunc: (dy: tf.Tensor, saved: tf.Tensor[]) => {
            observations.call("backward");
            const near = tf.lessEqual(tf.abs(saved[0]!), 1);
            return tf.mul(dy, tf.cast(near, "float32"));
          },
        };
      });
      const layer = new Lambda((x) => straight(x));
      await useInEachWay(
        observations,
        compile(chain([dense(), layer, tf.layers.dense({ units: 1 })], 2)),
      );
    },
    loose,
  );

  sameBothWays(
    "made of operations defined by tf.op",
    async (observations) => {
      const twice = tf.op({
        twice_: (x: tf.Tensor) => {
          observations.call("operation");
          return tf.mul(x, 2);
        },
      });
      const layer = new Lambda((x) => tf.tanh(twice(x)));
      await useInEachWay(
        observations,
        compile(chain([dense(), layer, tf.layers.dense({ units: 1 })], 2)),
      );
    },
    loose,
  );

  sameBothWays(
    "that keep an activation for a callback",
    async (observations) => {
      let kept: tf.Tensor | undefined;
      const layer = new Lambda((x) => {
        observations.call("layer");
        kept?.dispose();
        kept = tf.keep(x.clone());
        return tf.relu(x);
      });
      const model = compile(
        chain([dense(), layer, tf.layers.dense({ units: 1 })], 2),
      );
      await model.fit(rows(), labels(), {
        epochs: 5,
        batchSize: 2,
        shuffle: false,
        verbose: 0,
        callbacks: {
          onBatchEnd: async () => observations.see("kept", kept),
        },
      });
      observations.see("output", predict(model, rows()));
      observations.see("kept", kept);
      tf.dispose(kept);
    },
    loose,
  );

  sameBothWays(
    "in a nested model",
    async (observations) => {
      const layer = new Lambda((x) => {
        const factor = observations.call("layer") % 5 === 0 ? 2 : 1;
        return tf.mul(x, factor);
      });
      const inner = chain([dense(), layer], 2);
      const input = tf.input({ shape: [2] });
      const output = tf.layers
        .dense({ units: 1 })
        .apply(inner.apply(input)) as tf.SymbolicTensor;
      const model = compile(tf.model({ inputs: input, outputs: output }));
      await useInEachWay(observations, model);
      observations.see("inner", predict(inner, rows()));
    },
    loose,
  );

  sameBothWays(
    "shared between two branches",
    async (observations) => {
      const layer = new Lambda((x) =>
        tf.mul(x, observations.call("layer") % 3 === 0 ? -1 : 1),
      );
      const input = tf.input({ shape: [2] });
      const branches = [0, 1].map(() => layer.apply(dense().apply(input)));
      const output = tf.layers
        .dense({ units: 1 })
        .apply(
          tf.layers.concatenate().apply(branches as tf.SymbolicTensor[]),
        ) as tf.SymbolicTensor;
      const model = compile(tf.model({ inputs: input, outputs: output }));
      await useInEachWay(observations, model);
    },
    loose,
  );

  const sequences = () => tf.reshape(tf.sin(tf.range(0, 30)), [5, 3, 2]);

  sameBothWays(
    "within TimeDistributed",
    async (observations) => {
      class Counted extends OwnLayer {
        static readonly className = "TestCounted";
        override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
          const count = observations.call("layer");
          return tf.add(first(inputs), count % 7 === 0 ? 1 : 0);
        }
      }
      tf.serialization.registerClass(Counted);
      const layer = tf.layers.timeDistributed({ layer: new Counted({}) });
      const model = tf.sequential({
        layers: [
          tf.layers.inputLayer({ inputShape: [3, 2] }),
          layer,
          tf.layers.flatten(),
          tf.layers.dense({ units: 1 }),
        ],
      });
      await useInEachWay(observations, compile(model), sequences());
    },
    loose,
  );

  for (const merge of ["bidirectional", "rnn"] as const) {
    sameBothWays(
      `a custom cell, in ${merge}`,
      async (observations) => {
        const cell = tf.layers.simpleRNNCell({ units: 2 });
        const { call } = cell;
        cell.call = (inputs, options) => {
          observations.call("cell");
          return call.call(cell, inputs, options);
        };
        const layer =
          merge === "rnn"
            ? tf.layers.rnn({ cell })
            : tf.layers.bidirectional({
                layer: tf.layers.gru({ units: 2 }),
                mergeMode: "concat",
              });
        if (merge === "bidirectional") {
          const inside = layer as unknown as { forwardLayer: tf.layers.Layer };
          const forward = inside.forwardLayer;
          const stock = forward.call;
          forward.call = (inputs, options) => {
            const factor = observations.call("forward") % 4 === 0 ? 2 : 1;
            return tf.mul(
              stock.call(forward, inputs, options) as tf.Tensor,
              factor,
            );
          };
        }
        const model = tf.sequential({
          layers: [
            tf.layers.inputLayer({ inputShape: [3, 2] }),
            layer,
            tf.layers.dense({ units: 1 }),
          ],
        });
        await useInEachWay(observations, compile(model), sequences());
      },
      loose,
    );
  }

  sameBothWays(
    "a subclass of one of TensorFlow.js's",
    async (observations) => {
      const Dense = tf.layers.dense({ units: 1 }).constructor as new (
        config: object,
      ) => tf.layers.Layer;
      class Scaled extends Dense {
        static readonly className = "TestScaledDense";
        scale = 1;
        override call(inputs: tf.Tensor | tf.Tensor[], options: object) {
          observations.call("layer");
          return tf.mul(
            super.call(inputs, options as never) as tf.Tensor,
            this.scale,
          );
        }
      }
      const layer = new Scaled({ units: 2 });
      const model = compile(chain([layer, tf.layers.dense({ units: 1 })], 2));
      for (const scale of [1, 2]) {
        layer.scale = scale;
        await useInEachWay(observations, model);
      }
    },
    loose,
  );
});

describe("kernels", () => {
  const replaceKernel = (
    observations: Observations,
    name: string,
    factor: () => number,
  ) => {
    const config = tf.getKernel(name, "tensorflow");
    tf.unregisterKernel(name, "tensorflow");
    tf.registerKernel({
      ...config,
      kernelFunc: (parameters) => {
        observations.call("kernel");
        const output = config.kernelFunc(parameters) as tf.TensorInfo;
        if (factor() === 1) return output;
        const scaled = tf.getKernel("Multiply", "tensorflow").kernelFunc({
          inputs: { a: output, b: tf.scalar(factor()) },
          backend: parameters.backend,
        });
        return scaled;
      },
    });
    observations.afterwards(() => {
      tf.unregisterKernel(name, "tensorflow");
      tf.registerKernel(config);
    });
  };

  for (const when of ["before", "after"] as const) {
    sameBothWays(
      `registered for "tensorflow" ${when} a model is used`,
      async (observations) => {
        const model = compile(pair("tanh"));
        const register = () => {
          let calls = 0;
          replaceKernel(observations, "Tanh", () =>
            (calls += 1) > 12 ? 1.5 : 1,
          );
        };
        if (when === "before") register();
        await useInEachWay(observations, model);
        if (when === "after") register();
        await useInEachWay(observations, model);
      },
      loose,
    );
  }
});

sameBothWays(
  "a model with a custom Lambda and a stock model alternately",
  async (observations) => {
    const layer = new Lambda((x) =>
      tf.mul(x, observations.call("layer") % 2 === 0 ? 1 : -1),
    );
    const own = chain([line(1), layer]);
    const stock = chain([line(1)]);
    for (const model of [own, stock]) {
      model.compile({ optimizer: tf.train.sgd(0.05), loss: squares });
    }
    for (let step = 0; step < 8; step += 1) {
      observations.see("own", await trainOn(own, one(1), one(2), 1));
      observations.see("stock", await trainOn(stock, one(1), one(2), 1));
    }
  },
);
