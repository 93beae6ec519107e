/**
 * Tests variables that share their data for a while, as copies of weights do in tfjs, and later
 * differ. A few seconds.
 */
import { describe } from "node:test";
import { tf } from "../../../src/engine";
import { sameBothWays } from "./comparison";
import {
  chain,
  line,
  one,
  pair,
  predict,
  squares,
  trainOn,
  weightOf,
  weightsOf,
} from "./small-models";

/** Two branches with one weight each on one input. */
function branches(): {
  layers: tf.layers.Layer[];
  model: tf.LayersModel;
} {
  const input = tf.input({ shape: [1] });
  const layers = [line(1), line(2)];
  const outputs = layers.map((layer) => layer.apply(input));
  const model = tf.model({
    inputs: input,
    outputs: outputs as tf.SymbolicTensor[],
  });
  return { layers, model };
}

describe("branches of one model", () => {
  sameBothWays(
    "that started with copied weights",
    (observations) => {
      const { layers, model } = branches();
      layers[1]!.setWeights(layers[0]!.getWeights());
      for (let time = 0; time < 3; time += 1) model.predict(one(1));
      layers[1]!.setWeights([one(7)]);
      observations.see("outputs", model.predict(one(1)));
    },
    { right: { outputs: [[[1], [7]]] } },
  );

  sameBothWays(
    "one frozen, which is periodically updated from the other (a target network)",
    async (observations) => {
      const { layers, model } = branches();
      layers[1]!.trainable = false;
      model.compile({
        optimizer: tf.train.sgd(0.1),
        loss: ["meanSquaredError", "meanSquaredError"],
      });
      for (let step = 0; step < 9; step += 1) {
        if (step % 3 === 0) layers[1]!.setWeights(layers[0]!.getWeights());
        await model.trainOnBatch(one(1), [one(3), one(0)]);
        observations.see("weights", layers.map(weightOf));
      }
    },
  );

  sameBothWays(
    "that are copied to each other while they are trained",
    async (observations) => {
      const { layers, model } = branches();
      layers[1]!.setWeights(layers[0]!.getWeights());
      const loss = "meanSquaredError";
      model.compile({ optimizer: tf.train.adam(0.1), loss: [loss, loss] });
      const [x, y] = [tf.tensor2d([[1], [2]]), tf.tensor2d([[2], [5]])];
      for (let round = 0; round < 3; round += 1) {
        await model.fit(x, [y, tf.neg(y)], {
          epochs: 4,
          batchSize: 1,
          shuffle: false,
          verbose: 0,
        });
        observations.see("weights", weightsOf(model));
        layers[0]!.setWeights(layers[1]!.getWeights());
      }
    },
  );
});

describe("models", () => {
  sameBothWays(
    "teacher and student: the teacher is updated for three steps, then constant",
    async (observations) => {
      const [teacher, student] = [line(), line()];
      const input = tf.input({ shape: [1] });
      const outputs = [teacher, student].map((layer) => layer.apply(input));
      const both = tf.model({
        inputs: input,
        outputs: outputs as tf.SymbolicTensor[],
      });
      const trained = tf.model({
        inputs: input,
        outputs: outputs[1] as tf.SymbolicTensor,
      });
      const loss = "meanSquaredError";
      trained.compile({ optimizer: tf.train.sgd(0.1), loss });
      for (let step = 0; step < 6; step += 1) {
        if (step < 3) teacher.setWeights(student.getWeights());
        observations.see("outputs", both.predict(one(1)));
        await trained.trainOnBatch(one(1), one(1));
      }
    },
    {
      right: {
        outputs: [
          [[0], [0]],
          [[0.2], [0.2]],
          [[0.36], [0.36]],
          [[0.36], [0.488]],
          [[0.36], [0.5904]],
          [[0.36], [0.67232]],
        ],
      },
    },
  );

  sameBothWays(
    "an ensemble of a model and its copy, one of which is trained",
    async (observations) => {
      const members = [pair(), pair()];
      members[1]!.setWeights(members[0]!.getWeights());
      const input = tf.input({ shape: [2] });
      const outputs = tf.layers
        .average()
        .apply(
          members.map((member) => member.apply(input)) as tf.SymbolicTensor[],
        ) as tf.SymbolicTensor;
      const ensemble = tf.model({ inputs: input, outputs });
      const x = tf.tensor2d([
        [1, 2],
        [3, -1],
      ]);
      for (let time = 0; time < 3; time += 1) {
        observations.see("ensemble", predict(ensemble, x));
      }
      const loss = "meanSquaredError";
      members[0]!.compile({ optimizer: tf.train.sgd(0.1), loss });
      await trainOn(members[0]!, x, tf.tensor2d([[1], [2]]), 4);
      observations.see("ensemble", predict(ensemble, x));
    },
  );

  sameBothWays(
    "a loss that compares a model with its copy",
    async (observations) => {
      const [model, copy] = [pair(), pair()];
      copy.setWeights(model.getWeights());
      model.compile({
        optimizer: tf.train.sgd(0.1),
        loss: (y, p) =>
          tf.addN([
            squares(y, p),
            ...model.weights.map((weight, index) =>
              tf.sum(
                tf.square(tf.sub(weight.read(), copy.weights[index]!.read())),
              ),
            ),
          ]),
      });
      const x = tf.tensor2d([[1, 2]]);
      observations.see("losses", await trainOn(model, x, one(3), 5));
      copy.setWeights(model.getWeights());
      observations.see("losses", await trainOn(model, x, one(3), 3));
    },
  );

  sameBothWays(
    "one loaded from the other's artifacts, with the same arrays",
    async (observations) => {
      const model = pair();
      model.compile({ optimizer: "sgd", loss: "meanSquaredError" });
      let saved: Parameters<typeof tf.io.fromMemory>[0] | undefined;
      await model.save(
        tf.io.withSaveHandler(async (artifacts) => {
          saved = artifacts;
          return { modelArtifactsInfo: { dateSaved: new Date(0) } } as never;
        }),
      );
      const copy = await tf.loadLayersModel(tf.io.fromMemory(saved!));
      const x = tf.tensor2d([[1, 2]]);
      await trainOn(model, x, one(3), 5);
      for (let time = 0; time < 3; time += 1) {
        observations.see("copy", predict(copy, x));
        observations.see("model", predict(model, x));
      }
    },
  );
});

describe("variables in a loss", () => {
  sameBothWays(
    "of which one was assigned the other's value",
    async (observations) => {
      const a = tf.variable(tf.scalar(1), false);
      const b = tf.variable(tf.scalar(0), false);
      b.assign(a);
      const model = chain([line(1)]);
      model.compile({
        optimizer: tf.train.sgd(0),
        loss: (y, p) => {
          observations.call("loss");
          const penalty = tf.mul(tf.mean(tf.abs(p)), b);
          return tf.add<tf.Scalar>(tf.mul(squares(y, p), a), penalty);
        },
      });
      for (let step = 0; step < 5; step += 1) {
        if (step === 3) b.assign(tf.scalar(100));
        observations.see("loss", await model.trainOnBatch(one(2), one(1)));
      }
    },
    { right: { loss: [3, 3, 3, 201, 201] } },
  );

  sameBothWays(
    "evaluated before and after: the distance from the initial weights",
    (observations) => {
      const layer = line(1);
      const model = chain([layer]);
      const kernel = layer.getWeights()[0]!;
      const start = kernel.clone();
      model.compile({
        optimizer: "sgd",
        loss: () =>
          tf.sum<tf.Scalar>(tf.square(tf.sub(layer.weights[0]!.read(), start))),
      });
      const evaluate = () =>
        model.evaluate(tf.ones([4, 1]), tf.ones([4, 1]), { batchSize: 2 });
      observations.see("loss", evaluate());
      layer.setWeights([one(4)]);
      observations.see("loss", evaluate());
    },
    { right: { loss: [0, 9] } },
  );

  sameBothWays(
    "an average of weights, initialized to the weights (Polyak)",
    async (observations) => {
      const layer = line(1);
      const model = chain([layer]);
      const average = tf.variable(tf.zeros([1, 1]), false);
      average.assign(layer.weights[0]!.read());
      model.compile({
        optimizer: tf.train.sgd(0.1),
        loss: (y, p) =>
          tf.add<tf.Scalar>(
            squares(y, p),
            tf.sum(tf.square(tf.sub(layer.weights[0]!.read(), average))),
          ),
      });
      for (let step = 0; step < 6; step += 1) {
        observations.see("loss", await model.trainOnBatch(one(1), one(3)));
        tf.tidy(() =>
          average.assign(
            tf.add<tf.Tensor2D>(
              tf.mul(average, 0.9),
              tf.mul(layer.weights[0]!.read(), 0.1),
            ),
          ),
        );
        observations.see("average", average);
      }
    },
  );
});
