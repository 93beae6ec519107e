/**
 * Implements `convnotes data verify`, which compares files with the publishers' digests.
 */
import { Authenticity, type Verdict } from "../authenticity";
import { findFiles } from "../find-files";
import type { DataAction } from "./data-action";

/**
 * Verifies every file of the data sets on this machine. The exit code is 1 if a file does not
 * match.
 */
export const verifyFiles: DataAction = async (entries, signal) => {
  let isValid = true;
  for (const entry of entries) {
    signal.throwIfAborted();
    const found = await findFiles(entry);
    if (found === undefined) {
      console.log(`${entry.title}: not on this machine`);
      continue;
    }
    console.log(`${entry.title}: ${found.folder} (${found.where})`);
    const authenticity = await Authenticity.of(entry, found);
    for (const verdict of await authenticity.verify()) {
      const { expected, received } = verdict;
      isValid &&= expected === undefined || expected === received;
      console.log(`  ${verdict.file.name}: ${describe(verdict)}`);
    }
  }
  return isValid ? 0 : 1;
};

function describe({ expected, received }: Verdict): string {
  if (expected === undefined) {
    return "no published SHA-256 for this file, only for its archive";
  }
  if (received === expected) return "matches the published SHA-256";
  return `Expected SHA-256 ${expected}, received ${received ?? "an unreadable file, or one larger than the publisher's"}`;
}
