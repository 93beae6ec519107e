/**
 * Data room: where a data set's files are looked for, and in which order.
 */
import { readdir } from "node:fs/promises";
import path from "node:path";
import envPaths from "env-paths";
import { DatasetError } from "./dataset-error";

/** The environment variable that names the user's folder of data sets. */
const VARIABLE = "CONVNOTES_DATA";

// Enough of a folder's contents to see what it is, not so many that the message is lost in them.
const NAMES_SHOWN = 6;

/** What to look for. */
export interface FolderQuery {
  /** The data set's name, for messages. */
  readonly title: string;
  /** Name of the folder that the publisher's archive unpacks to. */
  readonly subfolder: string;
  /** Names of the files that have to be in it, all of them. */
  readonly files: readonly string[];
  /** A folder to look in before all others: it holds the subfolder or is the subfolder. */
  readonly folder: string | undefined;
  /** Throw if the set is nowhere. */
  readonly required: boolean;
}

/** A folder in which every file of a data set is present. */
export interface FoundFolder {
  readonly path: string;
  /** What it is, for people, without a path: notebooks that are shown to others hold this. */
  readonly where: string;
}

/**
 * The folder that data sets are kept in between runs, such as `~/.cache/convnotes` on Linux: the platform's own place
 * for such things, or on Linux the one that XDG_CACHE_HOME names.
 */
export function cacheFolder(): string {
  return envPaths("convnotes", { suffix: "" }).cache;
}

/**
 * Finds a data set's files: in the folder given, or else the one in CONVNOTES_DATA, or else the cache.
 *
 * Returns undefined if no folder was named and the cache does not hold the set. Throws a {@link DatasetError} if a folder
 * was named and the set is not in it, if some of the files are there but not all, if a folder cannot be read, and if
 * `required` is set and there is nothing to return.
 */
export async function findFolder(
  query: FolderQuery,
): Promise<FoundFolder | undefined> {
  const { title, subfolder, folder, required } = query;
  const variable = process.env[VARIABLE];
  if (folder !== undefined) {
    return findNamed(query, folder, "the folder given as `folder`");
  }
  // An empty variable is how a shell writes an unset one.
  if (variable !== undefined && variable !== "") {
    return findNamed(query, variable, `the folder in ${VARIABLE}`);
  }
  const cached = path.join(cacheFolder(), subfolder);
  const names = await list(cached);
  if (names !== undefined) {
    return complete(query, cached, names, "convnotes' cache folder");
  }
  if (!required) return undefined;
  throw new DatasetError({
    expected: `${title} in the cache or in a folder that ${VARIABLE} names`,
    received: `no folder ${subfolder} in the cache, and ${VARIABLE} is not set`,
    file: cached,
  });
}

/** The set in a folder that somebody named: there, or an error. */
async function findNamed(
  query: FolderQuery,
  folder: string,
  where: string,
): Promise<FoundFolder> {
  const { title, subfolder, files } = query;
  const root = path.resolve(folder);
  const inside = path.join(root, subfolder);
  const insideNames = await list(inside);
  if (insideNames !== undefined) {
    return complete(query, inside, insideNames, where);
  }
  const names = await list(root);
  if (names !== undefined && files.some((file) => names.includes(file))) {
    return complete(query, root, names, where);
  }
  throw new DatasetError({
    expected: `${where} to hold ${title} in ${subfolder}/, or to be that folder`,
    received: names === undefined ? "no such folder" : contents(names),
    file: root,
    advice:
      "To work with stand-in pictures instead, name no folder or pass `synthetic: true`",
  });
}

/** Makes sure that no file of the set is missing. */
function complete(
  query: FolderQuery,
  folder: string,
  names: readonly string[],
  where: string,
): FoundFolder {
  const missing = query.files.filter((file) => !names.includes(file));
  if (missing.length === 0) return { path: folder, where };
  throw new DatasetError({
    expected: `${where} to hold all ${query.files.length} files of ${query.title}`,
    received: `a folder without ${missing.join(", ")}`,
    file: folder,
  });
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
