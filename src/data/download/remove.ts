/**
 * Removes a data set from the cache.
 */
import { readdir, rm } from "node:fs/promises";
import path from "node:path";
import type { DatasetEntry } from "../catalog/dataset-entry";
import { DatasetError } from "../dataset-error";
import { withLock } from "./dataset-lock";
import { completeLimits } from "./download-limits";
import { createFolder } from "./folder";
import { MANIFEST_NAME } from "./manifest";
import { isOwnFolder } from "./own-folder";
import { PARTIAL_FOLDER } from "./remains";
import { storageFailure } from "./storage-failure";

/**
 * Removes a data set's folder and partial downloads. Returns whether there was anything to remove.
 *
 * If another process is downloading the data set, the function waits for it. Throws a
 * {@link DatasetError} if the cache is not writable, or if convnotes did not create the folder,
 * which is left unchanged. Throws the signal's reason if it is aborted.
 */
export async function remove(
  entry: DatasetEntry,
  cache: string,
  { signal, onWait }: { signal?: AbortSignal; onWait?: () => void } = {},
): Promise<boolean> {
  const folder = path.join(cache, entry.folder);
  const partial = path.join(cache, PARTIAL_FOLDER);
  const partialFolder = path.join(partial, entry.folder);
  try {
    const names = await namesIn(folder);
    const isPartial = (await namesIn(partialFolder)) !== undefined;
    if (names === undefined && !isPartial) return false;
    if (names !== undefined) await rejectForeign(entry, folder, names);
    await createFolder(partial);
    await withLock(
      path.join(partial, `${entry.folder}.lock`),
      {
        lockSeconds: completeLimits().lockSeconds,
        signal,
        onWait: onWait ?? (() => undefined),
      },
      async () => {
        await rm(folder, { recursive: true, force: true });
        await rm(partialFolder, { recursive: true, force: true });
      },
    );
    return true;
  } catch (error) {
    signal?.throwIfAborted();
    throw storageFailure(error, cache);
  }
}

/** Throws a {@link DatasetError} if convnotes did not create the folder. */
async function rejectForeign(
  entry: DatasetEntry,
  folder: string,
  names: readonly string[],
): Promise<void> {
  if (await isOwnFolder(entry, folder, names)) return;
  throw new DatasetError({
    code: "ERR_INVALID_STATE",
    expected: `a folder created by convnotes for ${entry.title}`,
    received: `one without ${MANIFEST_NAME}`,
    file: folder,
    advice: "It was left unchanged: remove it yourself if it is not needed",
  });
}

async function namesIn(folder: string): Promise<string[] | undefined> {
  return readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return undefined;
    throw error;
  });
}
