/**
 * `load("fashion-mnist")` gives a data set, from wherever its files are.
 */
import { provenanceOf } from "./authenticity";
import { readRecords, type RecordFile } from "./binary-records";
import { cacheFolder } from "./cache-folder";
import { entryOf } from "./catalogue/catalogue";
import type { DatasetEntry, DatasetName } from "./catalogue/dataset-entry";
import type { Dataset } from "./dataset";
import { DatasetError } from "./dataset-error";
import { download } from "./download/download";
import { findFiles, FOLDER_VARIABLE, type FoundFiles } from "./find-files";
import { readIdxSplit } from "./idx";
import { checkLoadOptions, type LoadOptions } from "./load-options";
import { NdArray } from "./nd-array";
import { count } from "./quantity";
import type { Split } from "./split";
import { drawBoth } from "./synthetic/draw-both";

type Arrays = Omit<Split, "name">;
type Settings = ReturnType<typeof checkLoadOptions>;

/**
 * Loads a data set: pictures and labels for training and for test, as bytes.
 *
 * Looks for files in this order: `folder`, or else the folder that the environment variable CONVNOTES_DATA names, convnotes' cache, and
 * the folder of the distribution's package; where there are none, `from` says what to do. `provenance` and `origin` of the result tell
 * where the pictures come from: `original` only if the SHA-256 of every file is right.
 *
 * Shapes: images (n, 32, 32, 3) and labels (n, 1) of CIFAR's sets, images (n, 28, 28) and labels (n,) of MNIST's.
 *
 * Throws a {@link DatasetError} if there is no set of that name, if an option is out of its range, if no files are found and `from` is
 * "files", if a download fails, and if files are incomplete or damaged; the reason of `signal` if that is aborted.
 */
export async function load(
  name: DatasetName,
  options: LoadOptions = {},
): Promise<Dataset> {
  const entry = entryOf(name);
  const settings = checkLoadOptions(entry, options);
  const { from, folder, signal } = settings;
  if (from === "stand-in") return standIn(entry, settings);
  let found = await findFiles(entry, folder);
  if (found === undefined && from === "files or stand-in") {
    return standIn(entry, settings);
  }
  if (found === undefined && from === "files or download") {
    await download(entry, cacheFolder(), signal);
    found = await findFiles(entry);
  }
  if (found === undefined) throw notFound(entry);
  return read(entry, found, settings);
}

async function read(
  entry: DatasetEntry,
  found: FoundFiles,
  settings: Settings,
): Promise<Dataset> {
  const provenance = await provenanceOf(entry, found);
  const train = await readSplit(entry, found, "train", settings);
  const test = await readSplit(entry, found, "test", settings);
  const parts = [
    partOf(train, settings.trainSamples ?? entry.trainSamples, "training"),
    partOf(test, settings.testSamples ?? entry.testSamples, "test"),
  ].filter((part) => part !== undefined);
  const whole = parts.length === 0 ? "" : `, ${parts.join(" and ")} only`;
  const origin =
    provenance === "original"
      ? `${entry.title}, the publisher's files from ${found.where}, checked by their SHA-256.`
      : `${entry.title} in the publisher's layout from ${found.where}${whole}, not checked against the publisher's digests.`;
  return dataset(entry, settings, { provenance, origin, train, test });
}

async function standIn(
  entry: DatasetEntry,
  settings: Settings,
): Promise<Dataset> {
  const { seed } = settings;
  return dataset(entry, settings, {
    provenance: "synthetic",
    origin: `Stand-in pictures drawn by convnotes from seed ${seed}, NOT ${entry.title}: accuracies on them say nothing about the real set.`,
    ...(await drawBoth(entry, settings)),
  });
}

async function readSplit(
  entry: DatasetEntry,
  found: FoundFiles,
  split: "train" | "test",
  settings: Settings,
): Promise<Arrays> {
  const { layout, imageShape, classNames } = entry;
  const { partial } = settings;
  const samples = settings[`${split}Samples`];
  const records = entry[`${split}Samples`];
  if (layout.kind === "idx") {
    const { images, labels } = layout[split];
    return readIdxSplit(
      { images: found.paths.get(images)!, labels: found.paths.get(labels)! },
      {
        shape: imageShape,
        classes: classNames.length,
        records,
        samples,
        partial,
      },
    );
  }
  const files = layout[split].map((name): RecordFile => {
    const perFile = records / layout[split].length;
    return { path: found.paths.get(name)!, records: perFile };
  });
  return readRecords(files, layout.labelClasses, samples, { partial });
}

/** Brings what was read or drawn into the shapes and the labels that were asked for. */
function dataset(
  entry: DatasetEntry,
  { labels }: Settings,
  made: Pick<Dataset, "provenance" | "origin"> &
    Record<"train" | "test", Arrays>,
): Dataset {
  const { name, title, classNames, coarseClassNames } = entry;
  const isCoarse = labels === "coarse" && coarseClassNames !== undefined;
  const arrange = (split: "train" | "test"): Split => ({
    name: split,
    images: withoutSingleChannel(made[split].images),
    labels: labelsOf(entry, made[split].labels, isCoarse),
  });
  return {
    name,
    title,
    classNames: isCoarse ? coarseClassNames : classNames,
    provenance: made.provenance,
    origin: made.origin,
    train: arrange("train"),
    test: arrange("test"),
  };
}

/** Pictures in shades of grey are (n, height, width) at their publishers' and in Keras. */
function withoutSingleChannel({ data, shape }: NdArray): NdArray {
  return new NdArray(data, shape.at(-1) === 1 ? shape.slice(0, -1) : shape);
}

/** One label a picture, of those that the files have: CIFAR-100's have the coarse one first, then the fine one. */
function labelsOf(
  { layout }: DatasetEntry,
  { data, shape }: NdArray,
  isCoarse: boolean,
): NdArray {
  const [rows, perPicture] = shape as [number, number];
  if (layout.kind === "idx") return new NdArray(data, [rows]);
  if (perPicture === 1) return new NdArray(data, [rows, 1]);
  const place = isCoarse ? 0 : 1;
  const chosen = Uint8Array.from(
    { length: rows },
    (_, row) => data[row * perPicture + place]!,
  );
  return new NdArray(chosen, [rows, 1]);
}

/** How much of a split there is, if it is less than was asked for. */
function partOf(
  { images }: Arrays,
  asked: number,
  what: string,
): string | undefined {
  const [rows] = images.shape as [number];
  if (rows >= asked) return undefined;
  return `${count(rows)} of the ${count(asked)} ${what} pictures`;
}

function notFound({
  name,
  title,
  folder,
  distribution,
}: DatasetEntry): DatasetError {
  const installed =
    distribution === undefined
      ? ""
      : `, the package ${distribution.package} of Debian can be installed`;
  return new DatasetError({
    expected: `${title} in ${folder}/ in the folder that ${FOLDER_VARIABLE} names, or in the cache`,
    received: `no such folder there, and from: "files"`,
    advice: `\`npx convnotes data get ${name}\` fetches it${installed}; from: "files or download" fetches it now, and from: "stand-in" draws other pictures in its place`,
  });
}
