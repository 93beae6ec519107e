/**
 * Taking a data set out of the cache again.
 */
import { readdir, rm } from "node:fs/promises";
import path from "node:path";
import type { DatasetEntry } from "../catalogue/dataset-entry";
import { DatasetError } from "../dataset-error";
import { withLock } from "./dataset-lock";
import { MANIFEST_NAME } from "./manifest";
import { PARTIAL_FOLDER } from "./obtain";
import { completePatience } from "./patience";

/**
 * Removes a data set's folder, and what has come of an interrupted download. The value tells whether there was anything.
 *
 * Another process that brings the set is waited for. Throws a {@link DatasetError} if the folder is one that convnotes did not make,
 * and leaves that as it is.
 */
export async function remove(
  entry: DatasetEntry,
  cache: string,
  { signal, onWait }: { signal?: AbortSignal; onWait?: () => void } = {},
): Promise<boolean> {
  const folder = path.join(cache, entry.folder);
  const partial = path.join(cache, PARTIAL_FOLDER);
  const partialFolder = path.join(partial, entry.folder);
  const names = await namesIn(folder);
  const isBegun = (await namesIn(partialFolder)) !== undefined;
  if (names === undefined && !isBegun) return false;
  if (names !== undefined && !names.includes(MANIFEST_NAME)) {
    throw new DatasetError({
      expected: `a folder that convnotes made for ${entry.title}`,
      received: `one without ${MANIFEST_NAME}`,
      file: folder,
      advice: "It is left as it is",
    });
  }
  const { lockSeconds } = completePatience();
  const lock = path.join(partial, `${entry.folder}.lock`);
  await withLock(
    lock,
    { lockSeconds, signal, onWait: onWait ?? (() => undefined) },
    async () => {
      await rm(folder, { recursive: true, force: true });
      await rm(partialFolder, { recursive: true, force: true });
    },
  );
  return true;
}

async function namesIn(folder: string): Promise<string[] | undefined> {
  return readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return undefined;
    throw error;
  });
}
