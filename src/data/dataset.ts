/**
 * Data room: what a loaded data set looks like, whichever one it is and wherever it came from.
 */
import type { NdArray } from "./nd-array";
import type { Provenance } from "./provenance";

/** One part of a data set: `n` pictures and the `n` rows of labels that belong to them, in the same order. */
export interface Split {
  readonly name: "train" | "test";
  /** Pictures, shape (n, height, width, channels), values 0 to 255. */
  readonly images: NdArray;
  /** Class numbers, shape (n, number of labels a picture has). */
  readonly labels: NdArray;
}

/** A data set in memory, with the words that belong beside anything made from it. */
export interface Dataset {
  /** Short name for files and results rows, such as `cifar-10`. */
  readonly name: string;
  /** Name as its publisher writes it, such as `CIFAR-10`. */
  readonly title: string;
  /** `classNames[label]` is the name of the class with that number. */
  readonly classNames: readonly string[];
  readonly provenance: Provenance;
  /** One sentence for people: where these pictures come from. */
  readonly origin: string;
  readonly train: Split;
  readonly test: Split;
}
