/**
 * Small models for the tests of file formats, with weights and inputs that do not depend on chance.
 */
import { tf } from "../../src/engine/tensorflow";
import * as keras from "../../src/keras";
import { tensor } from "../keras/row";

type Layer = tf.layers.Layer;

/** A model and how it is compared with Keras. */
export interface ModelCase {
  readonly model: () => tf.LayersModel;
  /** Inputs other than real numbers: integers below this number. */
  readonly integers?: number;
  /** Whether to compare training, which chance must not change. */
  readonly trains?: boolean;
  /** The optimizer; gradient descent by default. */
  readonly optimizer?: () => tf.Optimizer;
  /** Steps before the model is saved; 0 by default. */
  readonly steps?: number;
  /** The largest accepted difference of weights after ten steps, relative; 1e-4 by default. */
  readonly bound?: number;
}

/** Creates the case of one layer. */
export function layerCase(
  shape: number[],
  make: () => Layer,
  rest: Omit<ModelCase, "model"> = {},
): ModelCase {
  return {
    trains: true,
    model: () => {
      const input = tf.input({ shape });
      const outputs = make().apply(input) as tf.SymbolicTensor;
      return tf.model({ inputs: input, outputs });
    },
    ...rest,
  };
}

/** Creates the case of a layer that merges two inputs of a shape. */
export function mergeCase(shape: number[], make: () => Layer): ModelCase {
  return {
    trains: true,
    model: () => {
      const inputs = [tf.input({ shape }), tf.input({ shape })];
      const dense = keras.dense({ units: shape.at(-1)! });
      const outputs = make().apply([
        dense.apply(inputs[0]!) as tf.SymbolicTensor,
        inputs[1]!,
      ]) as tf.SymbolicTensor;
      return tf.model({ inputs, outputs });
    },
  };
}

/** Samples of a batch. */
const samples = 3;

/** Creates a compiled model with fixed weights, small enough for deep networks. */
export function modelOf(each: ModelCase): tf.LayersModel {
  const model = each.model();
  fillWeights(model);
  model.compile({
    optimizer: each.optimizer?.() ?? keras.sgd({ learningRate: 0.02 }),
    loss: model.outputs.map(() => "meanSquaredError"),
  });
  return model;
}

/**
 * Gives each weight other values, none of which is 0: where a function has a kink, Keras and
 * TensorFlow.js have other gradients.
 */
export function fillWeights(model: tf.LayersModel, seed = 0): void {
  for (const [index, variable] of model.weights.entries()) {
    const { shape, name } = variable as unknown as {
      shape: number[];
      name: string;
    };
    const inputs = shape
      .slice(0, -1)
      .reduce((size, length) => size * length, 1);
    const values = tensor(
      shape,
      seed + index + 1,
      Math.min(0.5, (2 / inputs) ** 0.5),
    );
    const isVariance = name.includes("variance");
    variable.write(isVariance ? tf.add(1, values) : values);
  }
}

/** Returns a batch of inputs. */
export function inputsOf(
  model: tf.LayersModel,
  { integers }: ModelCase,
): tf.Tensor[] {
  return model.inputs.map(({ shape }, index) => {
    const whole = [samples, ...(shape.slice(1) as number[])];
    const values = tensor(whole, 11 + index);
    return integers === undefined
      ? values
      : tf.floor(tf.mul(tf.add(values, 1), integers / 2.01));
  });
}

/** Returns labels for a batch of inputs. */
export function labelsOf(model: tf.LayersModel, x: tf.Tensor[]): tf.Tensor[] {
  return [model.predict(x)]
    .flat()
    .map(({ shape }, index) => tensor(shape, 23 + index));
}

/** Trains a model for some steps on one batch. */
export async function train(
  model: tf.LayersModel,
  x: tf.Tensor[],
  y: tf.Tensor[],
  steps: number,
): Promise<void> {
  await model.fit(x, y, {
    epochs: steps,
    batchSize: samples,
    shuffle: false,
    verbose: 0,
  });
}

/** Returns the values of a model's outputs, in one list for each. */
export function predicted(model: tf.LayersModel, x: tf.Tensor[]): number[][] {
  return [model.predict(x)].flat().map((each) => [...each.dataSync()]);
}

/** Returns the largest difference of two lists of lists, relative to the largest value of each. */
export function relativeDistance(
  ours: readonly ArrayLike<number>[],
  theirs: readonly ArrayLike<number>[],
): number {
  if (ours.length !== theirs.length) return Infinity;
  const distances = ours.map((values, index) => {
    const others = theirs[index]!;
    if (values.length !== others.length) return Infinity;
    const pairs = Array.from(values, (value, at) => [value, others[at]!]);
    const size = Math.max(...pairs.map(([, other]) => Math.abs(other!)), 1e-6);
    const apart = pairs.map(([one, other]) => Math.abs(one! - other!));
    return Math.max(0, ...apart.map((each) => each / size));
  });
  return Math.max(...distances);
}
