/**
 * What `load` can be told.
 */
import type { DatasetEntry } from "./catalogue/dataset-entry";
import { checkInteger } from "./check-integer";
import { DatasetError } from "./dataset-error";

const SOURCES = [
  "files",
  "files or download",
  "files or stand-in",
  "stand-in",
] as const;

/** Where a data set may come from. A stand-in is drawn by convnotes and says so wherever it is shown. */
export type DataSource = (typeof SOURCES)[number];

/** What `load` can be told. */
export interface LoadOptions {
  /** Where the pictures may come from. Default: "files", those that are on this machine. */
  readonly from?: DataSource;
  /** The first so many training pictures; of files, no more is read than they take. Default: all. */
  readonly trainSamples?: number;
  /** The first so many test pictures. Default: all. */
  readonly testSamples?: number;
  /** Which labels to give, where a set has two a picture: CIFAR-100's hundred fine or twenty coarse ones. Default: "fine". */
  readonly labels?: "fine" | "coarse";
  /** A folder with the publisher's files, instead of the places where they are looked for. */
  readonly folder?: string;
  /** Whether a part of the set will do: files with fewer pictures than the publisher's, or than were asked for. Default: false. */
  readonly partial?: boolean;
  /** What a stand-in is drawn from, a whole number from 0 to 4294967295. Default: 1. */
  readonly seed?: number;
  /** Ends a download or a drawing when it is aborted. */
  readonly signal?: AbortSignal;
}

/**
 * The options with their defaults.
 *
 * Throws a {@link DatasetError} if one is out of its range.
 */
export function checkLoadOptions(entry: DatasetEntry, options: LoadOptions) {
  const { from = "files", labels = "fine", partial = false } = options;
  const { trainSamples, testSamples, folder, seed = 1, signal } = options;
  checkChoice("from", from, SOURCES);
  checkChoice("labels", labels, ["fine", "coarse"]);
  if (labels === "coarse" && entry.coarseClassNames === undefined) {
    throw new DatasetError({
      expected: `\`labels\` to be "fine" for ${entry.title}, which has one kind of labels`,
      received: '"coarse"',
    });
  }
  for (const split of ["trainSamples", "testSamples"] as const) {
    checkInteger(split, options[split] ?? 1, 1, entry[split]);
  }
  checkInteger("seed", seed, 0, 2 ** 32 - 1);
  return {
    ...{ from, labels, partial, seed, folder, signal },
    ...{ trainSamples, testSamples },
  };
}

function checkChoice(
  name: string,
  value: string,
  choices: readonly string[],
): void {
  if (choices.includes(value)) return;
  const known = choices.map((choice) => JSON.stringify(choice)).join(", ");
  throw new DatasetError({
    expected: `\`${name}\` to be one of ${known}`,
    received: JSON.stringify(value),
  });
}
