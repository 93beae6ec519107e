/**
 * A folder for the files of one test.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import type { TestContext } from "node:test";

/** Creates an empty folder that is removed after the test. */
export function temporaryFolder(context: TestContext): string {
  const folder = mkdtempSync(path.join(tmpdir(), "convnotes-formats-"));
  context.after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}
