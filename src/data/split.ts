/**
 * One part of a data set, and parts of it by position.
 */
import type { NdArray } from "./nd-array";

/** One part of a data set: `n` pictures and the `n` rows of labels that belong to them, in the same order. */
export interface Split {
  readonly name: "train" | "validation" | "test";
  /** Pictures, values 0 to 255: shape (n, height, width, 3) in colour, (n, height, width) in shades of grey. */
  readonly images: NdArray;
  /** Class numbers, shape (n, 1) in CIFAR's sets and (n,) in MNIST's, as their publishers and Keras have them. */
  readonly labels: NdArray;
}

/**
 * Takes the first pictures of a split away for validation, as `x[:count]` and `x[count:]` do in Python.
 *
 * Both share their memory with `split`. Throws a RangeError if `count` is no whole number from 1 to one less than the split holds.
 */
export function splitAt(
  split: Split,
  count: number,
): { validation: Split; train: Split } {
  const samples = split.images.shape[0]!;
  if (!Number.isInteger(count) || count < 1 || count >= samples) {
    throw new RangeError(
      `Expected \`count\` to be a whole number from 1 to ${samples - 1}, to leave pictures on both sides, received ${count}`,
    );
  }
  const { images, labels } = split;
  return {
    validation: {
      name: "validation",
      images: images.slice(0, count),
      labels: labels.slice(0, count),
    },
    train: {
      name: "train",
      images: images.slice(count),
      labels: labels.slice(count),
    },
  };
}
