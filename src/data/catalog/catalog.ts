/**
 * Lists all data sets by name.
 */
import { warnOfFormerName, withFormerNames } from "../../notebook/former-names";
import { DatasetError } from "../dataset-error";
import { cifar10 } from "./cifar-10";
import { cifar100 } from "./cifar-100";
import type { DatasetEntry, DatasetName } from "./dataset-entry";
import { fashionMnist } from "./fashion-mnist";
import { mnist } from "./mnist";

/** The data sets that can be loaded. */
export const catalog: Readonly<Record<DatasetName, DatasetEntry>> = {
  "cifar-10": cifar10,
  "cifar-100": cifar100,
  mnist,
  "fashion-mnist": fashionMnist,
};

/** An entry, with its properties also under their former names. */
export type FormerDatasetEntry = DatasetEntry & {
  /** @deprecated Use `description`. */
  readonly about: string;
  /** @deprecated Use `license`. */
  readonly licence: string;
};

/** @deprecated Use {@link catalog}. */
export const catalogue = Object.defineProperties(
  {},
  Object.fromEntries(
    Object.values(catalog).map((entry) => [
      entry.name,
      { enumerable: true, get: () => formerEntry(entry) },
    ]),
  ),
) as Readonly<Record<DatasetName, FormerDatasetEntry>>;

function formerEntry(entry: DatasetEntry): FormerDatasetEntry {
  warnOfFormerName("catalogue", "catalog");
  return withFormerNames(
    "DatasetEntry",
    { ...entry },
    {
      about: "description",
      licence: "license",
    },
  );
}

/**
 * Returns the catalog entry of a data set. Throws a {@link DatasetError} if the name is unknown.
 */
export function entryOf(name: string): DatasetEntry {
  // JavaScript converts a list of one name to that name.
  if (typeof name === "string" && Object.hasOwn(catalog, name)) {
    return catalog[name as DatasetName];
  }
  throw new DatasetError({
    code: "ERR_UNKNOWN_NAME",
    expected: `one of the data sets ${Object.keys(catalog).join(", ")}`,
    received: String(name),
  });
}

/** The data set of each known digest of a file, or of a file's beginning. */
const owners: ReadonlyMap<string, DatasetEntry> = new Map(
  Object.values(catalog).flatMap((entry) =>
    entry.files.flatMap(({ sha256, prefixes = [] }) =>
      [sha256, ...prefixes.map((prefix) => prefix.sha256)]
        .filter((digest) => digest !== undefined)
        .map((digest) => [digest, entry] as const),
    ),
  ),
);

/**
 * Returns the data set that has a file with this SHA-256, or one that begins with a known number of
 * bytes with it. Returns undefined if no digest in the catalog is equal.
 */
export function ownerOf(sha256: string): DatasetEntry | undefined {
  return owners.get(sha256);
}
