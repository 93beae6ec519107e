/**
 * What is to be said of the files of a set in a cache, in a word each.
 */
import { readdir } from "node:fs/promises";
import path from "node:path";
import { verify } from "../../../src/data/authenticity";
import type { DatasetEntry } from "../../../src/data/catalogue/dataset-entry";

/** `unknown`: there is no digest to hold it against. */
export type FileState = "right" | "wrong" | "missing" | "unknown";

/** Holds every file of a set against its digest. */
export async function verdictsOf(entry: DatasetEntry, folder: string) {
  const names = new Set(await readdir(folder));
  const paths = new Map(
    entry.files.map(({ name }) => [name, path.join(folder, name)]),
  );
  const found = { folder, place: "cache", where: "a test's cache", paths };
  const verdicts = await verify(entry, { ...found, place: "cache" });
  return verdicts.map(({ file, expected, received }) => {
    let state: FileState = received === expected ? "right" : "wrong";
    if (expected === undefined) state = "unknown";
    if (!names.has(file.name)) state = "missing";
    return { name: file.name, state, expected, received };
  });
}
