/**
 * Reads modification times, by which the compiler and the runtime detect changed files.
 */
import { statSync } from "node:fs";

/**
 * Returns a file's modification time in milliseconds since 1970, or 0 if the file does not exist.
 */
export function changeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;
}
