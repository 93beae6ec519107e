/**
 * `convnotes data verify`: files held against the publishers' digests.
 */
import { type Verdict, verify } from "../authenticity";
import { findFiles } from "../find-files";
import type { DataCommand } from "./data-command";

/** Reads every file of the data sets on this machine; the exit code is 1 if one is not as it should be. */
export const verifyFiles: DataCommand = async (entries, signal) => {
  let isAllRight = true;
  for (const entry of entries) {
    signal.throwIfAborted();
    const found = await findFiles(entry);
    if (found === undefined) {
      console.log(`${entry.title}: not on this machine`);
      continue;
    }
    console.log(`${entry.title}: ${found.folder} (${found.where})`);
    for (const verdict of await verify(entry, found)) {
      const { expected, received } = verdict;
      isAllRight &&= expected === undefined || expected === received;
      console.log(`  ${verdict.file.name}: ${word(verdict)}`);
    }
  }
  return isAllRight ? 0 : 1;
};

function word({ expected, received }: Verdict): string {
  if (expected === undefined) {
    return "there is no published SHA-256 of this file, only of the archive it comes in";
  }
  if (received === expected) return "as published";
  return `Expected SHA-256 ${expected}, received ${received ?? "a file that cannot be read, or more than the publisher's"}`;
}
