/**
 * Summaries: exact values for lesson 1's models, and several kinds of models compared with Keras.
 */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { tf } from "../../src/engine/tensorflow";
import { toSnakeCase } from "../../src/models/layer-names";
import {
  memorySize,
  summary,
  type ModelSummary,
} from "../../src/models/summary";
import { jupyterDisplay } from "../../src/notebook/mime";
import { compileFromLogits } from "../../src/training/logits";
import { errorWith } from "../error-with";
import { runKeras } from "../oracles/python";

/** Lesson 1's model without its head. */
function lessonOneBase(): tf.Sequential {
  const model = tf.sequential();
  const conv = (filters: number, inputShape?: number[]) =>
    tf.layers.conv2d({
      filters,
      kernelSize: 3,
      activation: "relu",
      ...(inputShape === undefined ? {} : { inputShape }),
    });
  model.add(conv(32, [32, 32, 3]));
  model.add(tf.layers.maxPooling2d({ poolSize: 2 }));
  model.add(conv(64));
  model.add(tf.layers.maxPooling2d({ poolSize: 2 }));
  model.add(conv(64));
  return model;
}

function addHead(model: tf.Sequential): void {
  model.add(tf.layers.flatten());
  model.add(tf.layers.dense({ units: 64, activation: "relu" }));
  model.add(tf.layers.dense({ units: 10, activation: "softmax" }));
}

/** The rows as a compact list: name, type, shape, parameters. */
function rowsOf({ rows }: ModelSummary) {
  return rows.map(({ name, type, outputShapes, parameters }) => [
    name,
    type,
    outputShapes,
    parameters,
  ]);
}

const baseRows = [
  ["conv2d", "Conv2D", [[null, 30, 30, 32]], 896],
  ["max_pooling2d", "MaxPooling2D", [[null, 15, 15, 32]], 0],
  ["conv2d_1", "Conv2D", [[null, 13, 13, 64]], 18_496],
  ["max_pooling2d_1", "MaxPooling2D", [[null, 6, 6, 64]], 0],
  ["conv2d_2", "Conv2D", [[null, 4, 4, 64]], 36_928],
];
const headRows = [
  ["flatten", "Flatten", [[null, 1024]], 0],
  ["dense", "Dense", [[null, 64]], 65_600],
  ["dense_1", "Dense", [[null, 10]], 650],
];

describe("lesson 1's summaries", () => {
  test("without the head: 56,320 parameters", () => {
    const result = summary(lessonOneBase());
    assert.equal(result.name, "sequential");
    assert.deepEqual(rowsOf(result), baseRows);
    assert.equal(result.totalParameters, 56_320);
    assert.equal(result.trainableParameters, 56_320);
    assert.equal(result.nonTrainableParameters, 0);
  });

  test("with the head, compiled or not: 122,570 parameters", () => {
    const model = lessonOneBase();
    summary(model);
    addHead(model);
    const result = summary(model);
    assert.deepEqual(rowsOf(result), [...baseRows, ...headRows]);
    assert.equal(result.totalParameters, 122_570);
    assert.equal(result.trainableParameters, 122_570);
    assert.equal(result.nonTrainableParameters, 0);
    compileFromLogits(model, { optimizer: "adam" });
    assert.equal(summary(model).toString(), result.toString());
  });

  test("as text", () => {
    const model = lessonOneBase();
    addHead(model);
    assert.equal(
      summary(model).toString(),
      `
Model: "sequential"
┏━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━┳━━━━━━━━━━━━━━━━━━━━┳━━━━━━━━━┓
┃ Layer (type)                   ┃ Output Shape       ┃ Param # ┃
┡━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━╇━━━━━━━━━━━━━━━━━━━━╇━━━━━━━━━┩
│ conv2d (Conv2D)                │ (None, 30, 30, 32) │     896 │
├────────────────────────────────┼────────────────────┼─────────┤
│ max_pooling2d (MaxPooling2D)   │ (None, 15, 15, 32) │       0 │
├────────────────────────────────┼────────────────────┼─────────┤
│ conv2d_1 (Conv2D)              │ (None, 13, 13, 64) │  18,496 │
├────────────────────────────────┼────────────────────┼─────────┤
│ max_pooling2d_1 (MaxPooling2D) │ (None, 6, 6, 64)   │       0 │
├────────────────────────────────┼────────────────────┼─────────┤
│ conv2d_2 (Conv2D)              │ (None, 4, 4, 64)   │  36,928 │
├────────────────────────────────┼────────────────────┼─────────┤
│ flatten (Flatten)              │ (None, 1024)       │       0 │
├────────────────────────────────┼────────────────────┼─────────┤
│ dense (Dense)                  │ (None, 64)         │  65,600 │
├────────────────────────────────┼────────────────────┼─────────┤
│ dense_1 (Dense)                │ (None, 10)         │     650 │
└────────────────────────────────┴────────────────────┴─────────┘
Total params: 122,570 (478.79 KB)
Trainable params: 122,570 (478.79 KB)
Non-trainable params: 0 (0.00 B)
`.trim(),
    );
  });

  test("as HTML: a table with escaped text", () => {
    const model = lessonOneBase();
    model.add(tf.layers.flatten({ name: "flat_a-b" }));
    const bundle = summary(model)[jupyterDisplay]();
    assert.deepEqual(Object.keys(bundle), ["text/plain", "text/html"]);
    const html = bundle["text/html"] as string;
    assert.equal(html.match(/<tr>/g)!.length, 1 + 6);
    assert.match(html, /<td style="text-align: right">36,928<\/td>/);
    assert.match(html, /Model: &quot;sequential&quot;/);
    assert.match(html, /flat_a-b \(Flatten\)/);
    assert.match(html, /Total params: 56,320 \(220\.00 KB\)/);
  });
});

/**
 * Builders of several kinds of models in tfjs and Keras: batch normalization, functional, nested,
 * with shared layers.
 */
const builders: {
  readonly name: string;
  readonly ours: () => tf.LayersModel;
  readonly keras: string;
}[] = [
  {
    name: "lesson 1's",
    ours: () => {
      const model = lessonOneBase();
      addHead(model);
      return model;
    },
    keras: `
model = keras.Sequential([keras.Input((32, 32, 3)), L.Conv2D(32, 3, activation="relu"), L.MaxPooling2D(2), L.Conv2D(64, 3, activation="relu"), L.MaxPooling2D(2), L.Conv2D(64, 3, activation="relu"), L.Flatten(), L.Dense(64, activation="relu"), L.Dense(10, activation="softmax")])`,
  },
  {
    name: "functional, with batch normalization",
    ours: () => {
      const input = tf.input({ shape: [32, 32, 3] });
      let x = tf.layers
        .conv2d({ filters: 32, kernelSize: 3 })
        .apply(input) as tf.SymbolicTensor;
      for (const layer of [
        tf.layers.batchNormalization(),
        tf.layers.reLU(),
        tf.layers.maxPooling2d({ poolSize: 2 }),
        tf.layers.conv2d({ filters: 64, kernelSize: 5, padding: "same" }),
        tf.layers.batchNormalization(),
        tf.layers.leakyReLU(),
        tf.layers.globalAveragePooling2d({}),
        tf.layers.dropout({ rate: 0.5 }),
        tf.layers.dense({ units: 10 }),
        tf.layers.softmax(),
      ]) {
        x = layer.apply(x) as tf.SymbolicTensor;
      }
      return tf.model({ inputs: input, outputs: x });
    },
    keras: `
i = keras.Input((32, 32, 3)); x = i
for layer in [L.Conv2D(32, 3), L.BatchNormalization(), L.ReLU(), L.MaxPooling2D(2), L.Conv2D(64, 5, padding="same"), L.BatchNormalization(), L.LeakyReLU(), L.GlobalAveragePooling2D(), L.Dropout(0.5), L.Dense(10), L.Softmax()]:
    x = layer(x)
model = keras.Model(i, x)`,
  },
  {
    name: "with frozen layers and a custom name",
    ours: () =>
      tf.sequential({
        layers: [
          tf.layers.depthwiseConv2d({
            kernelSize: 3,
            inputShape: [16, 16, 4],
            trainable: false,
          }),
          tf.layers.separableConv2d({ filters: 6, kernelSize: 3 }),
          tf.layers.averagePooling2d({ poolSize: 2 }),
          tf.layers.upSampling2d({ size: [2, 2] }),
          tf.layers.zeroPadding2d({ padding: 1 }),
          tf.layers.flatten(),
          tf.layers.dense({ units: 3, name: "mine", useBias: false }),
          tf.layers.activation({ activation: "softmax" }),
        ],
      }),
    keras: `
model = keras.Sequential([keras.Input((16, 16, 4)), L.DepthwiseConv2D(3), L.SeparableConv2D(6, 3), L.AveragePooling2D(2), L.UpSampling2D(2), L.ZeroPadding2D(1), L.Flatten(), L.Dense(3, name="mine", use_bias=False), L.Activation("softmax")])
model.layers[0].trainable = False`,
  },
  {
    name: "a nested model, with a layer used twice",
    ours: () => {
      const shared = tf.layers.dense({ units: 5, activation: "relu" });
      const input = tf.input({ shape: [5] });
      const once = shared.apply(input) as tf.SymbolicTensor;
      const twice = shared.apply(once) as tf.SymbolicTensor;
      const joined = tf.layers.concatenate().apply([once, twice]);
      const inner = tf.model({
        inputs: input,
        outputs: joined as tf.SymbolicTensor,
      });
      return tf.sequential({
        layers: [inner, tf.layers.dense({ units: 2 })],
      });
    },
    keras: `
shared = L.Dense(5, activation="relu"); i = keras.Input((5,))
once = shared(i); twice = shared(once)
inner = keras.Model(i, L.Concatenate()([once, twice]))
model = keras.Sequential([inner, L.Dense(2)]); model.build((None, 5))`,
  },
];

describe("summary and Keras", () => {
  test("agree on every row and total for several kinds of models", async (context) => {
    const script = builders
      .map(
        ({ keras }) => `keras.backend.clear_session()
${keras}
rows = [[l.name, type(l).__name__, [list(l.output.shape)] if hasattr(l.output, "shape") else None, l.count_params()] for l in model.layers]
trainable = sum(int(np.prod(w.shape)) for w in model.trainable_weights)
lines = []
model.summary(print_fn=lambda text, **_: lines.append(text))
result.append({"name": model.name, "rows": rows, "total": model.count_params(), "trainable": trainable, "text": "\\n".join(lines)})`,
      )
      .join("\n");
    const expected = await runKeras<
      {
        name: string;
        rows: unknown[];
        total: number;
        trainable: number;
        text: string;
      }[]
    >(context, `import numpy as np\nL = keras.layers\nresult = []\n${script}`);
    if (expected === undefined) return;
    assert.equal(expected.length, builders.length);
    builders.forEach(({ name, ours }, index) => {
      const keras = expected[index]!;
      const result = summary(ours());
      assert.deepEqual(rowsOf(result), keras.rows, name);
      assert.equal(result.name, keras.name, name);
      assert.equal(result.totalParameters, keras.total, name);
      assert.equal(result.trainableParameters, keras.trainable, name);
      assert.equal(
        result.nonTrainableParameters,
        keras.total - keras.trainable,
        name,
      );
      // The lines below the table must be identical; Keras indents them.
      const totals = (text: string) =>
        text
          .split("\n")
          .map((line) => line.trim())
          .filter((line) => /params: /.test(line));
      assert.equal(totals(keras.text).length, 3);
      assert.deepEqual(totals(result.toString()), totals(keras.text), name);
    });
  });
});

describe("names and sizes", () => {
  test("numbers names within each model, and keeps custom names", () => {
    for (let time = 0; time < 2; time++) {
      const model = tf.sequential();
      model.add(tf.layers.dense({ units: 1, inputShape: [1] }));
      model.add(tf.layers.dense({ units: 1, name: `own_${time}` }));
      model.add(tf.layers.dense({ units: 1 }));
      assert.deepEqual(
        summary(model).rows.map(({ name }) => name),
        ["dense", `own_${time}`, "dense_1"],
      );
    }
    const named = tf.sequential({ name: "lenet" });
    named.add(tf.layers.dense({ units: 1, inputShape: [1] }));
    assert.equal(summary(named).name, "lenet");
  });

  test("omits the input layer of a sequential model", () => {
    const model = tf.sequential();
    model.add(tf.layers.inputLayer({ inputShape: [4] }));
    model.add(tf.layers.dense({ units: 2 }));
    assert.deepEqual(rowsOf(summary(model)), [
      ["dense", "Dense", [[null, 2]], 10],
    ]);
  });

  test("counts no trainable parameters for a frozen model", () => {
    const model = tf.sequential();
    model.add(tf.layers.dense({ units: 2, inputShape: [4] }));
    model.trainable = false;
    assert.equal(summary(model).trainableParameters, 0);
    assert.equal(summary(model).nonTrainableParameters, 10);
  });

  test("lists several outputs of a layer in one cell", () => {
    const model = tf.sequential();
    model.add(
      tf.layers.lstm({ units: 3, returnState: false, inputShape: [4, 2] }),
    );
    assert.deepEqual(summary(model).rows[0]!.outputShapes, [[null, 3]]);
    const input = tf.input({ shape: [4, 2] });
    const [output] = tf.layers
      .lstm({ units: 3, returnState: true })
      .apply(input) as tf.SymbolicTensor[];
    const text = summary(
      tf.model({ inputs: input, outputs: output! }),
    ).toString();
    assert.match(text, /\(None, 3\), \(None, 3\), \(None, 3\)/);
  });

  test("rejects a model without layers", () => {
    assert.throws(
      () => summary(tf.sequential()),
      errorWith("ERR_INVALID_STATE", "at least one layer"),
    );
  });

  test("converts class names to Keras's snake case", () => {
    const names = {
      Conv2D: "conv2d",
      MaxPooling2D: "max_pooling2d",
      GlobalAveragePooling2D: "global_average_pooling2d",
      BatchNormalization: "batch_normalization",
      ReLU: "re_lu",
      LeakyReLU: "leaky_re_lu",
      InputLayer: "input_layer",
      LSTM: "lstm",
    };
    for (const [className, name] of Object.entries(names)) {
      assert.equal(toSnakeCase(className), name);
    }
  });

  test("formats the size of float32 parameters like Keras", () => {
    assert.deepEqual(
      [0, 255, 256, 12_786, 122_570, 2 ** 18, 300_000_000].map(memorySize),
      [
        "0.00 B",
        "1020.00 B",
        "1.00 KB",
        "49.95 KB",
        "478.79 KB",
        "1.00 MB",
        "1.12 GB",
      ],
    );
  });
});
