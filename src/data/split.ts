/**
 * Defines the parts of a data set and separates validation data from training data.
 */
import { coded } from "../notebook/coded-error";
import type { NdArray } from "./nd-array";

/** One part of a data set: `n` images and their `n` labels, in the same order. */
export interface Split {
  readonly name: "train" | "validation" | "test";
  /**
   * Images, values 0 to 255. Shape: (n, height, width, 3) in color, (n, height, width) in
   * grayscale.
   */
  readonly images: NdArray;
  /**
   * Class indices. Shape: (n, 1) for CIFAR's sets, (n,) for MNIST and Fashion-MNIST, as in Keras.
   */
  readonly labels: NdArray;
}

/**
 * Splits off the first `count` images for validation, like `x[:count]` and `x[count:]` in NumPy.
 *
 * Both parts share memory with `split`. Throws a RangeError (ERR_INVALID_VALUE) unless `count` is
 * an integer from 1 to one less than the number of images.
 */
export function splitAt(
  split: Split,
  count: number,
): { validation: Split; train: Split } {
  const samples = split.images.shape[0]!;
  if (!Number.isInteger(count) || count < 1 || count >= samples) {
    throw coded(
      "ERR_INVALID_VALUE",
      new RangeError(
        `Expected \`count\` to be an integer from 1 to ${samples - 1}, so that neither part is empty, received ${count}`,
      ),
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
