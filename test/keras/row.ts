/**
 * Types and helpers for the checks of docs/tfjs-and-keras.md.
 */
import { tf } from "../../src/engine/tensorflow";

/**
 * The check of one row: the same computation in tfjs, in the `keras` module and, in
 * `keras_oracle.py`, in Keras.
 */
export interface Row {
  /** Input for Keras. */
  readonly given: object;
  /** Values of TensorFlow.js; may throw. */
  readonly tfjs: () => number[] | Promise<number[]>;
  /** Values of the `keras` module. */
  readonly ours: () => number[] | Promise<number[]>;
  /** Largest accepted distance of `ours` from Keras. */
  readonly bound: number;
  /** Smallest expected distance of `tfjs` from Keras, or the message of its error. */
  readonly differs: number | RegExp;
  /** The distance function; {@link distance} by default. */
  readonly measure?: typeof distance;
}

/** Float32 rounding error of a handful of operations. */
export const rounding = 2e-6;

/** Deterministic values from −1 to 1. */
export function numbers(count: number, seed: number): number[] {
  return Array.from({ length: count }, (_, index) =>
    Math.fround(Math.sin(seed + 7.3 * index + 0.37 * index * index)),
  );
}

/** A tensor of deterministic values, multiplied by `factor`. */
export function tensor(
  shape: readonly number[],
  seed: number,
  factor = 1,
): tf.Tensor {
  const count = tf.util.sizeFromShape([...shape]);
  return tf.tensor(
    numbers(count, seed).map((number) => number * factor),
    [...shape],
  );
}

/** Converts a tensor to input for Python. */
export function forPython(x: tf.Tensor) {
  return { shape: x.shape, values: [...x.dataSync()] };
}

/** All values of some tensors, concatenated. */
export function flat(...tensors: (tf.Tensor | tf.Tensor[] | unknown)[]) {
  return (tensors.flat() as tf.Tensor[]).flatMap((each) => [
    ...each.dataSync(),
  ]);
}

/** Variance, kurtosis, minimum and maximum. */
export function moments(x: tf.Tensor): number[] {
  const values = [...x.dataSync()];
  const mean = (of: readonly number[]) =>
    of.reduce((sum, value) => sum + value, 0) / of.length;
  const middle = mean(values);
  const power = (exponent: number) =>
    mean(values.map((value) => (value - middle) ** exponent));
  return [
    power(2),
    power(4) / power(2) ** 2,
    Math.min(...values),
    Math.max(...values),
  ];
}

/** Output of a layer with the given weights. */
export function outputOf(
  layer: tf.layers.Layer,
  weights: readonly tf.Tensor[],
  x: tf.Tensor,
): tf.Tensor {
  // Builds the layer if necessary.
  layer.apply(x);
  layer.setWeights([...weights]);
  return layer.apply(x) as tf.Tensor;
}

/**
 * The largest difference, relative to the largest absolute reference value; Infinity if a value is
 * NaN.
 */
export function distance(
  values: readonly number[],
  reference: readonly number[],
): number {
  if (values.length !== reference.length) return Infinity;
  const largest = Math.max(...reference.map(Math.abs), Number.MIN_VALUE);
  const errors = values.map((value, index) =>
    Math.abs(value - reference[index]!),
  );
  if (errors.some(Number.isNaN)) return Infinity;
  const error = Math.max(...errors);
  return error === 0 ? 0 : error / largest;
}

/** The largest relative difference; absolute for reference values below 0.001. */
export function distanceOfEach(
  values: readonly number[],
  reference: readonly number[],
): number {
  if (values.length !== reference.length) return Infinity;
  const errors = values.map((value, index) => {
    const size = Math.abs(reference[index]!);
    return Math.abs(value - reference[index]!) / (size < 0.001 ? 1 : size);
  });
  return errors.some(Number.isNaN) ? Infinity : Math.max(...errors);
}
