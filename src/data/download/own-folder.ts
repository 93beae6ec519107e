/**
 * Decides whether convnotes may replace or remove a data set's folder in the cache.
 */
import path from "node:path";
import type { DatasetEntry } from "../catalog/dataset-entry";
import { MANIFEST_NAME } from "./manifest";
import { digestOf } from "./partial-file";

/**
 * Returns whether nothing of the user's would be lost with a folder: it is empty, has a manifest of
 * convnotes, or contains only files that a download restores with the same bytes.
 *
 * @param names The names of the files in the folder.
 */
export async function isOwnFolder(
  { files }: DatasetEntry,
  folder: string,
  names: readonly string[],
): Promise<boolean> {
  if (names.length === 0 || names.includes(MANIFEST_NAME)) return true;
  for (const name of names) {
    const known = files.find((file) => file.name === name)?.sha256;
    if (known === undefined) return false;
    const file = path.join(folder, name);
    const digest = await digestOf(file).catch(() => undefined);
    if (digest !== known) return false;
  }
  return true;
}
