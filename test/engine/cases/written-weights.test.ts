/**
 * Tests weights that are written in `call` and trained in the same step. A few seconds.
 */
import { describe } from "node:test";
import { tf } from "../../../src/engine";
import { sameBothWays, type Program } from "./comparison";
import type { Observations } from "./observations";
import {
  chain,
  first,
  one,
  OwnLayer,
  squares,
  trainOn,
  weightOf,
  weightsOf,
} from "./small-models";

type Kernel = tf.LayerVariable;
type Rewrites = (kernel: Kernel, layer: Written) => void;

/** A dense layer without bias that modifies its kernel before use. */
class Written extends OwnLayer {
  static readonly className = "TestWritten";
  kernel!: Kernel;
  count!: Kernel;

  constructor(
    readonly size: [number, number],
    readonly start: number,
    readonly rewrites: Rewrites,
    readonly observations: Observations,
  ) {
    super({});
  }

  override build(): void {
    const { constant } = tf.initializers;
    const kernel = constant({ value: this.start });
    this.kernel = this.addWeight("kernel", this.size, "float32", kernel);
    const zero = constant({ value: 0 });
    this.count = this.addWeight(
      "count",
      [this.size[1]],
      "float32",
      zero,
      undefined,
      false,
    );
    this.built = true;
  }

  override computeOutputShape(shape: tf.Shape): tf.Shape {
    return [shape[0]!, this.size[1]];
  }

  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    this.observations.call("layer");
    return tf.tidy(() => {
      this.rewrites(this.kernel, this);
      return tf.matMul(first(inputs), this.kernel.read());
    });
  }
}

const clip: Rewrites = (kernel) =>
  kernel.write(tf.clipByValue(kernel.read(), -1, 1));

const rewritings: Record<string, Rewrites> = {
  "clipped to a range": clip,
  "divided by its largest singular value, by power iteration": (
    kernel,
    layer,
  ) => {
    const w = kernel.read() as tf.Tensor2D;
    const u = tf.add(layer.count.read(), 1).reshape<tf.Tensor2D>([1, -1]);
    const v = tf.matMul(u, w, false, true);
    const unit = tf.div<tf.Tensor2D>(v, tf.norm(v));
    const sigma = tf.norm(tf.matMul(unit, w));
    kernel.write(tf.div(w, sigma));
  },
  "scaled to a norm": (kernel) => {
    const w = kernel.read();
    kernel.write(tf.mul(tf.div(w, tf.add(tf.norm(w, 2, 0, true), 1e-6)), 2));
  },
  "limited to a norm": (kernel) => {
    const w = kernel.read();
    const norm = tf.norm(w, 2, 0, true);
    const held = tf.minimum(norm, 1);
    kernel.write(tf.mul(w, tf.div(held, tf.add(norm, 1e-6))));
  },
  "unchanged, while a counter is written": (_, layer) =>
    layer.count.write(tf.add(layer.count.read(), 1)),
  "decayed, and a counter written": (kernel, layer) => {
    kernel.write(tf.mul(kernel.read(), 0.9));
    layer.count.write(tf.add(layer.count.read(), tf.sum(kernel.read(), 0)));
  },
};

const rows = () =>
  tf.tensor2d([
    [1, 2],
    [-1, 0.5],
    [0.5, 3],
  ]);

function training(rewrites: Rewrites, optimizer: () => tf.Optimizer): Program {
  return async (observations) => {
    const layer = new Written([2, 2], 0.8, rewrites, observations);
    const model = chain([layer], 2);
    model.compile({ optimizer: optimizer(), loss: "meanSquaredError" });
    const [x, y] = [rows(), tf.mul(rows(), 3)];
    for (let step = 0; step < 6; step += 1) {
      observations.see("losses", await trainOn(model, x, y, 1));
      observations.see("weights", weightsOf(model));
    }
    const { history } = await model.fit(x, y, {
      epochs: 3,
      batchSize: 2,
      shuffle: false,
      verbose: 0,
      validationData: [x, y],
    });
    observations.see("history", history);
    observations.see("prediction", model.predict(x));
    observations.see("weights", weightsOf(model));
  };
}

describe("the kernel of a custom layer", () => {
  for (const [name, rewrites] of Object.entries(rewritings)) {
    sameBothWays(
      `${name}, sgd`,
      training(rewrites, () => tf.train.sgd(0.05)),
      { bound: 1e-4 },
    );
    sameBothWays(
      `${name}, adam`,
      training(rewrites, () => tf.train.adam(0.05)),
      { bound: 1e-4 },
    );
  }

  sameBothWays(
    "clipped: each step starts from 1",
    async (observations) => {
      const model = chain([new Written([1, 1], 5, clip, observations)]);
      model.compile({ optimizer: tf.train.sgd(0.1), loss: squares });
      for (let step = 0; step < 6; step += 1) {
        await trainOn(model, one(1), one(10), 1);
        observations.see("weight", weightOf(model));
      }
    },
    { right: { weight: [2.8, 2.8, 2.8, 2.8, 2.8, 2.8] } },
  );
});

describe("writes in other places", () => {
  sameBothWays("a loss that assigns a variable", async (observations) => {
    const average = tf.variable(tf.scalar(0), false);
    const model = chain([tf.layers.dense({ units: 1, useBias: false })]);
    model.setWeights([one(1)]);
    model.compile({
      optimizer: tf.train.sgd(0.05),
      loss: (y, p) => {
        observations.call("loss");
        const loss = squares(y, p);
        average.assign(
          tf.add<tf.Scalar>(tf.mul(average, 0.9), tf.mul(loss, 0.1)),
        );
        return tf.add<tf.Scalar>(loss, average);
      },
    });
    const x = tf.tensor2d([[1], [2], [3]]);
    const options = { epochs: 4, batchSize: 2, shuffle: false } as const;
    const { history } = await model.fit(x, tf.mul(x, 2), {
      ...options,
      verbose: 0,
    });
    observations.see("history", history);
    observations.see("average", average);
    observations.see("weight", weightOf(model));
  });

  sameBothWays(
    "a loss that clips the model's weights",
    async (observations) => {
      const layer = tf.layers.dense({ units: 2, inputShape: [2] });
      const model = tf.sequential({ layers: [layer] });
      model.setWeights([tf.ones([2, 2]), tf.zeros([2])]);
      model.compile({
        optimizer: tf.train.sgd(0.1),
        loss: (y, p) => {
          observations.call("loss");
          const [kernel] = layer.weights;
          kernel!.write(tf.clipByValue(kernel!.read(), -0.5, 0.5));
          return squares(y, p);
        },
      });
      const y = tf.mul(rows(), 4);
      for (let step = 0; step < 5; step += 1) {
        observations.see("losses", await trainOn(model, rows(), y, 1));
        observations.see("weights", weightsOf(model));
      }
    },
  );

  sameBothWays(
    "a metric that keeps a confusion matrix in a variable",
    async (observations) => {
      const sum = tf.variable(tf.zeros([2, 2]), false);
      const layer = tf.layers.dense({ units: 2, activation: "softmax" });
      const model = chain([layer], 2);
      model.setWeights([
        tf.tensor2d([
          [1, -1],
          [0, 1],
        ]),
        tf.zeros([2]),
      ]);
      model.compile({
        optimizer: tf.train.sgd(0.1),
        loss: "categoricalCrossentropy",
        metrics: [
          (y: tf.Tensor, p: tf.Tensor) => {
            observations.call("metric");
            sum.assign(tf.add<tf.Tensor2D>(sum, tf.matMul(y, p, true)));
            return tf.sum(sum);
          },
        ],
      });
      const y = tf.tensor2d([
        [1, 0],
        [0, 1],
        [0, 1],
      ]);
      const options = { epochs: 3, batchSize: 2, shuffle: false } as const;
      const { history } = await model.fit(rows(), y, {
        ...options,
        verbose: 0,
        validationData: [rows(), y],
      });
      observations.see("history", history);
      observations.see("sum", sum);
    },
  );
});
