/**
 * Draws random small models of layers that can run natively, in many shapes, and synthetic data to
 * train them on.
 */
import { tf } from "../../../src/engine";
import { compileFromLogits } from "../../../src/training/logits";
import { Random } from "../../../src/data/synthetic/random";

/** A model with data for two full batches and a partial one. */
export interface Training {
  /** A one-line description of the model. */
  readonly title: string;
  readonly model: tf.Sequential;
  readonly x: tf.Tensor;
  readonly y: tf.Tensor;
  readonly batchSize: number;
}

/**
 * Channel counts below, beside and at multiples of vectors. Multiples are frequent enough that
 * Winograd's form is used on every width.
 */
const channels = [1, 2, 3, 4, 5, 7, 8, 12, 16, 16, 17, 31, 32, 32, 33, 48, 64];

/**
 * Rates are low, so that every loss stays finite. Each ε is large: with a small one, gradients that
 * are only rounding would change weights as much as others.
 */
const optimizers: Readonly<Record<string, () => tf.Optimizer>> = {
  "gradient descent": () => tf.train.sgd(0.001),
  momentum: () => tf.train.momentum(0.0005, 0.9),
  Nesterov: () => tf.train.momentum(0.0005, 0.9, true),
  RMSProp: () => tf.train.rmsprop(0.001, 0.9, 0.5, 1e-3),
  Adam: () => tf.train.adam(0.001, 0.9, 0.99, 1e-3),
};

/** Draws a model and its data from a seed. */
export function drawTraining(seed: number): Training {
  const random = new Random(seed);
  const inputShape = drawInput(random);
  const model = tf.sequential();
  const titles = [`seed ${seed}`, inputShape.join("×")];
  const add = (kind: string, layer: tf.layers.Layer) => {
    const [before] = model.outputs ?? [];
    const after = before && layer.computeOutputShape(before.shape);
    if (after && [after].flat(2).some((side) => side !== null && side < 1))
      return;
    model.add(layer);
    titles.push(kind);
  };
  add("input", tf.layers.inputLayer({ inputShape }));
  if (inputShape.length > 1) {
    const count = 1 + random.integer(4);
    for (let index = 0; index < count; index += 1) {
      add(...drawSpatial(random));
    }
    add("flatten", tf.layers.flatten());
  }
  while (random.chance(0.5)) add(...drawDense(random));
  const classes = addOutput(random, model, titles);
  const x = (samples: number) =>
    tf.randomNormal([samples, ...inputShape], 0, 1, "float32", seed);
  setWeights(model, seed);
  const batchSize = 1 + random.integer(random.pick([4, 12, 40]));
  const rest = 1 + random.integer(Math.max(1, batchSize - 1));
  const samples = batchSize * 2 + rest;
  titles.push(`${samples} samples by ${batchSize}`);
  return {
    ...{ model, batchSize, title: titles.join(", ") },
    x: x(samples),
    y: drawLabels(seed, samples, classes),
  };
}

function drawInput(random: Random): number[] {
  if (random.chance(0.2)) return [1 + random.integer(90)];
  const side = () => 1 + random.integer(16);
  const height = side();
  return [height, random.chance(0.5) ? height : side(), random.pick(channels)];
}

function drawSpatial(random: Random): [string, tf.layers.Layer] {
  const padding = random.pick(["valid", "same", "same"] as const);
  const pair = (most: number): [number, number] => {
    const one = 1 + random.integer(most);
    return [one, random.chance(0.7) ? one : 1 + random.integer(most)];
  };
  const strides = random.chance(0.6) ? 1 : pair(3);
  const kind = random.pick(["convolution", "convolution", "pool", "others"]);
  if (kind === "convolution") {
    const filters = random.pick(channels);
    const kernelSize = random.pick([3, 3, 5, pair(6)]);
    const activation = drawActivation(random);
    const layer = tf.layers.conv2d({
      ...{ filters, kernelSize, strides, padding },
      ...(activation ? { activation } : {}),
      ...drawParts(random),
    });
    const title = `conv ${filters} of ${String(kernelSize)} by ${String(strides)} ${padding} ${activation ?? ""}`;
    return [title, layer];
  }
  if (kind === "pool") {
    const isMax = random.chance(0.7);
    const pool = isMax ? tf.layers.maxPooling2d : tf.layers.averagePooling2d;
    const poolSize = random.chance(0.5) ? 2 : pair(4);
    const by = random.chance(0.5) ? 2 : pair(3);
    const title = `${isMax ? "max" : "mean"} ${String(poolSize)} by ${String(by)} ${padding}`;
    return [title, pool({ poolSize, strides: by, padding })];
  }
  return drawAnywhere(random);
}

function drawDense(random: Random): [string, tf.layers.Layer] {
  if (random.chance(0.3))
    return drawAnywhere(random, ["reLU", "dropout", "tanh"]);
  const units = random.pick([...channels, 70, 130]);
  const activation = drawActivation(random);
  const layer = tf.layers.dense({
    units,
    ...(activation ? { activation } : {}),
    ...drawParts(random),
  });
  return [`dense ${units} ${activation ?? ""}`, layer];
}

/** Draws a layer that keeps the shape. Batch normalization of vectors cannot run natively. */
function drawAnywhere(
  random: Random,
  kinds = ["batchNormalization", "reLU", "dropout", "tanh"],
): [string, tf.layers.Layer] {
  const kind = random.pick(kinds);
  if (kind === "batchNormalization") {
    return [kind, tf.layers.batchNormalization()];
  }
  if (kind === "reLU") return [kind, tf.layers.reLU()];
  if (kind === "dropout") {
    const rate = random.pick([0.2, 0.5]);
    return [`dropout ${rate}`, tf.layers.dropout({ rate })];
  }
  return [kind, tf.layers.activation({ activation: "tanh" })];
}

const activations = [undefined, "relu", "relu", "tanh", "sigmoid"] as const;

function drawActivation(random: Random): (typeof activations)[number] {
  return random.pick(activations);
}

function drawParts(random: Random) {
  return {
    ...(random.chance(0.2) ? { useBias: false } : {}),
    ...(random.chance(0.2)
      ? { kernelRegularizer: tf.regularizers.l2({ l2: 0.01 }) }
      : {}),
  };
}

/**
 * Adds the last layer and compiles. Returns the number of classes, or 0 if labels are real values.
 */
function addOutput(
  random: Random,
  model: tf.Sequential,
  titles: string[],
): number {
  const [name, make] = random.pick(Object.entries(optimizers));
  const optimizer = make();
  const loss = random.pick(["logits", "probabilities", "error"]);
  titles.push(loss, name);
  if (loss === "error") {
    model.add(tf.layers.dense({ units: 1 }));
    model.compile({ optimizer, loss: "meanSquaredError" });
    return 0;
  }
  const units = 2 + random.integer(20);
  model.add(tf.layers.dense({ units, activation: "softmax" }));
  if (loss === "logits") compileFromLogits(model, { optimizer });
  else {
    model.compile({
      optimizer,
      loss: "sparseCategoricalCrossentropy",
      metrics: ["accuracy"],
    });
  }
  return units;
}

function drawLabels(seed: number, samples: number, classes: number): tf.Tensor {
  const shape: [number, number] = [samples, 1];
  return classes === 0
    ? tf.randomNormal(shape, 0, 1, "float32", seed + 1)
    : tf.randomUniform(shape, 0, classes, "float32", seed + 1).floor();
}

/** Sets weights that depend on the seed only. Vectors include variances, which must be positive. */
function setWeights(model: tf.Sequential, seed: number): void {
  const weights = model.getWeights().map(({ shape, size }, index) => {
    const isVector = shape.length === 1;
    const deviation = isVector ? 0.1 : Math.sqrt((2 * shape.at(-1)!) / size);
    const key = seed * 100 + index;
    const drawn = tf.randomNormal(shape, 0, deviation, "float32", key);
    return isVector ? drawn.abs().add(0.02) : drawn;
  });
  model.setWeights(weights);
}
