/**
 * Implements `convnotes data verify`, which compares files with the publishers' digests.
 */
import { Authenticity, isWrong, type Verdict } from "../authenticity";
import { ownerOf } from "../catalog/catalog";
import type { DatasetEntry } from "../catalog/dataset-entry";
import { DatasetError } from "../dataset-error";
import { findFiles } from "../find-files";
import { repairAdvice } from "../repair-advice";
import type { DataAction } from "./data-action";

/**
 * Verifies every file of the data sets on this machine. The exit code is 1 if a file does not
 * match, or if a data set is incomplete.
 */
export const verifyFiles: DataAction = async (entries, signal) => {
  let isValid = true;
  for (const entry of entries) {
    signal.throwIfAborted();
    try {
      if (!(await verifyOne(entry))) isValid = false;
    } catch (error) {
      if (!(error instanceof DatasetError)) throw error;
      console.log(`${entry.title}: ${error.message}`);
      isValid = false;
    }
  }
  return isValid ? 0 : 1;
};

/** Prints the result for each file of a data set. Returns whether all of them are right. */
async function verifyOne(entry: DatasetEntry): Promise<boolean> {
  const { title } = entry;
  const { found, problems } = await findFiles(entry);
  for (const { message } of problems) console.log(`${title}: ${message}`);
  if (found === undefined) {
    if (problems.length === 0) console.log(`${title}: not on this machine`);
    return problems.length === 0;
  }
  console.log(`${title}: ${found.folder} (${found.where})`);
  const authenticity = await Authenticity.of(entry, found);
  const verdicts = await authenticity.verify();
  for (const verdict of verdicts) {
    console.log(`  ${verdict.file.name}: ${describe(verdict)}`);
  }
  if (!verdicts.some(isWrong)) return problems.length === 0;
  if (found.place !== "named") console.log(`  ${repairAdvice(entry)}`);
  return false;
}

function describe(verdict: Verdict): string {
  const { expected, received, description, error } = verdict;
  if (expected === undefined) {
    return "no published SHA-256 for this file, only for its archive";
  }
  if (!isWrong(verdict)) return "matches the published SHA-256";
  if (error !== undefined) return error.message;
  const owner = received === undefined ? undefined : ownerOf(received);
  const other = owner === undefined ? "" : `, a file of ${owner.title}`;
  return `Expected SHA-256 ${expected.sha256}, received ${description}${other}`;
}
