/**
 * Tests stateful recurrent layers, which keep their state from batch to batch, and resetStates. A
 * few seconds.
 */
import { describe } from "node:test";
import { tf } from "../../../src/engine";
import { sameBothWays } from "./comparison";
import { spreadWeights, trainOn, weightsOf } from "./small-models";

const kinds = {
  lstm: tf.layers.lstm,
  gru: tf.layers.gru,
  simpleRNN: tf.layers.simpleRNN,
} as const;

type Kind = keyof typeof kinds;

function network(kind: Kind, returnSequences = false): tf.Sequential {
  const options = { stateful: true, returnSequences };
  const model = tf.sequential({
    layers: [
      kinds[kind]({
        units: 2,
        batchInputShape: [2, 3, 1],
        ...options,
      }),
      tf.layers.dense({ units: 1 }),
    ],
  });
  spreadWeights(model);
  model.compile({ optimizer: tf.train.sgd(0.05), loss: "meanSquaredError" });
  return model;
}

const sequences = (offset = 0, rows = 2) =>
  tf.tensor3d(
    Array.from({ length: rows * 3 }, (_, index) => Math.sin(index + offset)),
    [rows, 3, 1],
  );
const labels = (rows = 2) =>
  tf.tensor2d(
    Array.from({ length: rows }, (_, index) => index),
    [rows, 1],
  );

sameBothWays(
  "an LSTM: three sequences of one step each, then one of four steps",
  (observations) => {
    const model = tf.sequential({
      layers: [
        tf.layers.lstm({
          units: 1,
          stateful: true,
          batchInputShape: [1, 1, 1],
          kernelInitializer: "ones",
          recurrentInitializer: "ones",
        }),
      ],
    });
    const next = () =>
      observations.see("output", model.predict(tf.ones([1, 1, 1])));
    for (let sequence = 0; sequence < 3; sequence += 1) {
      model.resetStates();
      next();
    }
    model.resetStates();
    for (let step = 0; step < 4; step += 1) next();
  },
  {
    right: {
      output: [0.3414, 0.3414, 0.3414, 0.3414, 0.6093, 0.7629, 0.8322].map(
        (value) => [value],
      ),
    },
    bound: 1e-4,
  },
);

for (const kind of Object.keys(kinds) as Kind[]) {
  describe(`stateful ${kind}`, () => {
    sameBothWays("predicts repeatedly", (observations) => {
      const model = network(kind);
      for (let time = 0; time < 6; time += 1) {
        observations.see(
          "output",
          model.predict(sequences(time), { batchSize: 2 }),
        );
      }
    });

    sameBothWays("predicts with resets in between", (observations) => {
      const model = network(kind, true);
      for (let time = 0; time < 9; time += 1) {
        if (time < 4 || time === 7) model.resetStates();
        observations.see(
          "output",
          model.predict(sequences(), { batchSize: 2 }),
        );
      }
    });

    sameBothWays("warmed up with zeros, then data", (observations) => {
      const model = network(kind);
      for (let time = 0; time < 3; time += 1) {
        model.predict(tf.zeros([2, 3, 1]), { batchSize: 2 });
      }
      for (let time = 0; time < 4; time += 1) {
        observations.see(
          "output",
          model.predict(sequences(), { batchSize: 2 }),
        );
      }
    });

    sameBothWays("trainOnBatch, reset before the first steps", async (o) => {
      const model = network(kind);
      for (let step = 0; step < 8; step += 1) {
        if (step < 4) model.resetStates();
        o.see("losses", await trainOn(model, sequences(), labels(), 1));
      }
      o.see("weights", weightsOf(model));
    });

    sameBothWays("fit, reset by a callback for some epochs", async (o) => {
      const model = network(kind);
      for (const rows of [2, 6]) {
        const { history } = await model.fit(sequences(0, rows), labels(rows), {
          epochs: 7,
          batchSize: 2,
          shuffle: false,
          verbose: 0,
          callbacks: {
            onEpochEnd: async (epoch) => {
              if (epoch < 4) model.resetStates();
            },
          },
        });
        o.see("history", history);
        o.see("weights", weightsOf(model));
      }
    });

    sameBothWays(
      "fit with validation, evaluate, predict in batches",
      async (o) => {
        const model = network(kind);
        const { history } = await model.fit(sequences(0, 4), labels(4), {
          epochs: 4,
          batchSize: 2,
          shuffle: false,
          verbose: 0,
          validationData: [sequences(5, 4), labels(4)],
        });
        o.see("history", history);
        for (let time = 0; time < 4; time += 1) {
          const data = [sequences(time, 4), labels(4)] as const;
          o.see("score", model.evaluate(...data, { batchSize: 2 }));
          o.see("output", model.predict(data[0], { batchSize: 2 }));
        }
      },
    );
  });
}

sameBothWays("a stateful layer within a nested model", (observations) => {
  const inner = network("gru", true);
  const input = tf.input({ batchShape: [2, 3, 1] });
  const output = tf.layers
    .globalAveragePooling1d({})
    .apply(inner.apply(input)) as tf.SymbolicTensor;
  const model = tf.model({ inputs: input, outputs: output });
  for (let time = 0; time < 7; time += 1) {
    if (time < 3) inner.resetStates();
    observations.see("output", model.predict(sequences(), { batchSize: 2 }));
  }
});

sameBothWays("states set by a program", (observations) => {
  const model = network("simpleRNN");
  const layer = model.layers[0] as tf.RNN;
  for (let time = 0; time < 7; time += 1) {
    if (time > 3) layer.resetStates(tf.fill([2, 2], time / 10));
    else layer.resetStates();
    observations.see("output", model.predict(sequences(), { batchSize: 2 }));
  }
});
