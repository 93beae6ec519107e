/**
 * One training step of a small model around a layer, natively and as a graph, and the same in float64 by plain loops.
 *
 * A model is a row of stages, each a sum of products with a bias and perhaps ReLU: a convolution of 1 × 1, so that the gradient of the
 * layer's input counts; the layer; and a dense layer of one unit, whose gradient is the layer's outputs of all samples, weighed. The step is
 * of gradient descent with a rate so large that of the new weights only the gradient is left (see exactness/model-trial.ts).
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

/** What is trained. */
export interface Trial {
  /** Height, width and channels that the layer gets. */
  readonly image: WindowShape["image"];
  readonly layer: () => tf.layers.Layer;
  /** What the layer computes. */
  readonly stages: readonly Stage[];
  /** Without a convolution before it: the gradient of its input is not asked for. */
  readonly isFirst?: boolean;
}

/** Largest errors of the loss and of each gradient, relative to the largest magnitude. */
type Errors = readonly number[];

const samples = 10;
const inputChannels = 2;
const rate = 2 ** 20;

const linear = { hasBias: true, hasRelu: false };

/** All stages of a trial's model. */
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

/** Height, width and channels that the model gets. */
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

/** Numbers of a trial: the same for each of its runs. */
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
  // So far from the outputs that what is summed over samples does not cancel.
  const y = draw([samples], 1, 102).map((each) => each + 8);
  return { image, weights, x, y };
}

/** Has programs be made in one of the addon's widths of vectors; gives what takes it back. */
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

/** Loss, and gradients of all weights, of a step, in one of the addon's widths of vectors. */
async function step(
  trial: Trial,
  engine: "native" | "graph",
  width = 0,
): Promise<Float32Array[]> {
  setEngine(engine);
  const giveBack = useWidth(width);
  const model = build(trial);
  try {
    model.compile({ optimizer: tf.train.sgd(rate), loss: "meanSquaredError" });
    const { image, weights, ...data } = dataOf(trial);
    const shapes = model.getWeights().map(({ shape }) => shape);
    const x = tf.tensor4d(data.x, [samples, ...image]);
    const y = tf.tensor2d(data.y, [samples, 1]);
    const options = { batchSize: samples, verbose: 0, shuffle: false } as const;
    let loss = 0;
    // A graph's first step is recorded.
    const runs = engine === "native" ? 1 : 2;
    for (let run = 0; run < runs; run += 1) {
      const start = weights.map((each, index) =>
        tf.tensor(each, shapes[index]!),
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
    giveBack();
  }
}

/** How far each of some arrays is from what it should be. */
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

/** Errors no larger than this are as good as none: 5 units in the last place of the largest number. */
const floor = 3e-7;

/**
 * Asserts that a native step, in each width of vectors that this processor has, is at most so many times as far from float64 as the graph.
 * Gives the worst errors of both.
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

/** Errors in one line. */
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
