/**
 * The house's clock: when a file was changed last, by which the compiler and the runtime know that they have to read it again.
 */
import { statSync } from "node:fs";

/** When a file was changed last, in ms since 1970; 0 if there is none. */
export function changeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;
}
