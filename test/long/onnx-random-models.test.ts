/**
 * Random models of many kinds of layers predict the same in onnxruntime.
 *
 * `CONVNOTES_MODELS_FIRST` is the first seed (default 1) and `CONVNOTES_MODELS_COUNT` the number of
 * seeds (default 300).
 */
import { describe, test } from "node:test";
import { keras, tf } from "../../src";
import { drawing, drawWeights, judge } from "../formats/onnx-trial";

type Values = tf.SymbolicTensor;
type Layer = tf.layers.Layer;

const { layers } = tf;
const numberOf = (name: string, fallback: number) =>
  Number(process.env[name] ?? fallback);
const first = numberOf("CONVNOTES_MODELS_FIRST", 1);
const count = numberOf("CONVNOTES_MODELS_COUNT", 300);

/** Number of models that one Python process runs. */
const together = 50;

/** Draws choices from a seed. */
class Choice {
  readonly #draw: () => number;

  constructor(seed: number) {
    this.#draw = drawing(seed);
  }

  /** An integer from `least` to `most`. */
  integer(least: number, most: number): number {
    return least + Math.floor(this.#draw() * (most - least + 1));
  }

  one<Each>(options: readonly Each[]): Each {
    return options[this.integer(0, options.length - 1)]!;
  }

  pair(least: number, most: number): [number, number] {
    return [this.integer(least, most), this.integer(least, most)];
  }
}

const activations = [
  ...["relu", "tanh", "sigmoid", "elu", "selu", "softmax", "swish", "gelu"],
  ...["linear", "relu6", "hardSigmoid", "softsign", "softplus", "mish"],
] as const;

function through(layer: Layer, ...values: Values[]): Values {
  return layer.apply(values.length === 1 ? values[0]! : values) as Values;
}

/** Options of a window that fits an image. */
function windowOf(choice: Choice, [, height, width, channels]: tf.Shape) {
  const padding = choice.one(["same", "valid"] as const);
  const most = padding === "same" ? 5 : Math.min(5, height!, width!);
  const size = choice.pair(1, most);
  const strides = choice.pair(1, 3);
  // With oneDNN, TensorFlow 2.21 computes wrong values for one channel, strides (1, s) and one
  // column of outputs.
  if (channels === 1) strides[1] = strides[0];
  return { padding, size, strides };
}

/** Layers that give images of another size or with other channels. */
const steps: readonly ((choice: Choice, value: Values) => Values)[] = [
  (choice, value) => {
    const { padding, size, strides } = windowOf(choice, value.shape);
    const layer = layers.conv2d({
      filters: choice.integer(1, 6),
      kernelSize: size,
      strides,
      padding,
      activation: choice.one(activations),
      useBias: choice.one([true, false]),
    });
    return through(layer, value);
  },
  (choice, value) => {
    const { padding, size, strides } = windowOf(choice, value.shape);
    const depthMultiplier = choice.integer(1, 3);
    const layer = choice.one([
      layers.depthwiseConv2d({
        kernelSize: size,
        strides: [strides[0], strides[0]],
        padding,
        depthMultiplier,
      }),
      layers.separableConv2d({
        filters: choice.integer(1, 5),
        kernelSize: size,
        strides: [strides[1], strides[1]],
        padding,
        depthMultiplier,
      }),
    ]);
    return through(layer, value);
  },
  (choice, value) => {
    const dilationRate = choice.pair(1, 3);
    const layer = keras.conv2d({
      filters: choice.integer(1, 4),
      kernelSize: choice.pair(1, 3),
      dilationRate,
      strides: choice.integer(1, 2),
      padding: "same",
    });
    return through(layer, value);
  },
  (choice, value) => {
    if (value.shape[1]! > 12 || value.shape[2]! > 12) return value;
    const layer = layers.conv2dTranspose({
      filters: choice.integer(1, 4),
      kernelSize: choice.pair(1, 4),
      strides: choice.pair(1, 3),
      padding: choice.one(["same", "valid"]),
    });
    return through(layer, value);
  },
  (choice, value) => {
    const { padding, size, strides } = windowOf(choice, value.shape);
    const options = { poolSize: size, strides, padding };
    const layer = choice.one([
      layers.maxPooling2d(options),
      layers.averagePooling2d(options),
    ]);
    return through(layer, value);
  },
  (choice, value) =>
    through(
      choice.one([
        layers.batchNormalization({ axis: choice.one([-1, 1, 2]) }),
        layers.layerNormalization({ axis: choice.one([-1, 2]) }),
        layers.activation({ activation: choice.one(activations) }),
        layers.leakyReLU(),
        layers.prelu({ sharedAxes: [1, 2] }),
        layers.dropout({ rate: 0.3 }),
      ]),
      value,
    ),
  (choice, value) => {
    if (value.shape[1]! > 12 || value.shape[2]! > 12) return value;
    const interpolation = choice.one(["nearest", "bilinear"] as const);
    return through(
      choice.one([
        keras.upSampling2d({ size: choice.pair(1, 3), interpolation }),
        layers.upSampling2d({ size: choice.pair(1, 3), interpolation }),
        keras.resizing({
          height: choice.integer(1, 9),
          width: choice.integer(1, 9),
          interpolation,
        }),
      ]),
      value,
    );
  },
  (choice, value) =>
    through(
      layers.zeroPadding2d({
        padding: [choice.pair(0, 2), choice.pair(0, 2)],
      }),
      value,
    ),
  (choice, value) => {
    if (value.shape[1]! < 5 || value.shape[2]! < 5) return value;
    const cropping = [choice.pair(0, 2), choice.pair(0, 2)];
    return through(layers.cropping2D({ cropping: cropping as never }), value);
  },
  (choice, value) =>
    through(
      layers.permute({
        dims: choice.one([
          [2, 1, 3],
          [1, 3, 2],
        ]),
      }),
      value,
    ),
  // A branch that is added to the value, or joined with it.
  (choice, value) => {
    const filters = value.shape[3]!;
    const inner = tf.sequential({
      layers: [
        layers.conv2d({
          filters,
          kernelSize: choice.pair(1, 3),
          padding: "same",
          inputShape: value.shape.slice(1),
        }),
        layers.batchNormalization(),
      ],
    });
    const branch = through(inner, value);
    const again = choice.one([branch, through(inner, branch)]);
    const merge = choice.one([
      layers.add(),
      layers.multiply(),
      layers.maximum(),
      layers.average(),
      layers.concatenate({ axis: choice.one([1, 2, 3, -1]) }),
    ]);
    return through(
      merge,
      ...choice.one([
        [value, again],
        [again, value],
      ]),
    );
  },
  // Gates as in squeeze and excitation.
  (choice, value) => {
    const channels = value.shape[3]!;
    const pooled = through(
      choice.one([
        layers.globalAveragePooling2d({}),
        layers.globalMaxPooling2d({}),
      ]),
      value,
    );
    const gates = through(
      layers.dense({ units: channels, activation: "sigmoid" }),
      pooled,
    );
    return through(
      layers.multiply(),
      value,
      choice.one([
        gates,
        through(layers.reshape({ targetShape: [1, 1, channels] }), gates),
      ]),
    );
  },
];

/** From images to vectors. */
const heads: readonly ((choice: Choice, value: Values) => Values)[] = [
  (_, value) => through(layers.flatten(), value),
  (_, value) => through(layers.globalAveragePooling2d({}), value),
  (_, value) => through(layers.globalMaxPooling2d({}), value),
  // Rows as the steps of a sequence.
  (choice, value) => {
    const [, height, width, channels] = value.shape as number[];
    const rows = through(
      layers.reshape({ targetShape: [height!, width! * channels!] }),
      value,
    );
    const create = choice.one([
      layers.lstm,
      layers.gru,
      layers.simpleRNN,
      keras.gru,
      keras.lstm,
    ]) as (options: object) => Layer;
    const options = {
      units: choice.integer(1, 6),
      goBackwards: choice.one([true, false]),
    };
    const mergeMode = choice.one(["concat", "sum", "ave", "mul"] as const);
    const layer = choice.one([
      create(options),
      layers.bidirectional({ layer: create(options) as tf.RNN, mergeMode }),
    ]);
    return through(layer, rows);
  },
];

function draw(seed: number): tf.LayersModel {
  const choice = new Choice(seed);
  const shape = [...choice.pair(4, 14), choice.integer(1, 4)];
  const input = tf.input({ shape });
  const depth = choice.integer(2, 7);
  let value = input;
  for (let step = 0; step < depth; step += 1) {
    value = choice.one(steps)(choice, value);
  }
  const images = value;
  const vector = choice.one(heads)(choice, images);
  const classes = through(
    layers.dense({
      units: choice.integer(2, 6),
      activation: choice.one(activations),
    }),
    vector,
  );
  const outputs = choice.integer(0, 2) === 0 && images !== input;
  return tf.model({
    inputs: input,
    outputs: outputs ? [classes, images] : classes,
  });
}

describe("random models predict the same as ONNX", () => {
  for (let from = first; from < first + count; from += together) {
    const end = Math.min(from + together, first + count);
    test(`seeds ${from} to ${end - 1}`, async (context) => {
      const trials = Array.from({ length: end - from }, (_, index) => {
        const model = draw(from + index);
        drawWeights(model, 1000 * (from + index));
        return {
          name: `seed-${from + index}`,
          model,
          mayBeZero: true,
        } as const;
      });
      await judge(context, trials);
      for (const { model } of trials) model.dispose();
    });
  }
});
