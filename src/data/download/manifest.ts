/**
 * Reads and writes the manifest of an unpacked data set.
 */
import { open, readFile, stat } from "node:fs/promises";
import path from "node:path";
import type { DatasetEntry, FilePrefix } from "../catalog/dataset-entry";
import { digestOf } from "./partial-file";
import type { DigestedFile } from "./unpacked-file";

/** File name of the manifest in a data set's folder. */
export const MANIFEST_NAME = "convnotes.json";

/** Records the verified archives that a folder was unpacked from, and the unpacked files. */
interface Manifest {
  /** Short name of the data set. */
  readonly dataset: string;
  readonly archives: readonly DigestedFile[];
  readonly files: readonly DigestedFile[];
}

/** Returns the manifest in a folder, or undefined if it is missing or invalid. */
export async function readManifest(
  folder: string,
): Promise<Manifest | undefined> {
  try {
    const text = await readFile(path.join(folder, MANIFEST_NAME), "utf8");
    const value: unknown = JSON.parse(text);
    return isManifest(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** Writes the manifest into a folder and flushes it to disk. */
export async function writeManifest(
  folder: string,
  manifest: Manifest,
): Promise<void> {
  const handle = await open(path.join(folder, MANIFEST_NAME), "wx");
  try {
    await handle.writeFile(`${JSON.stringify(manifest, undefined, 2)}\n`);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/**
 * Returns whether a folder contains a complete data set unpacked from the catalog's archives.
 *
 * Checks the manifest and the file sizes, not the digests.
 */
export async function isComplete(
  entry: DatasetEntry,
  folder: string,
): Promise<boolean> {
  const manifest = await readManifest(folder);
  if (manifest === undefined || !matches(manifest, entry)) return false;
  const sizes = await Promise.all(
    entry.files.map(({ name }) =>
      stat(path.join(folder, name)).then(
        (found) => (found.isFile() ? found.size : undefined),
        () => undefined,
      ),
    ),
  );
  return entry.files.every(({ bytes }, index) => sizes[index] === bytes);
}

/**
 * Returns whether a folder contains a complete data set, and all its files have the digests that
 * they had when they were unpacked.
 */
export async function isIntact(
  entry: DatasetEntry,
  folder: string,
  signal?: AbortSignal,
): Promise<boolean> {
  if (!(await isComplete(entry, folder))) return false;
  for (const { name, sha256 } of (await readManifest(folder))?.files ?? []) {
    const digest = await digestOf(path.join(folder, name), signal).catch(
      (error: NodeJS.ErrnoException) => {
        if (error.code === undefined || signal?.aborted) throw error;
        return undefined;
      },
    );
    if (digest !== sha256) return false;
  }
  return true;
}

function matches(manifest: Manifest, entry: DatasetEntry): boolean {
  const { archives, files } = manifest;
  return (
    archives.length === entry.downloads.length &&
    entry.downloads.every(({ name, bytes, sha256 }) =>
      archives.some(
        (archive) =>
          archive.name === name &&
          archive.bytes === bytes &&
          archive.sha256 === sha256,
      ),
    ) &&
    entry.files.every(({ name, bytes, sha256 }) =>
      files.some(
        (file) =>
          file.name === name &&
          file.bytes === bytes &&
          (sha256 === undefined || file.sha256 === sha256),
      ),
    )
  );
}

function isManifest(value: unknown): value is Manifest {
  const { dataset, archives, files } = (value ?? {}) as Partial<Manifest>;
  return (
    typeof dataset === "string" && isFileList(archives) && isFileList(files)
  );
}

function isFileList(value: unknown): value is readonly DigestedFile[] {
  return (
    Array.isArray(value) &&
    value.every((item: unknown) => {
      const { name, prefixes = [] } = (item ?? {}) as Partial<DigestedFile>;
      return (
        typeof name === "string" &&
        isPrefix(item) &&
        Array.isArray(prefixes) &&
        prefixes.every(isPrefix)
      );
    })
  );
}

/** Returns whether a value has a number of bytes and their digest. */
function isPrefix(value: unknown): value is FilePrefix {
  const { bytes, sha256 } = (value ?? {}) as Partial<FilePrefix>;
  return typeof bytes === "number" && typeof sha256 === "string";
}
