/**
 * Implements `convnotes data get`, which downloads data sets into the cache.
 */
import path from "node:path";
import { Authenticity, isWrong } from "../authenticity";
import { cacheFolder } from "../cache-folder";
import type { DatasetEntry } from "../catalog/dataset-entry";
import { DatasetError } from "../dataset-error";
import { download } from "../download/download";
import { MANIFEST_NAME } from "../download/manifest";
import { removeRemains } from "../download/remains";
import { terminalProgress } from "../download/terminal-progress";
import { findFiles, type FoundFiles } from "../find-files";
import { sizeOf } from "../stored-file";
import type { DataAction } from "./data-action";

/**
 * Downloads the data sets that are not on this machine, or that are damaged in the cache or in a
 * package's folder. The exit code is 1 if a download failed.
 */
export const get: DataAction = async (entries, signal) => {
  let isComplete = true;
  for (const entry of entries) {
    try {
      await fetchOne(entry, signal);
    } catch (error) {
      if (signal.aborted || !(error instanceof DatasetError)) throw error;
      console.error(error.message);
      isComplete = false;
    }
  }
  return isComplete ? 0 : 1;
};

async function fetchOne(
  entry: DatasetEntry,
  signal: AbortSignal,
): Promise<void> {
  const { found, problems } = await findFiles(entry);
  const problem = found ? await damageOf(entry, found) : problems[0];
  if (found !== undefined && problem === undefined) {
    if (found.place === "cache") await removeRemains(entry, cacheFolder());
    console.log(`${entry.title} is already on this machine: ${found.folder}`);
    return;
  }
  const view = terminalProgress();
  const folder = await download(entry, cacheFolder(), {
    problem,
    signal,
    view,
  });
  console.log(`Downloaded ${entry.title} to ${folder}`);
}

/**
 * Returns why files must be replaced, or undefined if they are right or nothing is known about
 * them. Files in a folder of the user's are not verified.
 */
async function damageOf(
  entry: DatasetEntry,
  found: FoundFiles,
): Promise<DatasetError | undefined> {
  if (found.place === "named") return undefined;
  const authenticity = await Authenticity.of(entry, found);
  const verdicts = await authenticity.verify();
  const wrong = verdicts.find(isWrong);
  if (wrong === undefined) {
    const isKnown = verdicts.every(({ expected }) => expected !== undefined);
    return isKnown ? undefined : damageOfManifest(found);
  }
  const { file, path, expected, description } = wrong;
  return new DatasetError({
    code: "ERR_FILE_DAMAGED",
    expected: `${file.name} to have SHA-256 ${expected!.sha256}`,
    received: description,
    file: path,
  });
}

/** Returns the error for a manifest in a folder whose files cannot be verified with it. */
async function damageOfManifest({
  folder,
}: FoundFiles): Promise<DatasetError | undefined> {
  const file = path.join(folder, MANIFEST_NAME);
  if ((await sizeOf(file)) === undefined) return undefined;
  return new DatasetError({
    code: "ERR_FILE_DAMAGED",
    expected: `${MANIFEST_NAME} to have the digests of the publisher's archive and files`,
    received: "others",
    file,
  });
}
