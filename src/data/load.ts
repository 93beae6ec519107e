/**
 * Loads a data set from files, from a download or as synthetic images.
 */
import { Authenticity } from "./authenticity";
import { readRecords, type RecordFile } from "./binary-records";
import { cacheFolder } from "./cache-folder";
import { entryOf } from "./catalog/catalog";
import type { DatasetEntry, DatasetName } from "./catalog/dataset-entry";
import type { Dataset } from "./dataset";
import { DatasetError } from "./dataset-error";
import { download } from "./download/download";
import { removeRemains } from "./download/remains";
import type { FileDigests } from "./file-digests";
import { findFiles, FOLDER_VARIABLE, type FoundFiles } from "./find-files";
import { readIdxSplit } from "./idx";
import { checkLoadOptions, type LoadOptions } from "./load-options";
import { NdArray } from "./nd-array";
import { count } from "../notebook/quantity";
import { withRepairAdvice } from "./repair-advice";
import type { Split } from "./split";
import { withFormerNames } from "../notebook/former-names";
import { drawSplits } from "./synthetic/draw-splits";

type Arrays = Omit<Split, "name">;
type Settings = ReturnType<typeof checkLoadOptions>;

/**
 * Loads the training and test images and labels of a data set, as bytes.
 *
 * Searches `folder` if it is given. Otherwise searches the folder named by the environment variable
 * CONVNOTES_DATA, then convnotes' cache, then the folder of a Linux distribution's package. If no
 * files are found, `from` decides what happens.
 *
 * The result's `provenance` and `description` state where the images come from. `provenance` is
 * `original` only if the SHA-256 of all files matches, as far as they were read.
 *
 * CIFAR's images have shape (n, 32, 32, 3) and labels (n, 1). MNIST's and Fashion-MNIST's images
 * have shape (n, 28, 28) and labels (n,).
 *
 * Throws a {@link DatasetError} if the name is unknown, if an option is out of range, if no files
 * are found and `from` is "files", if a download fails, if files are incomplete or damaged, or if
 * they change while they are read.
 * Throws the reason of `signal` if it is aborted.
 */
export async function load(
  name: DatasetName,
  options: LoadOptions = {},
): Promise<Dataset> {
  const entry = entryOf(name);
  const settings = checkLoadOptions(entry, options);
  const { from, folder, signal } = settings;
  if (from === "synthetic") return synthetic(entry, settings);
  const { found, problems } = await findFiles(entry, folder);
  let problem = problems[0];
  if (found !== undefined) {
    try {
      const dataset = await read(entry, found, settings);
      if (found.place === "cache" && dataset.provenance === "original") {
        await removeRemains(entry, cacheFolder());
      }
      return dataset;
    } catch (error) {
      // The user's own files are the user's to repair.
      if (!(error instanceof DatasetError) || found.place === "named") {
        throw error;
      }
      problem = withRepairAdvice(error, entry);
    }
  }
  if (from === "files") throw problem ?? notFound(entry);
  if (from === "files or synthetic") {
    if (problem !== undefined) {
      console.warn(`${problem.message}. Synthetic images are used instead.`);
    }
    return synthetic(entry, settings);
  }
  await download(entry, cacheFolder(), { problem, signal });
  const { found: complete, problems: remaining } = await findFiles(entry);
  if (complete === undefined) throw remaining[0] ?? notFound(entry);
  return read(entry, complete, settings);
}

async function read(
  entry: DatasetEntry,
  found: FoundFiles,
  settings: Settings,
): Promise<Dataset> {
  const authenticity = await Authenticity.of(entry, found);
  const { digests } = authenticity;
  let train: Arrays;
  let test: Arrays;
  try {
    train = await readSplit(entry, found, "train", settings, digests);
    test = await readSplit(entry, found, "test", settings, digests);
  } catch (error) {
    // A change during reading and files of another data set explain most errors of the reader.
    await digests.checkUnchanged();
    await authenticity.explain();
    throw error;
  }
  const provenance = await authenticity.provenance();
  const incomplete = [
    describePart(
      train,
      settings.trainSamples ?? entry.trainSamples,
      "training",
    ),
    describePart(test, settings.testSamples ?? entry.testSamples, "test"),
  ].filter((part) => part !== undefined);
  const extent =
    incomplete.length === 0 ? "" : `, only ${incomplete.join(" and ")}`;
  const description =
    provenance === "original"
      ? `${entry.title}, the publisher's files from ${found.where}, verified by SHA-256.`
      : `${entry.title} in the publisher's layout from ${found.where}${extent}, not verified against the publisher's digests.`;
  return toDataset(entry, settings, { provenance, description, train, test });
}

async function synthetic(
  entry: DatasetEntry,
  settings: Settings,
): Promise<Dataset> {
  const { seed } = settings;
  return toDataset(entry, settings, {
    provenance: "synthetic",
    description: `Synthetic images drawn by convnotes from seed ${seed}, NOT ${entry.title}: accuracies on them say nothing about the real data set.`,
    ...(await drawSplits(entry, settings)),
  });
}

async function readSplit(
  entry: DatasetEntry,
  found: FoundFiles,
  split: "train" | "test",
  settings: Settings,
  digests: FileDigests,
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
        shape: imageShape.slice(0, 2),
        classes: classNames.length,
        records,
        samples,
        partial,
      },
      digests,
    );
  }
  const files = layout[split].map((name): RecordFile => {
    const perFile = records / layout[split].length;
    return { path: found.paths.get(name)!, records: perFile };
  });
  return readRecords(files, layout.labelClasses, samples, { partial, digests });
}

/** Builds the data set with the requested labels, in the shapes that publishers and Keras use. */
function toDataset(
  entry: DatasetEntry,
  { labels }: Settings,
  arrays: Pick<Dataset, "provenance" | "description"> &
    Record<"train" | "test", Arrays>,
): Dataset {
  const { name, title, classNames, coarseClassNames } = entry;
  const isCoarse = labels === "coarse" && coarseClassNames !== undefined;
  const splitOf = (split: "train" | "test"): Split => ({
    name: split,
    images: withoutSingleChannel(arrays[split].images),
    labels: labelsOf(entry, arrays[split].labels, isCoarse),
  });
  return withFormerNames(
    "Dataset",
    {
      name,
      title,
      classNames: isCoarse ? coarseClassNames : classNames,
      provenance: arrays.provenance,
      description: arrays.description,
      train: splitOf("train"),
      test: splitOf("test"),
    },
    { origin: "description" },
  );
}

/** Removes the channel axis of grayscale images: publishers and Keras use (n, height, width). */
function withoutSingleChannel(images: NdArray): NdArray {
  const { data, shape } = images;
  return shape.at(-1) === 1 ? new NdArray(data, shape.slice(0, -1)) : images;
}

/**
 * Selects one label per image. CIFAR-100's files contain the coarse label first, then the fine one.
 */
function labelsOf(
  { layout }: DatasetEntry,
  labels: NdArray,
  isCoarse: boolean,
): NdArray {
  const { data, shape } = labels;
  const [rows, perImage] = shape as [number, number];
  if (layout.kind === "idx") return new NdArray(data, [rows]);
  if (perImage === 1) return labels;
  const place = isCoarse ? 0 : 1;
  const chosen = Uint8Array.from(
    { length: rows },
    (_, row) => data[row * perImage + place]!,
  );
  return new NdArray(chosen, [rows, 1]);
}

/** Describes the size of a split that is smaller than requested; undefined if it is complete. */
function describePart(
  { images }: Arrays,
  requested: number,
  what: string,
): string | undefined {
  const [rows] = images.shape as [number];
  if (rows >= requested) return undefined;
  return `${count(rows)} of the ${count(requested)} ${what} images`;
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
      : `, Debian's package ${distribution.package} contains it`;
  return new DatasetError({
    code: "ERR_FILE_MISSING",
    expected: `${title} in ${folder}/, in the folder named by ${FOLDER_VARIABLE} or in the cache`,
    received: `no such folder, with from: "files"`,
    advice: `\`npx convnotes data get ${name}\` downloads it${installed}; from: "files or download" downloads it now, and from: "synthetic" uses synthetic images instead`,
  });
}
