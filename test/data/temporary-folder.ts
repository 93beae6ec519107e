/**
 * Creates temporary folders for tests.
 */
import { mkdtemp, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import type { TestContext } from "node:test";

/** Creates an empty folder that is removed after the test. */
export async function temporaryFolder(context: TestContext): Promise<string> {
  const folder = await mkdtemp(path.join(os.tmpdir(), "convnotes-data-"));
  context.after(() => rm(folder, { recursive: true, force: true }));
  return folder;
}
