/**
 * Tests one tensor passed as several arguments, followed by different tensors of the same shape:
 * each argument is a separate input. A few seconds.
 */
import { describe } from "node:test";
import { tf } from "../../../src/engine";
import { sameBothWays } from "./comparison";
import {
  chain,
  line,
  one,
  predict,
  squares,
  trainOn,
  weightsOf,
} from "./small-models";

/** y = a - b, without weights. */
function subtraction(): tf.LayersModel {
  const inputs = [0, 1].map(() => tf.input({ shape: [1] }));
  const negative = line(-1).apply(inputs[1]!) as tf.SymbolicTensor;
  const outputs = tf.layers
    .add()
    .apply([inputs[0]!, negative]) as tf.SymbolicTensor;
  const model = tf.model({ inputs, outputs });
  model.compile({ optimizer: tf.train.sgd(0), loss: "meanSquaredError" });
  return model;
}

function autoencoder(): tf.Sequential {
  const layer = tf.layers.dense({
    units: 2,
    inputShape: [2],
    kernelInitializer: "ones",
  });
  const model = tf.sequential({ layers: [layer] });
  model.compile({ optimizer: tf.train.sgd(0.01), loss: "meanSquaredError" });
  return model;
}

const clean = () =>
  tf.tensor2d([
    [0, 1],
    [1, 0],
    [1, 1],
    [0, 0],
  ]);
const noisy = () =>
  tf.tensor2d([
    [5, 1],
    [1, 5],
    [-3, 1],
    [0, 4],
  ]);

describe("training", () => {
  sameBothWays(
    "fit(x, x), then fit(noisy, x)",
    async (observations) => {
      const [model, x] = [autoencoder(), clean()];
      const options = { epochs: 3, batchSize: 4, verbose: 0 } as const;
      await model.fit(x, x, { ...options, shuffle: false });
      const after = { ...options, epochs: 1, shuffle: false };
      const { history } = await model.fit(noisy(), x, after);
      observations.see("loss", history["loss"]);
      observations.see("weights", weightsOf(model));
    },
    { right: { loss: [[20.935436]] }, bound: 1e-4 },
  );

  sameBothWays(
    "trainOnBatch(x, x), then (x, y)",
    async (observations) => {
      const model = chain([line(1)]);
      model.compile({ optimizer: tf.train.sgd(0), loss: "meanSquaredError" });
      const x = one(1);
      observations.see("same", await trainOn(model, x, x, 4));
      observations.see("others", await trainOn(model, x, one(4), 3));
    },
    { right: { same: [[0, 0, 0, 0]], others: [[9, 9, 9]] } },
  );

  sameBothWays(
    "labels that are a clone of the inputs",
    async (observations) => {
      const model = chain([line(2)]);
      model.compile({ optimizer: tf.train.sgd(0), loss: "meanSquaredError" });
      const x = one(1);
      observations.see("same", await trainOn(model, x, x.clone(), 4));
      observations.see("others", await trainOn(model, x, one(4), 2));
    },
    { right: { same: [[1, 1, 1, 1]], others: [[4, 4]] } },
  );

  sameBothWays("two inputs that are one tensor", async (observations) => {
    const model = subtraction();
    const x = tf.tensor2d([[1], [2], [3], [4]]);
    const options = { epochs: 3, batchSize: 2, verbose: 0 } as const;
    for (const second of [x, tf.zerosLike(x)]) {
      const { history } = await model.fit([x, second], x, options);
      observations.see("loss", history["loss"]);
    }
  });

  sameBothWays(
    "a dataset that yields one tensor as inputs and labels, then another",
    async (observations) => {
      const model = chain([line(1)]);
      model.compile({ optimizer: tf.train.sgd(0), loss: "meanSquaredError" });
      const numbers = tf.data.array([1, 2, 3, 4]);
      const same = numbers.map((value) => {
        const x = tf.tensor1d([value]);
        return { xs: x, ys: x };
      });
      const others = numbers.map((value) => ({
        xs: tf.tensor1d([value as unknown as number]),
        ys: tf.tensor1d([0]),
      }));
      for (const data of [same, others]) {
        const { history } = await model.fitDataset(
          data.batch(2) as unknown as tf.data.Dataset<never>,
          { epochs: 3, verbose: 0 },
        );
        observations.see("loss", history["loss"]);
      }
    },
    {
      right: {
        loss: [
          [0, 0, 0],
          [7.5, 7.5, 7.5],
        ],
      },
    },
  );

  sameBothWays(
    "sample weights that are the labels, then others",
    async (observations) => {
      const model = chain([line(1)]);
      model.compile({ optimizer: tf.train.sgd(0.1), loss: squares });
      const x = tf.tensor2d([[1], [2]]);
      for (const y of [x, tf.zerosLike(x)]) {
        const options = { epochs: 4, verbose: 0, shuffle: false } as const;
        const { history } = await model.fit(x, y, {
          ...options,
          validationData: [x, y],
        });
        observations.see("history", history);
      }
    },
  );
});

describe("evaluation and prediction", () => {
  sameBothWays(
    "predict([a, a]), then predict([a, b])",
    (observations) => {
      const model = subtraction();
      const a = one(50);
      for (let time = 0; time < 4; time += 1) {
        observations.see("same", model.predict([a, a], { batchSize: 1 }));
      }
      observations.see("others", model.predict([a, one(20)]));
    },
    { right: { same: [[0], [0], [0], [0]], others: [[30]] } },
  );

  sameBothWays(
    "predictOnBatch of the same tensor twice, then of two",
    (observations) => {
      const model = subtraction();
      const a = one(5);
      for (const b of [a, a, a, one(1), a]) {
        observations.see("output", model.predictOnBatch([a, b]));
      }
    },
    { right: { output: [[0], [0], [0], [4], [0]] } },
  );

  sameBothWays(
    "evaluate(x, x), then (x, y)",
    (observations) => {
      const model = chain([line(1)]);
      model.compile({ optimizer: "sgd", loss: "meanSquaredError" });
      const x = tf.tensor2d([[1], [2], [3], [4]]);
      for (const y of [x, x, x, tf.zerosLike(x)]) {
        observations.see("loss", model.evaluate(x, y, { batchSize: 2 }));
      }
    },
    { right: { loss: [0, 0, 0, 7.5] } },
  );

  sameBothWays(
    "validationData [x, x], then [x, y]",
    async (observations) => {
      const model = chain([line(1)]);
      model.compile({ optimizer: tf.train.sgd(0), loss: "meanSquaredError" });
      const [x, data] = [one(3), tf.tensor2d([[1], [2]])];
      for (const y of [x, one(0)]) {
        const { history } = await model.fit(data, data, {
          epochs: 3,
          verbose: 0,
          validationData: [x, y],
        });
        observations.see("val_loss", history["val_loss"]);
      }
    },
    {
      right: {
        val_loss: [
          [0, 0, 0],
          [9, 9, 9],
        ],
      },
    },
  );

  sameBothWays(
    "predict(x) of a model whose kernel was set to x",
    (observations) => {
      const model = chain([line(1)]);
      const x = one(3);
      model.setWeights([x]);
      for (const input of [x, x, x, one(2)]) {
        observations.see("output", predict(model, input));
      }
      model.setWeights([one(7)]);
      observations.see("output", predict(model, x));
    },
    { right: { output: [[9], [9], [9], [6], [21]] } },
  );

  sameBothWays("inputs that are views of one tensor", (observations) => {
    const model = subtraction();
    const a = tf.tensor1d([1, 2]);
    const [b, c] = [a.reshape([2, 1]), a.expandDims(1)];
    for (const second of [b, c, b, tf.tensor2d([[5], [5]])]) {
      observations.see("output", model.predict([b, second]));
    }
  });
});

describe("a loss that reads a tensor", () => {
  sameBothWays(
    "which is also the first batches",
    async (observations) => {
      const anchor = one(1);
      const model = chain([line()]);
      model.compile({
        optimizer: tf.train.sgd(0),
        loss: (_, p) => {
          observations.call("loss");
          return tf.mean<tf.Scalar>(tf.add(tf.mul(p, 0), anchor));
        },
      });
      for (const x of [anchor, anchor, anchor, one(50)]) {
        observations.see("loss", await model.trainOnBatch(x, one(0)));
      }
    },
    { right: { loss: [1, 1, 1, 1] } },
  );

  sameBothWays("which is also the first labels", async (observations) => {
    const anchor = one(2);
    const model = chain([line(1)]);
    model.compile({
      optimizer: tf.train.sgd(0),
      loss: (y, p) => tf.add<tf.Scalar>(squares(y, p), tf.sum(anchor)),
      metrics: [(y: tf.Tensor) => tf.mean(tf.sub(y, anchor))],
    });
    for (const y of [anchor, anchor, anchor, one(9)]) {
      observations.see("loss", await model.trainOnBatch(one(1), y));
    }
  });
});
