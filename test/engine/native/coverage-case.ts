/**
 * Small models, each with one feature of tfjs, and what they are used on: what coverage.test.ts asks for native steps.
 */
import { tf } from "../../../src/engine";

/** A model, and what it is trained, evaluated and used with. */
export interface ModelCase {
  readonly name: string;
  readonly build: () => tf.LayersModel;
  /** Compiles the model; with class numbers, the accuracy and gradient descent by default. */
  readonly compile?: (model: tf.LayersModel) => void;
  /** Inputs and labels of so many samples; images and class numbers by default. */
  readonly inputs?: (samples: number) => tf.Tensor[];
  readonly labels?: (samples: number) => tf.Tensor[];
  readonly fit?: tf.ModelFitArgs;
  /** 20 by default, four whole batches. */
  readonly samples?: number;
}

/** The shape of an image, and how many classes there are. */
export const imageShape = [9, 8, 3];
export const classes = 4;

/** The rate is small enough for no unit to be pushed far. */
export const rate = 0.05;

/** Layers between an image and a dense layer for the classes. */
export function chain(
  name: string,
  layers: () => readonly tf.layers.Layer[],
  rest: Partial<ModelCase> = {},
  last: "softmax" | "sigmoid" | "linear" = "softmax",
): ModelCase {
  const build = () => {
    const model = tf.sequential();
    model.add(tf.layers.inputLayer({ inputShape: imageShape }));
    for (const layer of layers()) model.add(layer);
    if (model.outputs[0]!.shape.length > 2) model.add(tf.layers.flatten());
    model.add(tf.layers.dense({ units: classes, activation: last }));
    return model;
  };
  return { name, build, ...rest };
}

/** The same of layers that branch: what `between` makes of the image. */
export function branched(
  name: string,
  between: (image: tf.SymbolicTensor) => tf.SymbolicTensor,
): ModelCase {
  const build = () => {
    const image = tf.input({ shape: imageShape });
    const features = between(image);
    const isFlat = features.shape.length === 2;
    const flat = isFlat ? features : apply(tf.layers.flatten(), features);
    const outputs = apply(softmax(), flat);
    return tf.model({ inputs: image, outputs });
  };
  return { name, build };
}

/** Applies a layer that has one output. */
export const apply = (
  layer: tf.layers.Layer,
  to: tf.SymbolicTensor | tf.SymbolicTensor[],
) => layer.apply(to) as tf.SymbolicTensor;

type Convolution = Partial<Parameters<typeof tf.layers.conv2d>[0]>;

/** A convolution with six filters of 3 × 3. */
export const convolution = (options: Convolution = {}) =>
  tf.layers.conv2d({ filters: 6, kernelSize: 3, ...options });

/** The dense layer that gives the classes' probabilities. */
export const softmax = () =>
  tf.layers.dense({ units: classes, activation: "softmax" });

/** Images that are the same each time. */
export const images = (samples: number) =>
  tf.randomUniform([samples, ...imageShape], 0, 1, "float32", 3);

const numbers = (samples: number) =>
  Array.from({ length: samples }, (_, index) => index % classes);

/** Class numbers, (n, 1). */
export const classNumbers = (samples: number) =>
  tf.tensor2d(numbers(samples), [samples, 1]);

/** Class vectors, with these numbers for "is not" and "is". */
export const classVectors = (samples: number, off = 0, on = 1) =>
  tf.oneHot(numbers(samples), classes, on, off, "float32");

/** Compiles with gradient descent. */
export const compileWith =
  (
    loss: tf.ModelCompileArgs["loss"],
    metrics: NonNullable<tf.ModelCompileArgs["metrics"]> = [],
  ) =>
  (model: tf.LayersModel): void => {
    model.compile({ optimizer: tf.train.sgd(rate), loss, metrics });
  };

/** Gives weights that are the same each time, of the size that keeps numbers between layers at the size of the inputs. */
export function drawWeights(model: tf.LayersModel): void {
  const drawn = model.weights.map(({ name, shape }, index) => {
    const seed = index + 1;
    const sizes = shape as number[];
    if (/variance|gamma/.test(name)) {
      return tf.randomUniform(sizes, 0.5, 1.5, "float32", seed);
    }
    const inputs = sizes.slice(0, -1).reduce((all, side) => all * side, 1);
    const deviation = sizes.length > 1 ? Math.sqrt(1 / inputs) : 0.1;
    return tf.randomNormal(sizes, 0, deviation, "float32", seed);
  });
  model.setWeights(drawn);
  tf.dispose(drawn);
}
