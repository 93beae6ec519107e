/**
 * Writes files atomically, as another process may read them at the same time.
 */
import { newDraft } from "@convnotes/notebook/draft";
import { mkdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";

/** Writes a file atomically and creates its folder. Leaves no draft if that fails. */
export function writeAtomically(path: string, text: string): void {
  const draft = newDraft(path);
  mkdirSync(dirname(path), { recursive: true });
  try {
    writeFileSync(draft, text);
    renameSync(draft, path);
  } catch (error) {
    rmSync(draft, { force: true });
    throw error;
  }
}
