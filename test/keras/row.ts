/**
 * What a row of docs/tfjs-and-keras.md is checked by.
 */
import { tf } from "../../src/engine/tensorflow";

/** The check of one row: the same computation three times, the third one in `keras_oracle.py`. */
export interface Row {
  /** What Keras is given. */
  readonly given: object;
  /** TensorFlow.js's numbers, or its error. */
  readonly tfjs: () => number[] | Promise<number[]>;
  /** Ours. */
  readonly ours: () => number[] | Promise<number[]>;
  /** How far ours may be from Keras's. */
  readonly bound: number;
  /** How far TensorFlow.js's are from them at least, or what its error says. */
  readonly differs: number | RegExp;
  /** How distances are measured; {@link distance} by default. */
  readonly measure?: typeof distance;
}

/** Rounding of float32 over a handful of operations. */
export const rounding = 2e-6;

/** Numbers from −1 to 1, the same each time. */
export function numbers(count: number, seed: number): number[] {
  return Array.from({ length: count }, (_, index) =>
    Math.fround(Math.sin(seed + 7.3 * index + 0.37 * index * index)),
  );
}

/** A tensor of such numbers, multiplied by `factor`. */
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

/** A tensor as Python takes it. */
export function forPython(x: tf.Tensor) {
  return { shape: x.shape, values: [...x.dataSync()] };
}

/** All numbers of some tensors, one after the other. */
export function flat(...tensors: (tf.Tensor | tf.Tensor[] | unknown)[]) {
  return (tensors.flat() as tf.Tensor[]).flatMap((each) => [
    ...each.dataSync(),
  ]);
}

/** Variance, kurtosis, smallest and largest number. */
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

/** A layer's output after its weights were set. */
export function outputOf(
  layer: tf.layers.Layer,
  weights: readonly tf.Tensor[],
  x: tf.Tensor,
): tf.Tensor {
  // Builds the layer, if it is not built.
  layer.apply(x);
  layer.setWeights([...weights]);
  return layer.apply(x) as tf.Tensor;
}

/** The largest difference, relative to the largest number of the reference; infinite where one is no number. */
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

/** The largest relative difference; of a reference below 0.001 the difference itself. */
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
