/**
 * Defines the metadata of a data set in the catalog.
 */

/** Names of the data sets in the catalog. */
export type DatasetName = "cifar-10" | "cifar-100" | "mnist" | "fashion-mnist";

/** A file as its publisher distributes it. */
export interface RemoteFile {
  readonly name: string;
  readonly bytes: number;
  /** SHA-256 in hexadecimal. */
  readonly sha256: string;
  /** Complete URLs, in the order in which they are tried. */
  readonly mirrors: readonly string[];
}

/** Number of bytes from a file's start, and their SHA-256 in hexadecimal. */
export interface FilePrefix {
  readonly bytes: number;
  readonly sha256: string;
}

/**
 * Numbers of bytes from a file's start that have digests of their own, so that a few images can be
 * verified without reading the whole file.
 */
export const PREFIX_BYTES: readonly number[] = [16, 18, 20, 22, 24, 26].map(
  (exponent) => 2 ** exponent,
);

/** A file unpacked from a {@link RemoteFile}, as the format readers expect it. */
export interface DataFile {
  readonly name: string;
  readonly bytes: number;
  /** SHA-256 in hexadecimal, if it is known without trusting a copy. */
  readonly sha256?: string;
  /** Digests of the file's first bytes, shortest prefix first, if they are known. */
  readonly prefixes?: readonly FilePrefix[];
}

/** CIFAR's binary files: records of label bytes and an image in planes. See `binary-records.ts`. */
export interface RecordLayout {
  readonly kind: "records";
  /** Number of classes of each label byte of a record. */
  readonly labelClasses: readonly number[];
  readonly train: readonly string[];
  readonly test: readonly string[];
}

/** MNIST's IDX files, separate for images and labels. See `idx.ts`. */
export interface IdxLayout {
  readonly kind: "idx";
  readonly train: { readonly images: string; readonly labels: string };
  readonly test: { readonly images: string; readonly labels: string };
}

/** Catalog entry of one data set. */
export interface DatasetEntry {
  /** Short name used in calls, folders and results rows. */
  readonly name: DatasetName;
  /** Name as its publisher writes it. */
  readonly title: string;
  /** What the images show, for the user. */
  readonly description: string;
  readonly homepage: string;
  /** License given by the publisher; starts with "none stated" if there is none. */
  readonly license: string;
  /** Reference to cite. */
  readonly citation: string;
  /** Height, width, channels. */
  readonly imageShape: readonly [number, number, number];
  readonly trainSamples: number;
  readonly testSamples: number;
  /** Name of each class, indexed by label. */
  readonly classNames: readonly string[];
  /** Names of the coarse classes, if the data set has coarse labels. */
  readonly coarseClassNames?: readonly string[];
  /** Name of the folder with its files, both in the cache and in the user's folder. */
  readonly folder: string;
  readonly downloads: readonly RemoteFile[];
  readonly files: readonly DataFile[];
  readonly layout: RecordLayout | IdxLayout;
  /** Folder in which a Linux distribution's package installs the exact files, gzipped. */
  readonly distribution?: { readonly package: string; readonly folder: string };
}
