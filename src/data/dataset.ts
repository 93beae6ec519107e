/**
 * Defines the type of a loaded data set.
 */
import type { DatasetName } from "./catalog/dataset-entry";
import type { Provenance } from "./provenance";
import type { Split } from "./split";

/** A data set in memory, with the metadata that captions and results need. */
export interface Dataset {
  /** Short name used in files and results rows, such as `cifar-10`. */
  readonly name: DatasetName;
  /** Name as its publisher writes it, such as `CIFAR-10`. */
  readonly title: string;
  /** Name of each class, indexed by label. */
  readonly classNames: readonly string[];
  readonly provenance: Provenance;
  /** Where the images come from, as a sentence for the user. */
  readonly description: string;
  /** @deprecated Use `description`. */
  readonly origin: string;
  readonly train: Split;
  readonly test: Split;
}
