/**
 * Implements `convnotes data list`, which lists the data sets and their locations.
 */
import type { DatasetEntry } from "../catalog/dataset-entry";
import { DatasetError } from "../dataset-error";
import { formatBytes } from "../download/download-event";
import { findFiles } from "../find-files";
import type { DataAction } from "./data-action";

/** Prints the name, description, size, license, homepage and location of each data set. */
export const list: DataAction = async (entries) => {
  for (const entry of entries) {
    const { name, description, downloads, license, homepage } = entry;
    const bytes = downloads.reduce((sum, file) => sum + file.bytes, 0);
    console.log(`${name}
  ${description}
  download ${formatBytes(bytes)}; license: ${license}
  ${homepage}
  on this machine: ${await locationOf(entry)}
`);
  }
  return 0;
};

/** Returns the folder from which `load` would read the data set. */
async function locationOf(entry: DatasetEntry): Promise<string> {
  try {
    const { found, problems } = await findFiles(entry);
    if (found !== undefined) return `${found.folder} (${found.where})`;
    return problems[0]?.message ?? "no";
  } catch (error) {
    if (!(error instanceof DatasetError)) throw error;
    return error.message;
  }
}
