/**
 * Summarizes the verification of a data set's files for tests.
 */
import { readdir } from "node:fs/promises";
import path from "node:path";
import { Authenticity, isWrong } from "../../../src/data/authenticity";
import type { DatasetEntry } from "../../../src/data/catalog/dataset-entry";

/** Result for a file; `unknown` means that there is no expected digest. */
type FileState = "right" | "wrong" | "missing" | "unknown";

/** Verifies every file of a data set in a cache. */
export async function verdictsOf(entry: DatasetEntry, folder: string) {
  const names = new Set(await readdir(folder));
  const paths = new Map(
    entry.files.map(({ name }) => [name, path.join(folder, name)]),
  );
  const found = { folder, place: "cache", where: "a test's cache", paths };
  const authenticity = await Authenticity.of(entry, {
    ...found,
    place: "cache",
  });
  const verdicts = await authenticity.verify();
  return verdicts.map((verdict) => {
    const { file, expected, received } = verdict;
    let state: FileState = isWrong(verdict) ? "wrong" : "right";
    if (expected === undefined) state = "unknown";
    if (!names.has(file.name)) state = "missing";
    return { name: file.name, state, expected: expected?.sha256, received };
  });
}
