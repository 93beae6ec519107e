/**
 * `convnotes data get`: data sets brought into the cache.
 */
import { cacheFolder } from "../cache-folder";
import type { DatasetEntry } from "../catalogue/dataset-entry";
import { DatasetError } from "../dataset-error";
import { download } from "../download/download";
import { terminalProgress } from "../download/terminal-progress";
import { findFiles } from "../find-files";
import type { DataCommand } from "./data-command";

/** Fetches what is not on this machine yet; the exit code is 1 if one of them could not be had. */
export const get: DataCommand = async (entries, signal) => {
  let isAllHere = true;
  for (const entry of entries) {
    try {
      await fetchOne(entry, signal);
    } catch (error) {
      if (signal.aborted || !(error instanceof DatasetError)) throw error;
      console.error(error.message);
      isAllHere = false;
    }
  }
  return isAllHere ? 0 : 1;
};

async function fetchOne(
  entry: DatasetEntry,
  signal: AbortSignal,
): Promise<void> {
  const found = await findFiles(entry);
  if (found !== undefined) {
    console.log(`${entry.title} is here already: ${found.folder}`);
    return;
  }
  const view = terminalProgress();
  const folder = await download(entry, cacheFolder(), signal, view);
  console.log(`${entry.title} is in ${folder}`);
}
