/**
 * What a loaded data set looks like, whichever one it is and wherever it came from.
 */
import type { DatasetName } from "./catalogue/dataset-entry";
import type { Provenance } from "./provenance";
import type { Split } from "./split";

/** A data set in memory, with the words that belong beside anything made from it. */
export interface Dataset {
  /** Short name for files and results rows, such as `cifar-10`. */
  readonly name: DatasetName;
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
