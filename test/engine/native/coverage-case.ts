/**
 * Builds the small models of coverage.test.ts, each with one feature of tfjs, and their data.
 */
import { tf } from "../../../src/engine";

/** A model, and the data and settings for its training, evaluation and prediction. */
export interface ModelCase {
  readonly name: string;
  readonly build: () => tf.LayersModel;
  /** Compiles the model; by default for class indices, with accuracy and gradient descent. */
  readonly compile?: (model: tf.LayersModel) => void;
  /** Returns inputs for a number of samples; images by default. */
  readonly inputs?: (samples: number) => tf.Tensor[];
  /** Returns labels for a number of samples; class indices by default. */
  readonly labels?: (samples: number) => tf.Tensor[];
  readonly fit?: tf.ModelFitArgs;
  /** Number of samples; 20 by default, which is four full batches. */
  readonly samples?: number;
}

/** The shape of an image. */
export const imageShape = [9, 8, 3];
/** The number of classes. */
export const classes = 4;

/** The learning rate, small enough that no unit changes much. */
export const rate = 0.05;

/** Returns a model of layers between an image and a dense layer for the classes. */
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

/** As {@link chain} for layers that branch: `between` maps the image to features. */
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

/** Applies a layer with one output. */
export const apply = (
  layer: tf.layers.Layer,
  to: tf.SymbolicTensor | tf.SymbolicTensor[],
) => layer.apply(to) as tf.SymbolicTensor;

type Convolution = Partial<Parameters<typeof tf.layers.conv2d>[0]>;

/** Returns a convolution with six filters of 3 × 3. */
export const convolution = (options: Convolution = {}) =>
  tf.layers.conv2d({ filters: 6, kernelSize: 3, ...options });

/** Returns the dense layer for the classes' probabilities. */
export const softmax = () =>
  tf.layers.dense({ units: classes, activation: "softmax" });

/** Returns images that are the same for each call. */
export const images = (samples: number) =>
  tf.randomUniform([samples, ...imageShape], 0, 1, "float32", 3);

const numbers = (samples: number) =>
  Array.from({ length: samples }, (_, index) => index % classes);

/** Returns class indices of shape (n, 1). */
export const classNumbers = (samples: number) =>
  tf.tensor2d(numbers(samples), [samples, 1]);

/** Returns class vectors with the values `off` and `on`. */
export const classVectors = (samples: number, off = 0, on = 1) =>
  tf.oneHot(numbers(samples), classes, on, off, "float32");

/** Returns a function that compiles a model with gradient descent. */
export const compileWith =
  (
    loss: tf.ModelCompileArgs["loss"],
    metrics: NonNullable<tf.ModelCompileArgs["metrics"]> = [],
  ) =>
  (model: tf.LayersModel): void => {
    model.compile({ optimizer: tf.train.sgd(rate), loss, metrics });
  };

/**
 * Sets weights that are the same for each call. Their size keeps values between layers at the
 * inputs' size.
 */
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
