/**
 * The loss on logits, compared with float64 and Keras, and its effect on the model.
 */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { tf } from "../../src/engine/tensorflow";
import { evaluate } from "../../src/training/evaluate";
import {
  compileFromLogits,
  crossEntropyFromLogits,
} from "../../src/training/logits";
import { setSeed } from "../../src/training/seed";
import { errorWith } from "../error-with";
import { runKeras } from "../oracles/python";

/** Cross-entropy of one sample and its gradient with respect to the logits, in float64. */
function reference(logits: readonly number[], label: number) {
  const largest = Math.max(...logits);
  const sum = logits.reduce((total, z) => total + Math.exp(z - largest), 0);
  const logSum = largest + Math.log(sum);
  return {
    loss: logSum - logits[label]!,
    gradient: logits.map(
      (z, index) => Math.exp(z - logSum) - (index === label ? 1 : 0),
    ),
    probabilities: logits.map((z) => Math.exp(z - logSum)),
  };
}

/** Deterministic rows of logits from −range to range. */
function logitRows(rows: number, classes: number, range: number): number[][] {
  return Array.from({ length: rows }, (_, row) =>
    Array.from(
      { length: classes },
      (_, column) => range * Math.sin(1 + 7.3 * row + 2.9 * column * column),
    ),
  );
}

function close(actual: number, expected: number, relative = 2e-6): void {
  const tolerance = relative * Math.max(1, Math.abs(expected));
  assert.ok(
    Math.abs(actual - expected) <= tolerance,
    `${actual} is not ${expected} within ${tolerance}`,
  );
}

/** Creates a model whose logits are its inputs: a dense layer with an identity kernel. */
function identityModel(
  classes: number,
  activation: "softmax" | undefined,
): tf.Sequential {
  const model = tf.sequential();
  model.add(
    tf.layers.dense({
      units: classes,
      inputShape: [classes],
      kernelInitializer: "identity",
      ...(activation === undefined ? {} : { activation }),
    }),
  );
  return model;
}

describe("crossEntropyFromLogits", () => {
  for (const range of [1, 30, 300]) {
    test(`loss and gradient equal float64 for logits up to ±${range}`, () => {
      const rows = logitRows(40, 10, range);
      const labels = rows.map((_, row) => row % 10);
      const losses = crossEntropyFromLogits(
        tf.tensor2d(labels, [40, 1], "int32"),
        tf.tensor2d(rows),
      ).arraySync();
      const gradient = tf
        .grad((logits) =>
          crossEntropyFromLogits(tf.tensor1d(labels, "int32"), logits).sum(),
        )(tf.tensor2d(rows))
        .arraySync() as number[][];
      rows.forEach((logits, row) => {
        // Float32 represents 300 only to about 3e-5, so the reference uses the rounded logits.
        const stored = [...Float32Array.from(logits)];
        const expected = reference(stored, labels[row]!);
        // log Σ exp z is as large as the largest logit, and is rounded to float32 before z[label]
        // is subtracted.
        close(losses[row]!, expected.loss, Math.max(2e-6, range * 2 ** -23));
        expected.gradient.forEach((value, column) =>
          close(gradient[row]![column]!, value, 4e-5),
        );
      });
    });
  }

  test("is not clipped where a probability rounds to 0", () => {
    const [loss] = crossEntropyFromLogits(
      tf.tensor2d([[0]]),
      tf.tensor2d([[-300, 300, 0]]),
    ).arraySync();
    assert.equal(loss, 600);
  });

  test("is at least -ln(e / (e + 9)) for probabilities", () => {
    const [smallest] = crossEntropyFromLogits(
      tf.tensor2d([[3]]),
      tf.oneHot([3], 10).toFloat(),
    ).arraySync();
    close(smallest!, -Math.log(Math.E / (Math.E + 9)));
    assert.equal(smallest!.toFixed(4), "1.4612");
  });
});

describe("compileFromLogits", () => {
  test("evaluates on unclipped logits, while predict returns probabilities", () => {
    const rows = logitRows(50, 10, 300);
    const labels = rows.map((_, row) => (row * 7) % 10);
    const model = identityModel(10, "softmax");
    compileFromLogits(model, { optimizer: "sgd" });
    const x = tf.tensor2d(rows);
    const y = tf.tensor2d(labels, [50, 1], "int32");
    const expected = rows.map((row, index) =>
      reference([...Float32Array.from(row)], labels[index]!),
    );
    const mean = expected.reduce((sum, { loss }) => sum + loss, 0) / 50;
    assert.ok(mean > 100, `the test's own loss is only ${mean}`);
    const result = evaluate(model, x, y, { batchSize: 16 });
    close(result.loss, mean);
    const right = rows.filter(
      (row, index) => row.indexOf(Math.max(...row)) === labels[index],
    ).length;
    close(result["accuracy"]!, right / 50);

    const predictions = (model.predict(x) as tf.Tensor2D).arraySync();
    predictions.forEach((row, index) => {
      close(
        row.reduce((sum, value) => sum + value, 0),
        1,
      );
      row.forEach((value, column) =>
        close(value, expected[index]!.probabilities[column]!, 4e-5),
      );
    });
  });

  test("applies the float64 gradient, also where the gradient of tfjs's loss is zero", async () => {
    const rows = logitRows(12, 5, 40);
    const labels = rows.map((_, row) => row % 5);
    const model = identityModel(5, "softmax");
    compileFromLogits(model, { optimizer: tf.train.sgd(0.5) });
    await model.fit(tf.tensor2d(rows), tf.tensor2d(labels, [12, 1], "int32"), {
      epochs: 1,
      batchSize: 12,
      verbose: 0,
    });
    const [kernel, bias] = model
      .getWeights()
      .map((weight) => weight.arraySync() as number[] | number[][]);
    const slopes = rows.map(
      (row, index) =>
        reference([...Float32Array.from(row)], labels[index]!).gradient,
    );
    for (let output = 0; output < 5; output++) {
      const mean = slopes.reduce((sum, slope) => sum + slope[output]!, 0) / 12;
      close((bias as number[])[output]!, -0.5 * mean, 1e-5);
      for (let input = 0; input < 5; input++) {
        const slope =
          slopes.reduce(
            (sum, values, row) => sum + values[output]! * rows[row]![input]!,
            0,
          ) / 12;
        const before = input === output ? 1 : 0;
        close(
          (kernel as number[][])[input]![output]!,
          before - 0.5 * slope,
          1e-4,
        );
      }
    }
  });

  test("uses the name accuracy in history and evaluate, and evaluate equals the last validation", async () => {
    setSeed(5);
    const model = tf.sequential();
    model.add(
      tf.layers.dense({ units: 8, inputShape: [4], activation: "relu" }),
    );
    model.add(tf.layers.dense({ units: 3, activation: "softmax" }));
    compileFromLogits(model, { optimizer: "adam" });
    const x = tf.randomNormal([70, 4], 0, 1, "float32", 3);
    const y = tf.range(0, 70, 1, "int32").mod(tf.scalar(3, "int32"));
    const labels = y.reshape([70, 1]);
    const { history } = await model.fit(x, labels, {
      epochs: 2,
      batchSize: 32,
      validationData: [x, labels],
      verbose: 0,
    });
    assert.deepEqual(Object.keys(history).sort(), [
      "accuracy",
      "loss",
      "val_accuracy",
      "val_loss",
    ]);
    const result = evaluate(model, x, labels);
    assert.equal(result.loss, history["val_loss"]!.at(-1));
    assert.equal(result["accuracy"], history["val_accuracy"]!.at(-1));
  });

  test("leaks no tensors in training and prediction", async () => {
    const model = identityModel(4, "softmax");
    compileFromLogits(model, { optimizer: "sgd" });
    const x = tf.tensor2d(logitRows(64, 4, 2));
    const y = tf.zeros([64, 1], "int32");
    const fit = () => model.fit(x, y, { epochs: 2, batchSize: 8, verbose: 0 });
    await fit();
    const before = tf.memory().numTensors;
    await fit();
    evaluate(model, x, y);
    tf.dispose(model.predict(x));
    // There may be fewer if tensors of earlier tests were garbage collected.
    assert.ok(tf.memory().numTensors <= before);
  });

  const softmaxLayers = {
    "a dense layer's activation": () => [
      tf.layers.dense({ units: 6, activation: "softmax", inputShape: [6] }),
    ],
    "an activation layer": () => [
      tf.layers.dense({ units: 6, inputShape: [6] }),
      tf.layers.activation({ activation: "softmax" }),
    ],
    "a softmax layer": () => [
      tf.layers.dense({ units: 6, inputShape: [6] }),
      tf.layers.softmax(),
    ],
    "the last layer of a nested model": () => [
      tf.sequential({
        layers: [
          tf.layers.dense({ units: 6, activation: "softmax", inputShape: [6] }),
        ],
      }) as tf.layers.Layer,
    ],
    "no softmax, with logits as outputs": () => [
      tf.layers.dense({ units: 6, inputShape: [6] }),
    ],
  };
  for (const [name, makeLayers] of Object.entries(softmaxLayers)) {
    test(`has the same losses and weights with ${name}`, async () => {
      const train = async (layers: tf.layers.Layer[]) => {
        const model = tf.sequential({ layers });
        const kernel = tf.tensor2d(logitRows(6, 6, 9));
        model.setWeights([kernel, tf.zeros([6])]);
        compileFromLogits(model, { optimizer: tf.train.sgd(0.01) });
        const x = tf.tensor2d(logitRows(30, 6, 3));
        const y = tf.tensor2d(
          Array.from({ length: 30 }, (_, row) => row % 6),
          [30, 1],
          "int32",
        );
        const { history } = await model.fit(x, y, {
          epochs: 3,
          batchSize: 10,
          shuffle: false,
          validationData: [x, y],
          verbose: 0,
        });
        return [history["loss"], history["val_loss"]].flat() as number[];
      };
      const expected = await train(
        softmaxLayers["no softmax, with logits as outputs"](),
      );
      const actual = await train(makeLayers());
      assert.ok(expected[0]! > 17, `the test's own loss is ${expected[0]}`);
      actual.forEach((value, index) => close(value, expected[index]!, 1e-5));
    });
  }

  test("can be repeated, and is reverted by compiling with another loss", () => {
    const rows = logitRows(8, 4, 60);
    const x = tf.tensor2d(rows);
    const y = tf.zeros([8, 1], "int32");
    const model = identityModel(4, "softmax");
    compileFromLogits(model, { optimizer: "sgd" });
    const once = evaluate(model, x, y).loss;
    compileFromLogits(model, { optimizer: "sgd" });
    assert.equal(evaluate(model, x, y).loss, once);
    model.compile({
      optimizer: "sgd",
      loss: "sparseCategoricalCrossentropy",
      metrics: ["accuracy"],
    });
    // tfjs's own loss accepts only float labels.
    const clipped = evaluate(model, x, y.toFloat());
    assert.ok(once > 20);
    assert.ok(clipped.loss < 16.2, `received ${clipped.loss}`);
    assert.deepEqual(Object.keys(clipped), ["loss", "accuracy"]);
  });

  test("does not change the model's JSON, which ends in a softmax", () => {
    const model = identityModel(3, "softmax");
    compileFromLogits(model, { optimizer: "sgd" });
    const text: unknown = model.toJSON(null, false);
    assert.match(JSON.stringify(text), /"activation":"softmax"/);
  });

  test("rejects another activation and several outputs", () => {
    const sigmoid = tf.sequential({
      layers: [
        tf.layers.dense({ units: 2, inputShape: [2], activation: "sigmoid" }),
      ],
    });
    assert.throws(
      () => compileFromLogits(sigmoid, { optimizer: "sgd" }),
      errorWith("ERR_UNSUPPORTED", "softmax", "sigmoid"),
    );
    const input = tf.input({ shape: [2] });
    const dense = () =>
      tf.layers.dense({ units: 2 }).apply(input) as tf.SymbolicTensor;
    const twofold = tf.model({ inputs: input, outputs: [dense(), dense()] });
    assert.throws(
      () => compileFromLogits(twofold, { optimizer: "sgd" }),
      errorWith("ERR_UNSUPPORTED", "one output", 2),
    );
  });

  test("has Keras's losses for the same weights and batches", async (context) => {
    const rows = logitRows(48, 8, 4);
    const labels = rows.map((_, row) => (row * 5) % 10);
    // Weights large enough for some losses above the clip of 16.118.
    const hidden = logitRows(8, 12, 2);
    const out = logitRows(12, 10, 3);
    const keras = await runKeras<{
      loss: number[];
      val_loss: number[];
      accuracy: number[];
      probabilities: number[][];
    }>(
      context,
      `
import numpy as np
model = keras.Sequential([keras.Input((8,)), keras.layers.Dense(12, activation="relu"), keras.layers.Dense(10, activation="softmax")])
model.set_weights([np.array(given["hidden"]), np.zeros(12), np.array(given["out"]), np.zeros(10)])
model.compile(optimizer=keras.optimizers.SGD(0.001), loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True), metrics=["accuracy"])
x, y = np.array(given["rows"], "float32"), np.array(given["labels"])[:, None]
history = model.fit(x, y, epochs=3, batch_size=16, shuffle=False, validation_data=(x, y), verbose=0).history
result = {**history, "probabilities": model.predict(x, verbose=0).tolist()}
`,
      { rows, labels, hidden, out },
    );
    if (keras === undefined) return;
    const model = tf.sequential();
    model.add(
      tf.layers.dense({ units: 12, inputShape: [8], activation: "relu" }),
    );
    model.add(tf.layers.dense({ units: 10, activation: "softmax" }));
    model.setWeights([
      tf.tensor2d(hidden),
      tf.zeros([12]),
      tf.tensor2d(out),
      tf.zeros([10]),
    ]);
    compileFromLogits(model, { optimizer: tf.train.sgd(0.001) });
    const x = tf.tensor2d(rows);
    const y = tf.tensor2d(labels, [48, 1], "int32");
    const { history } = await model.fit(x, y, {
      epochs: 3,
      batchSize: 16,
      shuffle: false,
      validationData: [x, y],
      verbose: 0,
    });
    assert.ok(keras.val_loss[0]! > 17, `Keras's loss is ${keras.val_loss[0]}`);
    for (const name of ["loss", "val_loss", "accuracy"] as const) {
      keras[name].forEach((value, epoch) =>
        close(history[name]![epoch] as number, value, 2e-5),
      );
    }
    const predictions = (model.predict(x) as tf.Tensor2D).arraySync();
    keras.probabilities.forEach((row, index) =>
      row.forEach((value, column) =>
        close(predictions[index]![column]!, value, 2e-5),
      ),
    );
  });
});
