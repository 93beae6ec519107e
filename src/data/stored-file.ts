/**
 * Finds the file in a folder that contains a file of the catalog, under one of several names.
 */
import { stat } from "node:fs/promises";
import path from "node:path";
import type { DataFile, DatasetEntry } from "./catalog/dataset-entry";

/**
 * Returns the names under which a file of the catalog may be stored, best first.
 *
 * Programs that unpack MNIST's files write `train-images.idx3-ubyte` or capital letters, and some
 * file systems have no capital letters.
 */
export function storedNames(
  { layout }: DatasetEntry,
  names: readonly string[],
  name: string,
): string[] {
  if (layout.kind === "records") return names.filter((each) => each === name);
  const similar = names.filter(
    (each) => withoutEnding(each.toLowerCase().replaceAll(".", "-")) === name,
  );
  const exact = [name, `${name}.gz`].filter((each) => names.includes(each));
  return [...exact, ...similar.filter((each) => !exact.includes(each))];
}

function withoutEnding(name: string): string {
  return name.replace(/-gz$/, "");
}

/**
 * Returns the path of the file to read: the first one, unless its size shows that it was not
 * unpacked completely and there is another.
 */
export async function chooseFile(
  folder: string,
  names: readonly string[],
  { bytes }: DataFile,
): Promise<string | undefined> {
  const files = names.map((name) => path.join(folder, name));
  if (files.length < 2) return files[0];
  for (const file of files) {
    if (/\.gz$/i.test(file) || (await sizeOf(file)) === bytes) return file;
  }
  return files[0];
}

/** Returns the size of a regular file, or undefined if there is none. */
export async function sizeOf(file: string): Promise<number | undefined> {
  const found = await stat(file).catch(() => undefined);
  return found?.isFile() === true ? found.size : undefined;
}
