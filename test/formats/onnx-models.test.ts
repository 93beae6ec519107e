/**
 * Models of several layers predict the same in onnxruntime, and their files say what they should.
 */
import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import path from "node:path";
import { describe, test } from "node:test";
import {
  alexNet,
  compileFromLogits,
  googLeNet,
  keras,
  leNet5,
  resNet34,
  resNet50,
  saveOnnx,
  smallInception,
  smallResNet,
  tf,
} from "../../src";
import { encodeOnnx } from "../../src/formats/onnx/save-onnx";
import { version } from "../../src/package.json";
import { drawn, drawWeights, judge, type Trial } from "./onnx-trial";
import { temporaryFolder } from "./temporary-folder";
import { judgeTrainedNetwork } from "./trained-network";

type Values = tf.SymbolicTensor;

const { layers } = tf;
const through = (layer: tf.layers.Layer, ...values: Values[]): Values =>
  layer.apply(values.length === 1 ? values[0]! : values) as Values;

/** A convolutional model to put into others. */
function inner(): tf.Sequential {
  return tf.sequential({
    layers: [
      layers.conv2d({
        filters: 3,
        kernelSize: 3,
        padding: "same",
        inputShape: [8, 8, 2],
      }),
      layers.batchNormalization(),
      layers.activation({ activation: "relu" }),
    ],
  });
}

/** Two inputs, two outputs, a shared layer, nested models, and sums of unlike ranks. */
function functional(): tf.LayersModel {
  const first = tf.input({ shape: [8, 8, 2], name: "first" });
  const second = tf.input({ shape: [8, 8, 2], name: "second" });
  const shared = inner();
  const [a, b] = [through(shared, first), through(shared, second)];
  const joined = through(layers.concatenate({ axis: -1 }), a, b, first);
  const gates = through(
    layers.reshape({ targetShape: [1, 1, 8] }),
    through(
      layers.dense({ units: 8, activation: "sigmoid" }),
      through(layers.globalAveragePooling2d({}), joined),
    ),
  );
  const scaled = through(layers.multiply(), joined, gates);
  const head = through(
    layers.conv2d({ filters: 3, kernelSize: 1, name: "head" }),
    scaled,
  );
  const row = through(
    layers.reshape({ targetShape: [3] }),
    through(
      layers.dense({ units: 3 }),
      through(layers.globalMaxPooling2d({}), b),
    ),
  );
  const sum = through(layers.add(), head, row);
  const flat = through(layers.flatten(), sum);
  const classes = through(
    layers.dense({ units: 4, activation: "softmax", name: "classes" }),
    flat,
  );
  return tf.model({ inputs: [first, second], outputs: [classes, head] });
}

/** Sums, extremes and products of images in unlike orders. */
function merging(): tf.LayersModel {
  const image = tf.input({ shape: [5, 4, 3] });
  const vector = tf.input({ shape: [3] });
  const convolved = through(
    layers.conv2d({ filters: 3, kernelSize: 1 }),
    image,
  );
  const pairs = [
    layers.add,
    layers.multiply,
    layers.average,
    layers.maximum,
    layers.minimum,
  ].flatMap((create) => [
    through(create({}) as tf.layers.Layer, image, convolved),
    through(create({}) as tf.layers.Layer, image, vector),
  ]);
  const outputs = [1, 2, 3].map((axis) =>
    through(layers.concatenate({ axis }), image, convolved),
  );
  return tf.model({ inputs: [image, vector], outputs: [...pairs, ...outputs] });
}

/** The layer `Dot` with each combination of ranks. */
function dots(): tf.LayersModel {
  const vector = tf.input({ shape: [4] });
  const matrix = tf.input({ shape: [3, 4] });
  const other = tf.input({ shape: [5, 4] });
  const wide = tf.input({ shape: [4, 2] });
  const dot = (axes: number | [number, number], ...values: Values[]) =>
    [false, true].map((normalize) =>
      through(layers.dot({ axes, normalize }), ...values),
    );
  return tf.model({
    inputs: [vector, matrix, other, wide],
    outputs: [
      ...dot(-1, vector, vector),
      ...dot(2, matrix, other),
      ...dot([2, 1], matrix, wide),
      ...dot([1, 2], wide, other),
      ...dot([2, 1], matrix, vector),
      ...dot([1, 2], vector, matrix),
    ],
  });
}

/** Recurrent layers with initial states and final states. */
function states(): tf.LayersModel {
  const sequence = tf.input({ shape: [5, 3] });
  const [h, c, h2, c2] = [4, 4, 4, 4].map((units) =>
    tf.input({ shape: [units] }),
  ) as [Values, Values, Values, Values];
  const lstm = layers.lstm({
    units: 4,
    returnState: true,
    returnSequences: true,
  });
  const both = layers.bidirectional({
    layer: layers.lstm({ units: 4, returnState: true }),
    mergeMode: null as never,
  });
  const stack = layers.rnn({
    cell: [
      layers.gruCell({ units: 2, recurrentActivation: "sigmoid" }),
      layers.lstmCell({ units: 4, recurrentActivation: "sigmoid" }),
    ],
    returnState: true,
  });
  const apply = (layer: tf.layers.Layer, ...values: Values[]) =>
    layer.apply(values.length === 1 ? values[0]! : values) as Values[];
  const outputs = [
    ...apply(lstm, sequence, h, c),
    ...apply(both, sequence, h, c, h2, c2),
    ...apply(stack, sequence),
    ...apply(keras.gru({ units: 4, returnState: true }), sequence, h),
  ];
  return tf.model({ inputs: [sequence, h, c, h2, c2], outputs });
}

/** Height and width are known only when the model runs. */
function anySize(): tf.LayersModel {
  return tf.sequential({
    layers: [
      layers.conv2d({
        filters: 3,
        kernelSize: 3,
        strides: 2,
        padding: "same",
        inputShape: [null, null, 2],
      }),
      layers.maxPooling2d({ poolSize: 2, padding: "same" }),
      layers.averagePooling2d({ poolSize: 3, strides: 2, padding: "same" }),
      keras.upSampling2d({ interpolation: "bilinear" }),
      layers.conv2d({ filters: 3, kernelSize: [2, 3], padding: "same" }),
      layers.globalAveragePooling2d({}),
    ],
  });
}

/** The number of steps is known only when the model runs. */
function anyLength(): tf.LayersModel {
  return tf.sequential({
    layers: [
      layers.embedding({
        inputDim: 5,
        outputDim: 3,
        inputShape: [null],
      }),
      keras.conv1d({ filters: 3, kernelSize: 2, padding: "causal" }),
      layers.averagePooling1d({ poolSize: 3, strides: 2, padding: "same" }),
      layers.bidirectional({
        layer: keras.gru({ units: 2, returnSequences: true }),
        mergeMode: "concat",
      }),
      layers.dense({ units: 3 }),
    ],
  });
}

function nestedSequential(): tf.LayersModel {
  const first = inner();
  const second = tf.sequential({
    layers: [
      layers.flatten({ inputShape: [8, 8, 3] }),
      layers.dense({ units: 3 }),
    ],
  });
  const outer = tf.sequential();
  outer.add(first);
  outer.add(second);
  outer.add(
    tf.sequential({
      layers: [layers.reLU({ inputShape: [3] }), layers.dense({ units: 2 })],
    }),
  );
  return outer;
}

/** An output that is an input, and outputs whose names need a number. */
function sameOutputs(): tf.LayersModel {
  const input = tf.input({ shape: [3], name: "x" });
  const dense = layers.dense({ units: 3, name: "y" });
  const once = through(dense, input);
  const twice = through(dense, once);
  return tf.model({ inputs: input, outputs: [input, once, twice] });
}

function fromLogits(): tf.LayersModel {
  const model = tf.sequential({
    layers: [
      layers.dense({ units: 4, inputShape: [5] }),
      layers.dense({ units: 3, activation: "softmax" }),
    ],
  });
  compileFromLogits(model, { optimizer: "sgd" });
  return model;
}

function timeDistributedModel(): tf.LayersModel {
  return tf.sequential({
    layers: [
      layers.timeDistributed({ layer: inner(), inputShape: [3, 8, 8, 2] }),
    ],
  });
}

function castInputs(): tf.LayersModel {
  const numbers = tf.input({ shape: [4, 2], dtype: "int32", name: "numbers" });
  const floats = tf.input({ shape: [4], name: "floats" });
  return tf.model({
    inputs: [numbers, floats],
    outputs: [
      through(layers.rescaling({ scale: 0.5, offset: -1 }), numbers),
      through(layers.flatten(), numbers),
      through(layers.embedding({ inputDim: 6, outputDim: 2 }), floats),
    ],
  });
}

const byStructure: readonly Omit<Trial, "inputs">[] = [
  { name: "functional", model: functional() },
  { name: "merging", model: merging() },
  { name: "dots", model: dots() },
  { name: "states", model: states() },
  { name: "any-size", model: anySize() },
  { name: "any-length", model: anyLength() },
  { name: "nested-sequential", model: nestedSequential() },
  { name: "same-outputs", model: sameOutputs() },
  { name: "from-logits", model: fromLogits() },
  { name: "time-distributed-model", model: timeDistributedModel() },
];

test("a sequential model that was never used has the same file as a used one", () => {
  const model = tf.sequential({
    layers: [layers.dense({ units: 3, inputShape: [4] })],
  });
  const unused = encodeOnnx(model);
  model.predict(tf.ones([1, 4]));
  assert.ok(unused.length > 3 * 5 * Float32Array.BYTES_PER_ELEMENT);
  assert.deepEqual(unused, encodeOnnx(model));
});

describe("models as ONNX", () => {
  test("of every structure predict the same", async (context) => {
    byStructure.forEach(({ model }, seed) => drawWeights(model, seed));
    const cast = castInputs();
    drawWeights(cast, 50);
    const reports = await judge(context, [
      ...byStructure,
      {
        name: "cast-inputs",
        model: cast,
        inputs: [
          drawn([2, 4, 2], 1, 0, 9).floor().toInt(),
          // Indices with fractions, which are cut off.
          drawn([2, 4], 2, 0, 5.9),
        ],
      },
    ]);
    if (reports === undefined) return;
    const { inputPorts, operators, outputPorts, weights } =
      reports.get("functional")!;
    assert.deepEqual(inputPorts, {
      first: ["batch", 8, 8, 2],
      second: ["batch", 8, 8, 2],
    });
    assert.deepEqual(outputPorts, {
      classes: ["batch", 4],
      head: ["batch", 8, 8, 3],
    });
    // Two inputs, two outputs, and two values without rows and columns that join images; none
    // between the layers for images.
    assert.equal(operators["Transpose"], 2 + 2 + 2);
    const kernels = weights.filter((name) => name.endsWith("/kernel"));
    assert.equal(kernels.length, 5, "a shared layer's weights are stored once");
    assert.deepEqual(reports.get("any-size")!.inputPorts, {
      [byStructure[4]!.model.inputNames[0]!]: [
        "batch",
        `${byStructure[4]!.model.inputNames[0]!}_1`,
        `${byStructure[4]!.model.inputNames[0]!}_2`,
        2,
      ],
    });
    assert.deepEqual(Object.keys(reports.get("same-outputs")!.outputPorts), [
      "x_1",
      "y",
      "y_1",
    ]);
  });

  test("of the networks of the papers predict the same", async (context) => {
    const classes = 5;
    const models = {
      leNet5: leNet5(),
      alexNet: alexNet({ inputShape: [67, 67, 3], classes, scale: 0.1 }),
      googLeNet: googLeNet({ inputShape: [64, 64, 3], classes, scale: 0.1 }),
      smallInception: smallInception({ classes, scale: 0.25 }),
      resNet34: resNet34({ inputShape: [33, 33, 3], classes, scale: 0.1 }),
      resNet50: resNet50({
        inputShape: [32, 32, 3],
        classes,
        scale: 0.1,
        squeezeExcitation: true,
      }),
      smallResNet: smallResNet({ classes, scale: 0.25 }),
    };
    const trials = Object.entries(models).map(([name, model], seed) => {
      drawWeights(model, 1000 * seed);
      return { name, model };
    });
    const reports = await judge(context, trials);
    if (reports === undefined) return;
    // From the input to the first convolution, and from the last pooling to the classes at most.
    for (const [name, { operators }] of reports) {
      const gates = name === "resNet50" ? 16 : 0;
      assert.ok(operators["Transpose"]! - gates <= 2, name);
    }
  });

  test("predict the same classes after training", async (context) => {
    const share = await judgeTrainedNetwork(context, "synthetic", 600, 200);
    // Ten classes: a network that learned nothing has a tenth right.
    assert.ok(share === undefined || share > 0.2, `${share} are right`);
  });

  test("have a producer, a name and texts", async (context) => {
    const model = tf.sequential({
      name: "tiny",
      layers: [layers.dense({ units: 2, inputShape: [3], name: "dense" })],
    });
    const folder = temporaryFolder(context);
    const file = path.join(folder, "model.onnx");
    assert.equal(await saveOnnx(model, file), file);
    assert.deepEqual(readdirSync(folder), ["model.onnx"]);
    const reports = await judge(context, [{ name: "tiny", model }], {
      description: "Two numbers — “classes”",
      metadata: { classes: "cat, dög", empty: "" },
    });
    if (reports === undefined) return;
    const report = reports.get("tiny")!;
    assert.deepEqual(report.producer, ["convnotes", version]);
    assert.equal(report.graphName, "tiny");
    assert.equal(report.description, "Two numbers — “classes”");
    assert.deepEqual(report.metadata, { classes: "cat, dög", empty: "" });
    assert.deepEqual(report.opset, [17]);
    assert.deepEqual(report.weights, ["dense/kernel", "dense/bias"]);
  });
});
