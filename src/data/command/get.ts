/**
 * Implements `convnotes data get`, which downloads data sets into the cache.
 */
import { cacheFolder } from "../cache-folder";
import type { DatasetEntry } from "../catalog/dataset-entry";
import { DatasetError } from "../dataset-error";
import { download } from "../download/download";
import { terminalProgress } from "../download/terminal-progress";
import { findFiles } from "../find-files";
import type { DataAction } from "./data-action";

/**
 * Downloads the data sets that are not on this machine. The exit code is 1 if a download failed.
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
  const found = await findFiles(entry);
  if (found !== undefined) {
    console.log(`${entry.title} is already on this machine: ${found.folder}`);
    return;
  }
  const view = terminalProgress();
  const folder = await download(entry, cacheFolder(), signal, view);
  console.log(`Downloaded ${entry.title} to ${folder}`);
}
