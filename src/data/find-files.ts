/**
 * Where a data set's files are looked for, and in which order.
 */
import { readdir } from "node:fs/promises";
import path from "node:path";
import { cacheFolder } from "./cache-folder";
import type { DatasetEntry } from "./catalogue/dataset-entry";
import { DatasetError } from "./dataset-error";

/** The environment variable that names the user's folder of data sets. */
export const FOLDER_VARIABLE = "CONVNOTES_DATA";

// Enough of a folder's contents to see what it is, not so many that the message is lost in them.
const NAMES_SHOWN = 6;

/** A folder in which every file of a data set is present. */
export interface FoundFiles {
  readonly folder: string;
  /** What kind of folder it is. */
  readonly place: "named" | "cache" | "distribution";
  /** What it is, for people, without a path: notebooks that are shown to others hold this. */
  readonly where: string;
  /** The path of each file of the catalogue, by its name there; an IDX file may be gzipped, and then ends in `.gz`. */
  readonly paths: ReadonlyMap<string, string>;
}

/**
 * Finds a data set's files: in `folder` if it is given, and else in the folder that CONVNOTES_DATA names, in the cache, or in the
 * folder that a package of the distribution fills.
 *
 * Returns undefined if no folder was given and the set is in none of these. Throws a {@link DatasetError} if a folder was given and
 * the set is not in it, if CONVNOTES_DATA names no folder, if some of the files are there but not all, and if a folder cannot be read.
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
    return found ?? missingIn(entry, root, where);
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
  // An empty variable is how a shell writes an unset one.
  if (variable === undefined || variable === "") return undefined;
  const root = path.resolve(variable);
  if ((await list(root)) === undefined) {
    throw new DatasetError({
      expected: `${FOLDER_VARIABLE} to name a folder with data sets in it`,
      received: "the name of none",
      file: root,
    });
  }
  const where = `the folder in ${FOLDER_VARIABLE}`;
  const inside = await findInside(entry, root, where);
  // MNIST and Fashion-MNIST have the same names for their files: which of them lie there cannot be told.
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

/** The set in the folder of its own name inside the folder that somebody named. */
async function findInside(
  entry: DatasetEntry,
  root: string,
  where: string,
): Promise<FoundFiles | undefined> {
  const inside = path.join(root, entry.folder);
  const names = await list(inside);
  return names && complete(entry, inside, names, "named", where);
}

/** The set in the folder itself that somebody named. */
async function findIn(
  entry: DatasetEntry,
  root: string,
  where: string,
): Promise<FoundFiles | undefined> {
  const names = (await list(root)) ?? [];
  const isOwn = entry.files.some(({ name }) => fileOf(entry, names, name));
  return isOwn ? complete(entry, root, names, "named", where) : undefined;
}

async function missingIn(
  { title, folder }: DatasetEntry,
  root: string,
  where: string,
): Promise<never> {
  const names = await list(root);
  throw new DatasetError({
    expected: `${where} to hold ${title} in ${folder}/, or to be that folder`,
    received: names === undefined ? "no such folder" : contents(names),
    file: root,
  });
}

/** Makes sure that no file of the set is missing. */
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
    expected: `${where} to hold all ${entry.files.length} files of ${entry.title}`,
    received: `a folder without ${missing.join(", ")}`,
    file: folder,
  });
}

/** The name under which a file of the catalogue is there. */
function fileOf(
  { layout }: DatasetEntry,
  names: readonly string[],
  name: string,
): string | undefined {
  const known = layout.kind === "idx" ? [name, `${name}.gz`] : [name];
  return known.find((candidate) => names.includes(candidate));
}

/** Names of what is in a folder; undefined if there is no such folder. */
async function list(folder: string): Promise<string[] | undefined> {
  try {
    return (await readdir(folder)).sort();
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException;
    if (code === "ENOENT") return undefined;
    throw new DatasetError({
      expected: `${path.basename(folder)} to be a folder that can be read`,
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
