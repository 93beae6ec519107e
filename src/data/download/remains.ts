/**
 * Removes what a download has left whose process was killed at its very end.
 */
import { existsSync } from "node:fs";
import { rm } from "node:fs/promises";
import path from "node:path";
import type { DatasetEntry } from "../catalog/dataset-entry";
import { withLock } from "./dataset-lock";
import { completeLimits } from "./download-limits";

/** Folder for incomplete files, inside the cache. */
export const PARTIAL_FOLDER = ".partial";

/**
 * Removes the partial files of a data set that is complete in the cache. Does nothing if another
 * process is using them, or if they cannot be removed: the data set can be read anyway.
 */
export async function removeRemains(
  entry: DatasetEntry,
  cache: string,
): Promise<void> {
  const partial = path.join(cache, PARTIAL_FOLDER);
  const remains = path.join(partial, entry.folder);
  if (!existsSync(remains)) return;
  const used = new AbortController();
  try {
    await withLock(
      path.join(partial, `${entry.folder}.lock`),
      {
        lockSeconds: completeLimits().lockSeconds,
        signal: used.signal,
        onWait: () => used.abort(),
      },
      () => rm(remains, { recursive: true, force: true }),
    );
  } catch {
    // Whoever downloads or repairs the data set removes them.
  }
}
