/**
 * Weights of models in safetensors files: Keras's names, exact values, all or nothing.
 */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";
import { describe, test } from "node:test";
import {
  getWeights,
  keras,
  loadSafetensors,
  readSafetensors,
  saveSafetensors,
  smallResNet,
  tf,
  writeSafetensors,
} from "../../src";
import { weightPaths } from "../../src/formats/safetensors/weight-paths";
import { errorWith } from "../error-with";
import { runKeras } from "../oracles/python";
import { drawWeights } from "./onnx-trial";
import { askReference } from "./safetensors-reference";
import { temporaryFolder } from "./temporary-folder";

function small(units = 3, isNamed = false): tf.Sequential {
  return tf.sequential({
    layers: [
      tf.layers.conv2d({ filters: 2, kernelSize: 3, inputShape: [6, 6, 1] }),
      tf.layers.batchNormalization(),
      tf.layers.flatten(),
      tf.layers.dense({ units, ...(isNamed ? { name: "head" } : {}) }),
      tf.layers.dense({ units: 2, useBias: false }),
    ],
  });
}

/** The paths of a Keras model's weights, and its outputs. */
interface KerasModel {
  readonly paths: readonly string[];
  readonly inputs: number[];
  readonly outputs: readonly number[];
}

const smallNames = [
  "conv2d/kernel",
  "conv2d/bias",
  "batch_normalization/gamma",
  "batch_normalization/beta",
  "batch_normalization/moving_mean",
  "batch_normalization/moving_variance",
  "dense/kernel",
  "dense/bias",
  "dense_1/kernel",
];

describe("weights in safetensors files", () => {
  test("are loaded into a model that was built again, bit by bit", async (context) => {
    const file = path.join(temporaryFolder(context), "model.safetensors");
    const model = small();
    drawWeights(model, 1);
    // A run that diverged is saved as it is.
    model.layers[0]!.weights[1]!.write(tf.tensor1d([NaN, Infinity]));
    assert.equal(
      await saveSafetensors(model, file, { metadata: { epochs: "3" } }),
      file,
    );
    const { metadata, tensors } = await readSafetensors(file);
    assert.deepEqual(metadata, { epochs: "3" });
    assert.deepEqual([...tensors.keys()].sort(), [...smallNames].sort());
    const other = small();
    await loadSafetensors(other, file);
    assert.deepEqual(
      getWeights(other).map(({ data, shape }) => ({ data, shape })),
      getWeights(model).map(({ data, shape }) => ({ data, shape })),
    );
    const before = tf.memory().numTensors;
    await loadSafetensors(other, file);
    assert.equal(tf.memory().numTensors, before);
  });

  test("are read by the reference", async (context) => {
    const folder = temporaryFolder(context);
    const model = smallResNet({ inputShape: [16, 16, 3], classes: 4 });
    drawWeights(model, 2);
    await saveSafetensors(model, path.join(folder, "resnet"));
    const answer = await askReference(context, { folder, read: ["resnet"] });
    if (answer === undefined) return;
    const { tensors } = answer.read["resnet"]!;
    const paths = weightPaths(model);
    assert.deepEqual(Object.keys(tensors).sort(), [...paths.keys()].sort());
    for (const [name, variable] of paths) {
      const bytes = Buffer.from(tensors[name]!.bytes, "hex");
      assert.deepEqual(tensors[name]!.shape, variable.shape);
      assert.deepEqual(
        new Float32Array(new Uint8Array(bytes).buffer),
        Float32Array.from(variable.read().dataSync()),
        name,
      );
    }
  });

  test("have the names of Keras, whose files are loaded", async (context) => {
    const folder = temporaryFolder(context);
    const { layers } = tf;
    const input = { inputShape: [5, 4] };
    const models = {
      rnn: [
        keras.lstm({ ...input, units: 2, returnSequences: true }),
        keras.gru({ units: 2, returnSequences: true }),
        layers.simpleRNN({ units: 2, returnSequences: true, name: "mine" }),
      ],
      wrapped: [
        layers.timeDistributed({ ...input, layer: layers.dense({ units: 2 }) }),
        layers.bidirectional({
          layer: keras.lstm({ units: 2, returnSequences: true }),
          mergeMode: "concat",
        }),
        layers.bidirectional({
          layer: keras.gru({ units: 2, name: "inner" }),
          mergeMode: "sum",
        }),
      ],
      images: [
        layers.depthwiseConv2d({ inputShape: [8, 8, 2], kernelSize: 2 }),
        layers.separableConv2d({ filters: 2, kernelSize: 2 }),
        layers.conv2dTranspose({ filters: 2, kernelSize: 2 }),
        layers.prelu({}),
        layers.layerNormalization(),
        layers.conv2d({ filters: 2, kernelSize: 2, name: "named" }),
        layers.conv2d({ filters: 2, kernelSize: 2 }),
        layers.conv2d({ filters: 2, kernelSize: 2 }),
      ],
      table: [layers.embedding({ inputDim: 3, outputDim: 2, inputLength: 4 })],
    };
    const expected = await runKeras<Record<string, KerasModel>>(
      context,
      `
from pathlib import Path
import numpy as np
from keras import layers
from safetensors.numpy import save_file
keras.utils.set_random_seed(1)
draw = np.random.default_rng(1)
chains = {
    "rnn": lambda: [keras.Input((5, 4)), layers.LSTM(2, return_sequences=True),
        layers.GRU(2, return_sequences=True),
        layers.SimpleRNN(2, return_sequences=True, name="mine")],
    "wrapped": lambda: [keras.Input((5, 4)), layers.TimeDistributed(layers.Dense(2)),
        layers.Bidirectional(layers.LSTM(2, return_sequences=True)),
        layers.Bidirectional(layers.GRU(2, name="inner"), merge_mode="sum")],
    "images": lambda: [keras.Input((8, 8, 2)), layers.DepthwiseConv2D(2),
        layers.SeparableConv2D(2, 2), layers.Conv2DTranspose(2, 2), layers.PReLU(),
        layers.LayerNormalization(), layers.Conv2D(2, 2, name="named"), layers.Conv2D(2, 2),
        layers.Conv2D(2, 2)],
    "table": lambda: [keras.Input((4,)), layers.Embedding(3, 2)],
}
result = {}
for name, build in chains.items():
    keras.utils.clear_session()
    start, *chain = build()
    end = start
    for layer in chain:
        end = layer(end)
    model = keras.Model(start, end)
    weights = [each for each in model.weights if "seed_generator" not in each.path]
    for each in weights:
        each.assign(draw.uniform(-1, 1, each.shape))
    save_file({each.path: each.numpy() for each in weights}, Path(given["folder"]) / name)
    inputs = draw.integers(0, 3, (2, *start.shape[1:])).astype("float32")
    result[name] = {"paths": [each.path for each in weights], "inputs": np.ravel(inputs).tolist(),
        "outputs": np.ravel(model.predict(inputs, verbose=0)).tolist()}
`,
      { folder },
    );
    if (expected === undefined) return;
    for (const [name, chain] of Object.entries(models)) {
      const model = tf.sequential({ layers: chain });
      const { inputs, outputs, paths }: KerasModel = expected[name]!;
      assert.deepEqual([...weightPaths(model).keys()], paths, name);
      await loadSafetensors(model, path.join(folder, name));
      const shape = [2, ...model.inputs[0]!.shape.slice(1)] as number[];
      const predicted = model.predict(tf.tensor(inputs, shape)) as tf.Tensor;
      const values = Float32Array.from(predicted.dataSync());
      assert.equal(values.length, outputs.length);
      const largest = Math.max(...outputs.map(Math.abs));
      values.forEach((value, index) =>
        assert.ok(Math.abs(value - outputs[index]!) <= 1e-5 * largest, name),
      );
    }
  });

  test("of nested models, shared layers and stacks have names of their own", () => {
    const { layers } = tf;
    const inner = small(3, true);
    const shared = layers.dense({ units: 5 });
    const image = tf.input({ shape: [6, 6, 1] });
    const vector = tf.input({ shape: [5] });
    const called = [inner.apply(image), shared.apply(vector)];
    const twice = shared.apply(called[1] as tf.SymbolicTensor);
    const sum = layers
      .concatenate()
      .apply([called[0], twice] as tf.SymbolicTensor[]);
    const model = tf.model({
      inputs: [image, vector],
      outputs: sum as tf.SymbolicTensor,
    });
    assert.deepEqual(
      [...weightPaths(model).keys()].sort(),
      [
        ...smallNames.map(
          (name) =>
            `sequential/${name.replace("dense/", "head/").replace("dense_1", "dense")}`,
        ),
        "dense/kernel",
        "dense/bias",
      ].sort(),
    );
    const stack = layers.rnn({
      cell: [layers.lstmCell({ units: 2 }), layers.lstmCell({ units: 2 })],
      inputShape: [3, 2],
    });
    const names = [
      ...weightPaths(tf.sequential({ layers: [stack] })).keys(),
    ].filter((name) => name.endsWith("/kernel"));
    assert.deepEqual(names, [
      "rnn/stacked_rnn_cells/lstm_cell/kernel",
      "rnn/stacked_rnn_cells/lstm_cell_1/kernel",
    ]);
  });

  test("that do not match are refused by name and shape, and none is loaded", async (context) => {
    const folder = temporaryFolder(context);
    const file = path.join(folder, "model.safetensors");
    await saveSafetensors(small(), file);
    const other = small(4);
    drawWeights(other, 3);
    const before = getWeights(other);
    await assert.rejects(
      loadSafetensors(other, file),
      errorWith(
        "ERR_SHAPE",
        ...["dense/kernel", "(32, 3)", "(32, 4)", "dense/bias", "(3,)", "(4,)"],
        ...["dense_1/kernel", "(3, 2)", "(4, 2)"],
      ),
    );
    await assert.rejects(
      loadSafetensors(small(3, true), file),
      errorWith(
        "ERR_UNKNOWN_NAME",
        ...["no head/kernel", "no head/bias"],
        ...["dense/bias, which the model does not have", "dense_1/kernel, "],
      ),
    );
    const { tensors } = await readSafetensors(file);
    const integers = new Map([
      ...tensors,
      ["dense/bias", { dtype: "int32", shape: [3], data: new Int32Array(3) }],
    ] as const);
    await writeSafetensors(file, integers);
    await assert.rejects(
      loadSafetensors(small(), file),
      errorWith("ERR_INVALID_TYPE", "dense/bias", "int32"),
    );
    assert.deepEqual(getWeights(other), before);
  });

  test("of a model without weights are not saved", async (context) => {
    const file = path.join(temporaryFolder(context), "model.safetensors");
    const model = tf.sequential({
      layers: [tf.layers.flatten({ inputShape: [2, 2] })],
    });
    const error = errorWith("ERR_INVALID_STATE", model.name);
    await assert.rejects(saveSafetensors(model, file), error);
    await assert.rejects(loadSafetensors(model, file), error);
    assert.throws(() => readFileSync(file));
  });
});
