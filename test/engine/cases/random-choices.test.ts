/**
 * Tests random choices that a program makes in JavaScript in each step: each is drawn once per
 * step, and takes effect. A few seconds.
 */
import { describe } from "node:test";
import { tf } from "../../../src/engine";
import { parkMiller, sameBothWays, type Program } from "./comparison";
import type { Observations } from "./observations";
import {
  chain,
  Lambda,
  spreadWeights,
  squares,
  trainOn,
  weightsOf,
} from "./small-models";

type Draws = () => number;
type Does = (x: tf.Tensor, draw: Draws, training: boolean) => tf.Tensor;

const rows = () =>
  tf.tensor2d([
    [1, 0, 2],
    [-1, 0.5, 1],
    [0.5, 3, -2],
    [2, 1, 0],
  ]);
const labels = () => tf.tensor2d([[1], [2], [-1], [0]]);

/** Draws a permutation of the numbers below `count`. */
function order(count: number, draw: Draws): number[] {
  const numbers = [...Array(count).keys()];
  for (let last = count - 1; last > 0; last -= 1) {
    const other = Math.floor(draw() * (last + 1));
    [numbers[last], numbers[other]] = [numbers[other]!, numbers[last]!];
  }
  return numbers;
}

const layers: Record<string, Does> = {
  "a random flip": (x, draw, training) =>
    training && draw() < 0.5 ? tf.reverse(x, 1) : x,
  "stochastic depth": (x, draw, training) =>
    training && draw() < 0.2 ? x : tf.add(x, tf.tanh(x)),
  "a rare branch, one step in ten": (x, draw) =>
    draw() < 0.1 ? tf.mul(x, 3) : x,
  "one of three operations (RandAugment)": (x, draw, training) => {
    if (!training) return x;
    const which = Math.floor(draw() * 3);
    return which === 0 ? tf.neg(x) : which === 1 ? tf.abs(x) : tf.square(x);
  },
  "a column erased, of random width": (x, draw) => {
    const width = 1 + Math.floor(draw() * 2);
    const kept = tf.slice(x, [0, 0], [-1, 3 - width]);
    return tf.concat([kept, tf.zeros([x.shape[0], width])], 1);
  },
  "noise drawn value by value": (x, draw) =>
    tf.add(x, tf.tensor1d(Array.from({ length: 3 }, draw))),
  "one number as a factor": (x, draw) => tf.mul(x, draw() < 0.5 ? 0.5 : 2),
  "mixup by a permutation of the batch": (x, draw) => {
    const share = draw() < 0.5 ? 0.25 : 0.75;
    const other = tf.gather(x, order(x.shape[0], draw));
    return tf.add(tf.mul(x, share), tf.mul(other, 1 - share));
  },
};

/** Trains in each way on a model whose first layer draws random values. */
function training(does: Does, drawn: "Math.random" | "own"): Program {
  return async (observations) => {
    const draw = drawn === "own" ? parkMiller(77) : () => Math.random();
    const drawing = new Lambda((x, { training = false }) => {
      observations.call("layer");
      return tf.tidy(() => does(x, draw, training));
    });
    const model = chain([drawing, tf.layers.dense({ units: 1 })], 3);
    spreadWeights(model);
    model.compile({ optimizer: tf.train.sgd(0.02), loss: "meanSquaredError" });
    await trainEachWay(observations, model);
  };
}

async function trainEachWay(
  observations: Observations,
  model: tf.LayersModel,
): Promise<void> {
  observations.see("losses", await trainOn(model, rows(), labels(), 25));
  const { history } = await model.fit(rows(), labels(), {
    epochs: 8,
    batchSize: 2,
    shuffle: false,
    verbose: 0,
    validationData: [rows(), labels()],
  });
  observations.see("history", history);
  for (let time = 0; time < 5; time += 1) {
    observations.see("prediction", model.predict(rows()));
    observations.see("score", model.evaluate(rows(), labels()));
  }
  observations.see("weights", weightsOf(model));
}

for (const drawn of ["Math.random", "own"] as const) {
  const source = drawn === "own" ? "a custom generator" : drawn;
  describe(`a layer, drawn by ${source}`, () => {
    for (const [name, does] of Object.entries(layers)) {
      sameBothWays(name, training(does, drawn), { bound: 1e-4 });
    }
  });
}

describe("elsewhere", () => {
  sameBothWays("a loss that leaves out labels", async (observations) => {
    const model = chain([tf.layers.dense({ units: 1 })], 3);
    spreadWeights(model);
    model.compile({
      optimizer: tf.train.sgd(0.02),
      loss: (y, p) => {
        observations.call("loss");
        const kept = order(y.shape[0], Math.random).slice(0, 2);
        return squares(tf.gather(y, kept), tf.gather(p, kept));
      },
    });
    await trainEachWay(observations, model);
  });

  sameBothWays(
    "teacher forcing: the last output or the label, as drawn",
    async (observations) => {
      const cell = tf.layers.dense({ units: 1, inputShape: [2] });
      const net = tf.sequential({ layers: [cell] });
      spreadWeights(net);
      const optimizer = tf.train.adam(0.05);
      const draw = parkMiller(5);
      for (let step = 0; step < 20; step += 1) {
        const value = optimizer.minimize(() => {
          let given: tf.Tensor = tf.zeros([4, 1]);
          const losses: tf.Tensor[] = [];
          for (let time = 0; time < 3; time += 1) {
            const x = tf.slice(rows(), [0, time], [-1, 1]);
            const y = tf.mul(labels(), time);
            const p = net.apply(tf.concat([x, given], 1)) as tf.Tensor;
            losses.push(squares(y, p));
            given = draw() < 0.5 ? y : p;
          }
          return tf.addN(losses) as tf.Scalar;
        }, true);
        observations.see("loss", value!);
      }
    },
    { bound: 1e-4 },
  );

  sameBothWays("a random metric", async (observations) => {
    const model = chain([tf.layers.dense({ units: 1 })], 3);
    spreadWeights(model);
    model.compile({
      optimizer: tf.train.sgd(0.02),
      loss: "meanSquaredError",
      metrics: [
        (_: tf.Tensor, p: tf.Tensor) => {
          observations.call("metric");
          return Math.random() < 0.3 ? tf.max(p) : tf.min(p);
        },
      ],
    });
    await trainEachWay(observations, model);
  });
});
