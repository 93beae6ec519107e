/**
 * Writing of files under a temporary name that is then changed, so that no reader ever sees half of
 * one.
 */
import { mkdir, readdir, rename, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { coded } from "./notebook/coded-error";

/**
 * Writes a file atomically and returns its path. Replaces an existing file. Throws the system's
 * error if the folder does not exist or is not writable.
 */
export async function writeAtomically(
  file: string,
  content: string | Uint8Array,
): Promise<string> {
  const temporaryFile = temporaryName(file);
  try {
    await writeFile(temporaryFile, content);
    await rename(temporaryFile, file);
  } catch (error) {
    await rm(temporaryFile, { force: true });
    throw error;
  }
  return file;
}

/**
 * Writes a folder of files atomically. Replaces an existing folder that has no other files than
 * these.
 *
 * `files` are the contents by name. Throws an Error (`ERR_INVALID_VALUE`) if the folder has files
 * of other names, which would be lost, and the system's error if it cannot be written.
 */
export async function writeFolderAtomically(
  folder: string,
  files: Readonly<Record<string, string | Uint8Array>>,
): Promise<void> {
  const present = await readdir(folder).catch(ignoreMissing);
  const other = present?.find((name) => !Object.hasOwn(files, name));
  if (other !== undefined) {
    throw coded(
      "ERR_INVALID_VALUE",
      new Error(
        `Expected a new or empty folder, or one with only ${Object.keys(files).join(" and ")}, received ${folder}, which also has ${other}`,
      ),
    );
  }
  const temporaryFolder = temporaryName(path.resolve(folder));
  const replaced = `${temporaryFolder}.old`;
  try {
    await mkdir(temporaryFolder, { recursive: true });
    for (const [name, content] of Object.entries(files)) {
      await writeFile(path.join(temporaryFolder, name), content);
    }
    if (present !== undefined) await rename(folder, replaced);
    await rename(temporaryFolder, folder);
  } finally {
    await rm(temporaryFolder, { recursive: true, force: true });
    await rm(replaced, { recursive: true, force: true });
  }
}

let written = 0;

/** Returns a name for the time of writing. Two calls at the same time have different names. */
function temporaryName(file: string): string {
  written += 1;
  return `${file}.${process.pid}.${written}.part`;
}

function ignoreMissing(error: NodeJS.ErrnoException): undefined {
  if (error.code !== "ENOENT") throw error;
}
