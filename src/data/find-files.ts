/**
 * Finds the files of a data set on this machine.
 */
import { readdir } from "node:fs/promises";
import path from "node:path";
import { cacheFolder } from "./cache-folder";
import type { DatasetEntry } from "./catalog/dataset-entry";
import { DatasetError } from "./dataset-error";
import { MANIFEST_NAME } from "./download/manifest";
import { quantity } from "../notebook/quantity";
import { repairAdvice, withRepairAdvice } from "./repair-advice";
import { chooseFile, sizeOf, storedNames } from "./stored-file";

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

/** Result of a search for a data set. */
interface Search {
  /** The files; undefined if there are none. */
  readonly found: FoundFiles | undefined;
  /**
   * Why the cache or the folder of a package was passed over, if it has the data set's folder but
   * not all of its files.
   */
  readonly problems: readonly DatasetError[];
}

/**
 * Finds the files of a data set.
 *
 * Searches `folder` if it is given. Otherwise searches the folder named by CONVNOTES_DATA, then the
 * cache, then the folder installed by a Linux distribution's package.
 *
 * Throws a {@link DatasetError} if `folder` does not contain the data set, if CONVNOTES_DATA does
 * not name a folder, or if such a folder contains only some of the files or cannot be read.
 */
export async function findFiles(
  entry: DatasetEntry,
  folder?: string,
): Promise<Search> {
  if (folder !== undefined) {
    const root = path.resolve(folder);
    const where = "the folder given as `folder`";
    const found =
      (await findInside(entry, root, where)) ??
      (await findIn(entry, root, where)) ??
      (await notFoundIn(entry, root, where));
    return { found, problems: [] };
  }
  const named = await findInVariable(entry);
  if (named !== undefined) return { found: named, problems: [] };
  const problems: DatasetError[] = [];
  for (const find of [findInCache, findInDistribution]) {
    try {
      const found = await find(entry);
      if (found !== undefined) return { found, problems };
    } catch (error) {
      if (!(error instanceof DatasetError)) throw error;
      problems.push(withRepairAdvice(error, entry));
    }
  }
  return { found: undefined, problems };
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

/** Throws a {@link DatasetError} if the folder in the cache is incomplete. */
async function findInCache(
  entry: DatasetEntry,
): Promise<FoundFiles | undefined> {
  const folder = path.join(cacheFolder(), entry.folder);
  const foreign = `Convnotes did not create it: move it elsewhere, then \`npx convnotes data get ${entry.name}\` downloads the data set`;
  const names = await list(folder, foreign);
  if (names === undefined) return undefined;
  const where = "convnotes' cache folder";
  const isOwn = names.length === 0 || names.includes(MANIFEST_NAME);
  // If only the manifest was lost, the files may still be convnotes' own.
  const isKnown = names.every((name) =>
    entry.files.some((file) => file.name === name),
  );
  const advice = isOwn || isKnown ? repairAdvice(entry) : foreign;
  const found = await complete(entry, folder, names, "cache", where, advice);
  if (isOwn) await checkSizes(entry, found, where);
  return found;
}

/** Throws a {@link DatasetError} if a file that convnotes has unpacked has another size now. */
async function checkSizes(
  { files }: DatasetEntry,
  { paths }: FoundFiles,
  where: string,
): Promise<void> {
  for (const { name, bytes } of files) {
    const file = paths.get(name)!;
    const size = await sizeOf(file);
    if (size === bytes) continue;
    throw new DatasetError({
      code: "ERR_FILE_DAMAGED",
      expected: `${name} in ${where} to have ${quantity(bytes, "byte")}`,
      received: size === undefined ? "no file" : quantity(size, "byte"),
      file,
    });
  }
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
  const isOwn = entry.files.some(
    ({ name }) => storedNames(entry, names, name).length > 0,
  );
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
async function complete(
  entry: DatasetEntry,
  folder: string,
  names: readonly string[],
  place: FoundFiles["place"],
  where: string,
  advice?: string,
): Promise<FoundFiles> {
  const paths = new Map<string, string>();
  const missing: string[] = [];
  for (const wanted of entry.files) {
    const known = storedNames(entry, names, wanted.name);
    const file = await chooseFile(folder, known, wanted);
    if (file === undefined) missing.push(wanted.name);
    else paths.set(wanted.name, file);
  }
  if (missing.length === 0) return { folder, place, where, paths };
  throw new DatasetError({
    code: "ERR_FILE_MISSING",
    expected: `${where} to contain all ${entry.files.length} files of ${entry.title}`,
    received: `a folder without ${missing.join(", ")}${otherNames(names, paths)}`,
    file: folder,
    ...(advice !== undefined && { advice }),
  });
}

/** Returns the sorted names in a folder, or undefined if there is no such folder. */
async function list(
  folder: string,
  advice?: string,
): Promise<string[] | undefined> {
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
      ...(advice !== undefined && { advice }),
      cause,
    });
  }
}

function contents(names: readonly string[]): string {
  return names.length === 0 ? "an empty folder" : `a folder with ${few(names)}`;
}

/** Lists the names in a folder that are not those of the found files: one may be misspelled. */
function otherNames(
  names: readonly string[],
  paths: ReadonlyMap<string, string>,
): string {
  const known = new Set([...paths.values()].map((file) => path.basename(file)));
  const others = names.filter(
    (name) => !known.has(name) && name !== MANIFEST_NAME,
  );
  return others.length === 0 ? "" : `; it contains ${few(others)}`;
}

function few(names: readonly string[]): string {
  const more = names.length > NAMES_SHOWN ? ", ..." : "";
  return `${names.slice(0, NAMES_SHOWN).join(", ")}${more}`;
}
