/**
 * Finds the files of a data set on this machine.
 */
import { readdir } from "node:fs/promises";
import path from "node:path";
import { cacheFolder } from "./cache-folder";
import type { DatasetEntry } from "./catalog/dataset-entry";
import { DatasetError } from "./dataset-error";

/** Environment variable with the path of the user's folder of data sets. */
export const FOLDER_VARIABLE = "CONVNOTES_DATA";

// Enough names to recognize a folder without hiding the rest of the message.
const NAMES_SHOWN = 6;

/** A folder in which every file of a data set is present. */
export interface FoundFiles {
  readonly folder: string;
  /** Kind of folder. */
  readonly place: "named" | "cache" | "distribution";
  /**
   * Description of the folder without its path, because it appears in notebooks that users share.
   */
  readonly where: string;
  /** Path of each file, keyed by its name in the catalog. Gzipped IDX files end in `.gz`. */
  readonly paths: ReadonlyMap<string, string>;
}

/**
 * Finds the files of a data set.
 *
 * Searches `folder` if it is given. Otherwise searches the folder named by CONVNOTES_DATA, then the
 * cache, then the folder installed by a Linux distribution's package. Returns undefined if no
 * folder was given and the data set is in none of these.
 *
 * Throws a {@link DatasetError} if `folder` does not contain the data set, if CONVNOTES_DATA does
 * not name a folder, if only some of the files are present, or if a folder cannot be read.
 */
export async function findFiles(
  entry: DatasetEntry,
  folder?: string,
): Promise<FoundFiles | undefined> {
  if (folder !== undefined) {
    const root = path.resolve(folder);
    const where = "the folder given as `folder`";
    const found =
      (await findInside(entry, root, where)) ??
      (await findIn(entry, root, where));
    return found ?? notFoundIn(entry, root, where);
  }
  return (
    (await findInVariable(entry)) ??
    (await findInCache(entry)) ??
    (await findInDistribution(entry))
  );
}

async function findInVariable(
  entry: DatasetEntry,
): Promise<FoundFiles | undefined> {
  const variable = process.env[FOLDER_VARIABLE];
  // Shells often clear a variable by setting it to the empty string.
  if (variable === undefined || variable === "") return undefined;
  const root = path.resolve(variable);
  if ((await list(root)) === undefined) {
    throw new DatasetError({
      code: "ERR_FILE_MISSING",
      expected: `${FOLDER_VARIABLE} to name an existing folder`,
      received: "no such folder",
      file: root,
    });
  }
  const where = `the folder in ${FOLDER_VARIABLE}`;
  const inside = await findInside(entry, root, where);
  // MNIST and Fashion-MNIST use the same file names, so loose IDX files are ambiguous.
  if (inside !== undefined || entry.layout.kind === "idx") return inside;
  return findIn(entry, root, where);
}

async function findInCache(
  entry: DatasetEntry,
): Promise<FoundFiles | undefined> {
  const folder = path.join(cacheFolder(), entry.folder);
  const names = await list(folder);
  if (names === undefined) return undefined;
  return complete(entry, folder, names, "cache", "convnotes' cache folder");
}

async function findInDistribution(
  entry: DatasetEntry,
): Promise<FoundFiles | undefined> {
  const { distribution } = entry;
  if (distribution === undefined) return undefined;
  const names = await list(distribution.folder);
  if (names === undefined) return undefined;
  const where = `the distribution's package ${distribution.package}`;
  return complete(entry, distribution.folder, names, "distribution", where);
}

/** Finds the data set in its standard subfolder of `root`. */
async function findInside(
  entry: DatasetEntry,
  root: string,
  where: string,
): Promise<FoundFiles | undefined> {
  const inside = path.join(root, entry.folder);
  const names = await list(inside);
  return names && complete(entry, inside, names, "named", where);
}

/** Finds the data set directly in `root`. */
async function findIn(
  entry: DatasetEntry,
  root: string,
  where: string,
): Promise<FoundFiles | undefined> {
  const names = (await list(root)) ?? [];
  const isOwn = entry.files.some(({ name }) => fileOf(entry, names, name));
  return isOwn ? complete(entry, root, names, "named", where) : undefined;
}

async function notFoundIn(
  { title, folder }: DatasetEntry,
  root: string,
  where: string,
): Promise<never> {
  const names = await list(root);
  throw new DatasetError({
    code: "ERR_FILE_MISSING",
    expected: `${where} to contain ${title} in ${folder}/, or to be that folder`,
    received: names === undefined ? "no such folder" : contents(names),
    file: root,
  });
}

/** Returns the paths of all files. Throws a {@link DatasetError} if a file is missing. */
function complete(
  entry: DatasetEntry,
  folder: string,
  names: readonly string[],
  place: FoundFiles["place"],
  where: string,
): FoundFiles {
  const paths = new Map<string, string>();
  const missing: string[] = [];
  for (const { name } of entry.files) {
    const file = fileOf(entry, names, name);
    if (file === undefined) missing.push(name);
    else paths.set(name, path.join(folder, file));
  }
  if (missing.length === 0) return { folder, place, where, paths };
  throw new DatasetError({
    code: "ERR_FILE_MISSING",
    expected: `${where} to contain all ${entry.files.length} files of ${entry.title}`,
    received: `a folder without ${missing.join(", ")}`,
    file: folder,
  });
}

/**
 * Returns the name under which a file of the catalog is stored, or undefined if it is missing.
 */
function fileOf(
  { layout }: DatasetEntry,
  names: readonly string[],
  name: string,
): string | undefined {
  const known = layout.kind === "idx" ? [name, `${name}.gz`] : [name];
  return known.find((candidate) => names.includes(candidate));
}

/** Returns the sorted names in a folder, or undefined if there is no such folder. */
async function list(folder: string): Promise<string[] | undefined> {
  try {
    return (await readdir(folder)).sort();
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException;
    if (code === "ENOENT") return undefined;
    throw new DatasetError({
      code: "ERR_FILE_MISSING",
      expected: `${path.basename(folder)} to be a readable folder`,
      received: code === "ENOTDIR" ? "a file" : (code ?? message),
      file: folder,
      cause,
    });
  }
}

function contents(names: readonly string[]): string {
  if (names.length === 0) return "an empty folder";
  const shown = names.slice(0, NAMES_SHOWN).join(", ");
  return `a folder with ${shown}${names.length > NAMES_SHOWN ? ", ..." : ""}`;
}
