/**
 * Defines and validates the options of `load`.
 */
import type { DatasetEntry } from "./catalog/dataset-entry";
import { warnOfFormerName } from "../notebook/former-names";
import { checkInteger } from "./check-integer";
import { DatasetError } from "./dataset-error";

const SOURCES: readonly DataSource[] = [
  "files",
  "files or download",
  "files or synthetic",
  "synthetic",
];

/** Names of version 0.1 that are accepted with a warning. */
const RENAMED = {
  "files or stand-in": "files or synthetic",
  "stand-in": "synthetic",
} as const;

/**
 * Where a data set may come from.
 *
 * "synthetic" stands for images drawn by convnotes, which are labeled so wherever they are shown.
 */
export type DataSource =
  "files" | "files or download" | "files or synthetic" | "synthetic";

/** Options of `load`. */
export interface LoadOptions {
  /**
   * Where the images may come from. Default: "files", the files on this machine. The former names
   * "stand-in" and "files or stand-in" are accepted with a warning.
   */
  readonly from?: DataSource | "stand-in" | "files or stand-in";
  /**
   * Number of training images, taken from the start. Of files, only their part is read, up to the
   * next length with a known checksum. Default: all.
   */
  readonly trainSamples?: number;
  /** Number of test images, as `trainSamples`. Default: all. */
  readonly testSamples?: number;
  /**
   * Which labels to return: for CIFAR-100 either the 100 fine or the 20 coarse classes.
   * Default: "fine".
   */
  readonly labels?: "fine" | "coarse";
  /** Folder with the publisher's files, instead of the default locations. */
  readonly folder?: string;
  /**
   * Accept files with fewer images than the publisher's, or than `trainSamples` and `testSamples`.
   * Default: false.
   */
  readonly partial?: boolean;
  /** Seed of synthetic images, an integer from 0 to 4294967295. Default: 1. */
  readonly seed?: number;
  /** Aborts a download or the drawing of synthetic images. */
  readonly signal?: AbortSignal;
}

/**
 * Returns the options with defaults filled in.
 *
 * Throws a {@link DatasetError} if an option is out of range.
 */
export function checkLoadOptions(entry: DatasetEntry, options: LoadOptions) {
  const { labels = "fine", partial = false } = options;
  const from = currentSource(options.from ?? "files");
  const { trainSamples, testSamples, folder, seed = 1, signal } = options;
  checkChoice("from", from, SOURCES);
  checkChoice("labels", labels, ["fine", "coarse"]);
  if (labels === "coarse" && entry.coarseClassNames === undefined) {
    throw new DatasetError({
      code: "ERR_INVALID_VALUE",
      expected: `\`labels\` to be "fine" for ${entry.title}, which has only one set of labels`,
      received: '"coarse"',
    });
  }
  for (const split of ["trainSamples", "testSamples"] as const) {
    const samples = options[split];
    if (samples !== undefined) checkInteger(split, samples, 1, entry[split]);
  }
  checkInteger("seed", seed, 0, 2 ** 32 - 1);
  if (folder !== undefined && typeof folder !== "string") {
    throw new DatasetError({
      code: "ERR_INVALID_TYPE",
      expected: "`folder` to be a path",
      received: String(folder),
    });
  }
  return {
    from,
    labels,
    partial,
    seed,
    folder,
    signal,
    trainSamples,
    testSamples,
  };
}

/** Returns the present name of a source, with a warning for a former name. */
function currentSource(from: NonNullable<LoadOptions["from"]>): DataSource {
  if (!Object.hasOwn(RENAMED, from)) return from as DataSource;
  const renamed = RENAMED[from as keyof typeof RENAMED];
  warnOfFormerName(`from: "${from}"`, `from: "${renamed}"`);
  return renamed;
}

function checkChoice(
  name: string,
  value: string,
  choices: readonly string[],
): void {
  if (choices.includes(value)) return;
  const known = choices.map((choice) => JSON.stringify(choice)).join(", ");
  throw new DatasetError({
    code: "ERR_INVALID_VALUE",
    expected: `\`${name}\` to be one of ${known}`,
    received: JSON.stringify(value),
  });
}
