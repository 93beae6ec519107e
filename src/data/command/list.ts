/**
 * `convnotes data list`: what there is, and where it is.
 */
import type { DatasetEntry } from "../catalogue/dataset-entry";
import { DatasetError } from "../dataset-error";
import { formatBytes } from "../download/download-moment";
import { findFiles } from "../find-files";
import type { DataCommand } from "./data-command";

/** Prints each data set: name, what it is, size, where its files are, licence. */
export const list: DataCommand = async (entries) => {
  for (const entry of entries) {
    const { name, about, downloads, licence, homepage } = entry;
    const bytes = downloads.reduce((sum, file) => sum + file.bytes, 0);
    console.log(`${name}
  ${about}
  download ${formatBytes(bytes)}; licence: ${licence}
  ${homepage}
  on this machine: ${await place(entry)}
`);
  }
  return 0;
};

/** Where `load` would take it from. */
async function place(entry: DatasetEntry): Promise<string> {
  try {
    const found = await findFiles(entry);
    return found ? `${found.folder} (${found.where})` : "no";
  } catch (error) {
    if (!(error instanceof DatasetError)) throw error;
    return error.message;
  }
}
