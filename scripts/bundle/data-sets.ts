/**
 * Data sets of a bundle: finds them on the machine that makes it, and puts them into the cache of
 * the machine that is set up from it.
 */
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
} from "node:fs";
import path from "node:path";
import { cacheFolder } from "../../src/data/cache-folder";
import { entryOf } from "../../src/data/catalog/catalog";
import { DatasetError } from "../../src/data/dataset-error";
import { MANIFEST_NAME } from "../../src/data/download/manifest";
import { findFiles } from "../../src/data/find-files";
import { newDraft } from "../../src/notebook/draft";

/** A data set that is on this machine. */
export interface FoundDataSet {
  readonly name: string;
  readonly title: string;
  /** Name of its folder, in the bundle and in the cache. */
  readonly folder: string;
  /** Absolute paths. */
  readonly files: readonly string[];
  readonly bytes: number;
  /** Where it was found, without a path. */
  readonly where: string;
}

/**
 * Finds a data set where `load` does. The record of its download is one of the files, so that the
 * images stay original.
 *
 * @throws DatasetError `ERR_UNKNOWN_NAME` for an unknown name, `ERR_FILE_MISSING` if it is not on
 *   this machine.
 */
export async function findDataSet(name: string): Promise<FoundDataSet> {
  const entry = entryOf(name);
  const { found, problems } = await findFiles(entry);
  const [problem] = problems;
  if (found === undefined && problem !== undefined) throw problem;
  if (found === undefined) {
    throw new DatasetError({
      code: "ERR_FILE_MISSING",
      expected: `${entry.title} on this machine (npx convnotes data get ${name})`,
      received: "no files of it",
    });
  }
  const record = path.join(found.folder, MANIFEST_NAME);
  // As when they are loaded, a record counts in the cache only.
  const hasRecord = found.place === "cache" && existsSync(record);
  const files = [...found.paths.values(), ...(hasRecord ? [record] : [])];
  return {
    name,
    title: entry.title,
    folder: entry.folder,
    files,
    bytes: files.reduce((sum, file) => sum + statSync(file).size, 0),
    where: found.where,
  };
}

/** Copies a data set into a folder of its name below `folder`. */
export function copyDataSet(set: FoundDataSet, folder: string): void {
  const target = path.join(folder, set.folder);
  mkdirSync(target, { recursive: true });
  for (const file of set.files) {
    copyFileSync(file, path.join(target, path.basename(file)));
  }
}

/**
 * Puts a bundle's data set into the cache, unless it is on this machine already. The cache gets a
 * complete folder or none.
 *
 * @param folder The folder with the bundle's data sets.
 * @returns Whether it was copied.
 * @throws DatasetError If the machine has only some of the files.
 */
export async function installDataSet(
  name: string,
  folder: string,
): Promise<boolean> {
  const entry = entryOf(name);
  const { found, problems } = await findFiles(entry);
  if (found !== undefined) return false;
  const [problem] = problems;
  if (problem !== undefined) throw problem;
  const source = path.join(folder, entry.folder);
  const target = path.join(cacheFolder(), entry.folder);
  const draft = newDraft(target);
  mkdirSync(draft, { recursive: true });
  try {
    for (const file of readdirSync(source)) {
      copyFileSync(path.join(source, file), path.join(draft, file));
    }
    renameSync(draft, target);
  } finally {
    rmSync(draft, { recursive: true, force: true });
  }
  return true;
}
