/**
 * What is known of a data set before a byte of it is there.
 */

/** The data sets that the catalogue holds. */
export type DatasetName = "cifar-10" | "cifar-100" | "mnist" | "fashion-mnist";

/** A file as its publisher gives it away. */
export interface RemoteFile {
  readonly name: string;
  readonly bytes: number;
  /** SHA-256 of the whole file, in hexadecimal. */
  readonly sha256: string;
  /** Where it is, as whole addresses, in the order in which they are tried. */
  readonly mirrors: readonly string[];
}

/** A file that the readers read: what a {@link RemoteFile} unpacks to. */
export interface DataFile {
  readonly name: string;
  readonly bytes: number;
  /** SHA-256 in hexadecimal, where it can be told without trusting a copy. */
  readonly sha256?: string;
}

/** CIFAR's binary files: records of label bytes and a picture in planes; `binary-records.ts` reads them. */
export interface RecordLayout {
  readonly kind: "records";
  /** For each label byte of a record, how many classes it tells apart. */
  readonly labelClasses: readonly number[];
  readonly train: readonly string[];
  readonly test: readonly string[];
}

/** MNIST's IDX files: pictures and labels apart; `idx.ts` reads them. */
export interface IdxLayout {
  readonly kind: "idx";
  readonly train: { readonly images: string; readonly labels: string };
  readonly test: { readonly images: string; readonly labels: string };
}

/** One data set of the catalogue. */
export interface DatasetEntry {
  /** Short name for calls, folders and results rows. */
  readonly name: DatasetName;
  /** Name as its publisher writes it. */
  readonly title: string;
  /** One sentence for people. */
  readonly about: string;
  readonly homepage: string;
  /** What its publisher says of its use; "none stated" where that is so. */
  readonly licence: string;
  /** What to name in a paper. */
  readonly citation: string;
  /** Height, width, channels. */
  readonly imageShape: readonly [number, number, number];
  readonly trainSamples: number;
  readonly testSamples: number;
  /** `classNames[label]` is the name of the class with that number. */
  readonly classNames: readonly string[];
  /** Names of the classes of classes, where the set has such labels too. */
  readonly coarseClassNames?: readonly string[];
  /** Name of the folder that holds its files, in the cache and in a folder of the user's. */
  readonly folder: string;
  readonly downloads: readonly RemoteFile[];
  readonly files: readonly DataFile[];
  readonly layout: RecordLayout | IdxLayout;
  /** A folder that a distribution's package fills with exact files, gzipped. */
  readonly distribution?: { readonly package: string; readonly folder: string };
}
