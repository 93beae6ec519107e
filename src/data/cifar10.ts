/**
 * Data room: CIFAR-10, 60,000 colour pictures of ten kinds of things.
 *
 * A. Krizhevsky, "Learning Multiple Layers of Features from Tiny Images", technical report, University of Toronto, 2009.
 * https://www.cs.toronto.edu/~kriz/cifar.html
 */
import path from "node:path";
import { readRecords } from "./binary-records";
import type { RecordFile } from "./binary-records";
import type { Dataset } from "./dataset";
import { DatasetError } from "./dataset-error";
import { findFolder } from "./find-folder";
import { drawPictures } from "./synthetic/pictures";

const NAME = "cifar-10";
const TITLE = "CIFAR-10";
const FOLDER = "cifar-10-batches-bin";
const TRAIN_SAMPLES = 50_000;
const TEST_SAMPLES = 10_000;
const RECORDS_PER_FILE = 10_000;
const trainFiles = [1, 2, 3, 4, 5].map((batch) => `data_batch_${batch}.bin`);
const testFiles = ["test_batch.bin"];

/** The names of CIFAR-10's classes, in the order of their labels. */
export const cifar10ClassNames: readonly string[] = [
  "airplane",
  "automobile",
  "bird",
  "cat",
  "deer",
  "dog",
  "frog",
  "horse",
  "ship",
  "truck",
];

/**
 * How much of the set a lesson takes in quick mode, and for how many epochs it trains.
 *
 * Few pictures seen often, rather than many seen once: with these numbers lesson 1's network learns the stand-in
 * pictures to an accuracy of 0.6 to 0.7 on the test pictures and more than 0.8 on the training pictures, so that both
 * the learning and the overfitting can be seen, in about half a minute.
 */
export const quickCifar10 = {
  trainSamples: 1_500,
  testSamples: 1_000,
  epochs: 20,
} as const;

/** What {@link loadCifar10} can be told. */
export interface Cifar10Options {
  /** The first so many training pictures; of files, no more is read than they take. Default: 50000, all. */
  readonly trainSamples?: number;
  /** The first so many test pictures. Default: 10000, all. */
  readonly testSamples?: number;
  /** What the stand-in is drawn from, a whole number from 0 to 4294967295. Default: 1. */
  readonly seed?: number;
  /** A folder with the publisher's files. Default: the folder in the environment variable CONVNOTES_DATA. */
  readonly folder?: string;
  /** `true`: the stand-in, without looking for files. `false`: files, or an error. Default: the stand-in if need be. */
  readonly synthetic?: boolean;
}

/**
 * Loads CIFAR-10: images of shape (n, 32, 32, 3) and labels of shape (n, 1), both uint8, for training and test.
 *
 * Looks in this order: the folder that `folder` or else the environment variable CONVNOTES_DATA names (it holds
 * `cifar-10-batches-bin/` or is that folder), the cache, and last draws the stand-in. `provenance` and `origin` of the
 * result tell which it was. A folder that is named but does not hold the set is an error, never a reason to go on
 * looking: who names a folder wants those pictures, not others.
 *
 * Throws a {@link DatasetError} if the files found are incomplete or damaged, or if an option is out of its range.
 */
export async function loadCifar10(
  options: Cifar10Options = {},
): Promise<Dataset> {
  const {
    trainSamples = TRAIN_SAMPLES,
    testSamples = TEST_SAMPLES,
    seed = 1,
    folder,
    synthetic,
  } = options;
  checkInteger("trainSamples", trainSamples, 1, TRAIN_SAMPLES);
  checkInteger("testSamples", testSamples, 1, TEST_SAMPLES);
  checkInteger("seed", seed, 0, 2 ** 32 - 1);

  const found =
    synthetic === true
      ? undefined
      : await findFolder({
          title: TITLE,
          subfolder: FOLDER,
          files: [...trainFiles, ...testFiles],
          folder,
          required: synthetic === false,
        });
  if (found === undefined) {
    return dataset(
      "synthetic",
      `Stand-in pictures drawn by convnotes from seed ${seed}, NOT ${TITLE}: accuracies on them say nothing about the real set.`,
      drawPictures(trainSamples, seed, 0),
      drawPictures(testSamples, seed, 1),
    );
  }
  const read = (
    names: readonly string[],
    samples: number,
  ): ReturnType<typeof readRecords> =>
    readRecords(
      recordFiles(found.path, names),
      [cifar10ClassNames.length],
      samples,
    );
  return dataset(
    // The publisher gives the digest of the archive only, none of the files in it: nothing that was found unpacked can
    // be shown to be the original.
    "unverified",
    `${TITLE} in the publisher's layout from ${found.where}, not checked against the publisher's digests.`,
    await read(trainFiles, trainSamples),
    await read(testFiles, testSamples),
  );
}

type Part = Omit<Dataset["train"], "name">;

function dataset(
  provenance: Dataset["provenance"],
  origin: string,
  train: Part,
  test: Part,
): Dataset {
  return {
    name: NAME,
    title: TITLE,
    classNames: cifar10ClassNames,
    provenance,
    origin,
    train: { name: "train", ...train },
    test: { name: "test", ...test },
  };
}

function recordFiles(folder: string, names: readonly string[]): RecordFile[] {
  return names.map((name) => ({
    path: path.join(folder, name),
    records: RECORDS_PER_FILE,
  }));
}

function checkInteger(
  name: string,
  value: number,
  least: number,
  most: number,
): void {
  if (Number.isInteger(value) && value >= least && value <= most) return;
  throw new DatasetError({
    expected: `\`${name}\` to be a whole number from ${least} to ${most}`,
    received: String(value),
  });
}
