/**
 * Runs one training step of a small model around a layer, natively and as a graph, and compares
 * both with plain loops in float64.
 *
 * The model is a sequence of stages, each a sum of products with an optional bias and ReLU. A 1 × 1
 * convolution comes first, so that the gradient of the layer's input matters. The layer follows,
 * then a dense layer of one unit, whose gradient is a weighted sum of the layer's outputs over all
 * samples. The step is gradient descent with a rate so large that the new weights are the gradient
 * (see exactness/model-trial.ts).
 */
import assert from "node:assert/strict";
import { compilation, setEngine, tf } from "../../../src/engine";
import {
  nativeAddon,
  type NativeAddon,
} from "../../../src/engine/native/addon";
import {
  lossAndGradients,
  stageOf,
  type Stage,
  type WindowShape,
} from "./plain-stages";

/** A layer that is tested. */
export interface Trial {
  /** Height, width and channels of the layer's input. */
  readonly image: WindowShape["image"];
  readonly layer: () => tf.layers.Layer;
  /** The reference implementation of the layer. */
  readonly stages: readonly Stage[];
  /**
   * Whether the layer is the first of the model, so that the gradient of its input is not computed.
   */
  readonly isFirst?: boolean;
}

/** Largest error of the loss and of each gradient, relative to the largest magnitude. */
type Errors = readonly number[];

const samples = 10;
const inputChannels = 2;
const rate = 2 ** 20;

const linear = { hasBias: true, hasRelu: false };

/** Returns all stages of a trial's model. */
function stagesOf({ image, stages, isFirst = false }: Trial): Stage[] {
  const [height, width, channels] = image;
  const onePixel = { size: [1, 1], strides: [1, 1], padding: "valid" } as const;
  const first = {
    ...onePixel,
    image: [height, width, inputChannels] as const,
  };
  const [rows, columns, outputs] = stages.at(-1)!.output;
  const dense = {
    ...onePixel,
    image: [1, 1, rows * columns * outputs] as const,
  };
  return [
    ...(isFirst ? [] : [stageOf(first, channels, "full", linear)]),
    ...stages,
    stageOf(dense, 1, "full", linear),
  ];
}

/** Returns height, width and channels of the model's input. */
function inputOf({ image, isFirst = false }: Trial): WindowShape["image"] {
  return isFirst ? image : [image[0], image[1], inputChannels];
}

function build(trial: Trial): tf.Sequential {
  const { image, layer, isFirst = false } = trial;
  const filters = image[2];
  return tf.sequential({
    layers: [
      tf.layers.inputLayer({ inputShape: [...inputOf(trial)] }),
      ...(isFirst ? [] : [tf.layers.conv2d({ filters, kernelSize: 1 })]),
      layer(),
      tf.layers.flatten(),
      tf.layers.dense({ units: 1 }),
    ],
  });
}

function draw(shape: readonly number[], deviation: number, seed: number) {
  return tf.tidy(() =>
    tf
      .randomNormal([...shape], 0, deviation, "float32", seed)
      .dataSync<"float32">()
      .slice(),
  );
}

/** Returns the weights and data of a trial, the same for each of its runs. */
function dataOf(trial: Trial) {
  const image = inputOf(trial);
  const weights = stagesOf(trial).flatMap((stage, index) => {
    const { kernel, output, hasBias } = stage;
    const spread = Math.sqrt(
      output.at(-1)! / tf.util.sizeFromShape([...kernel]),
    );
    const seed = 2 * index + 1;
    return [
      draw(kernel, Math.min(1, spread), seed),
      ...(hasBias ? [draw([output.at(-1)!], 0.2, seed + 1)] : []),
    ];
  });
  const x = draw([samples, ...image], 1, 101);
  // Far enough from the outputs that sums over samples do not cancel.
  const y = draw([samples], 1, 102).map((each) => each + 8);
  return { image, weights, x, y };
}

/** Creates programs for one of the addon's vector widths until the returned function is called. */
function useWidth(width: number): () => void {
  const loaded = nativeAddon();
  const addon = loaded.addon!;
  const create: NativeAddon["create"] = (
    integers,
    numbers,
    threads,
    _,
    ...flags
  ) => addon.create(integers, numbers, threads, width, ...flags);
  const wrapped: unknown = Object.create(addon, { create: { value: create } });
  Object.assign(loaded, { addon: wrapped });
  return () => Object.assign(loaded, { addon });
}

/**
 * Returns the loss and the gradients of all weights of a step, on one of the addon's vector widths.
 */
async function step(
  trial: Trial,
  engine: "native" | "graph",
  width = 0,
): Promise<Float32Array[]> {
  setEngine(engine);
  const restore = useWidth(width);
  const model = build(trial);
  try {
    model.compile({ optimizer: tf.train.sgd(rate), loss: "meanSquaredError" });
    const { image, weights, ...data } = dataOf(trial);
    const shapes = model.getWeights().map(({ shape }) => shape);
    const x = tf.tensor4d(data.x, [samples, ...image]);
    const y = tf.tensor2d(data.y, [samples, 1]);
    const options = { batchSize: samples, verbose: 0, shuffle: false } as const;
    let loss = 0;
    // The first step of a graph is recorded.
    const runs = engine === "native" ? 1 : 2;
    for (let run = 0; run < runs; run += 1) {
      const start = weights.map((each, index) =>
        tf.tensor(each, shapes[index]),
      );
      model.setWeights(start);
      const { history } = await model.fit(x, y, options);
      loss = history["loss"]![0] as number;
      tf.dispose(start);
    }
    tf.dispose([x, y]);
    assert.equal(compilation(model).training[engine], 1);
    const gradients = model.getWeights().map((each, index) => {
      const stepped = each.dataSync<"float32">();
      return stepped.map((value, k) => (weights[index]![k]! - value) / rate);
    });
    return [Float32Array.of(loss), ...gradients];
  } finally {
    model.dispose();
    restore();
  }
}

/** Returns the largest error of each array, relative to its largest magnitude. */
function errorsOf(
  values: readonly Float32Array[],
  expected: readonly Float64Array[],
): Errors {
  assert.equal(values.length, expected.length);
  return expected.map((array, index) => {
    let [most, apart] = [0, 0];
    for (const [k, value] of array.entries()) {
      most = Math.max(most, Math.abs(value));
      const difference = Math.abs(values[index]![k]! - value);
      if (difference > apart) apart = difference;
      if (Number.isNaN(difference)) apart = Infinity;
    }
    return apart / (most || 1);
  });
}

/** Errors up to this size are not compared: 5 units in the last place of the largest value. */
const floor = 3e-7;

/**
 * Asserts that the error of a native step is at most `times` that of the graph, on each vector
 * width of this processor. Returns the largest errors of both.
 */
export async function assertExact(
  trial: Trial,
  times = 3,
): Promise<{ readonly native: number; readonly graph: number }> {
  const { weights, x, y } = dataOf(trial);
  const expected = lossAndGradients(stagesOf(trial), weights, x, y);
  const graph = errorsOf(await step(trial, "graph"), expected);
  let worst = 0;
  for (const [width, name] of nativeAddon().addon!.widths().entries()) {
    const native = errorsOf(await step(trial, "native", width), expected);
    for (const [index, error] of native.entries()) {
      const what = index === 0 ? "loss" : `gradient ${index - 1}`;
      assert.ok(
        error <= times * Math.max(graph[index]!, floor),
        `${what}, ${name}: error ${error}, graph ${graph[index]}`,
      );
    }
    worst = Math.max(worst, ...native);
  }
  return { native: worst, graph: Math.max(...graph) };
}

/** Formats errors on one line. */
export function describeErrors(errors: Readonly<Record<string, number>>) {
  return Object.entries(errors)
    .map(([name, error]) => `${name} ${error.toExponential(1)}`)
    .join(", ");
}

/** Asserts that the bits of a native step are the same on 1, 2 and 4 threads. */
export async function assertSameBits(trial: Trial): Promise<void> {
  const before = process.env["CONVNOTES_THREADS"];
  const runs: Float32Array[][] = [];
  try {
    for (const threads of ["1", "2", "4"]) {
      process.env["CONVNOTES_THREADS"] = threads;
      runs.push(await step(trial, "native"));
    }
  } finally {
    if (before === undefined) delete process.env["CONVNOTES_THREADS"];
    else process.env["CONVNOTES_THREADS"] = before;
  }
  assert.deepEqual(runs[1], runs[0]);
  assert.deepEqual(runs[2], runs[0]);
}
