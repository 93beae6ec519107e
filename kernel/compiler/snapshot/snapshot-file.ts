/**
 * Where the snapshot of the compiler lies, and whether it may be used.
 */
import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import type { CompilerSettings } from "../settings";

/** What goes into a snapshot. */
export interface SnapshotContents {
  readonly settings: CompilerSettings;
  /** Packages whose declarations are read beforehand. */
  readonly modules: readonly string[];
}

/** The folder of the compiled kernel. */
const BUILT_FOLDER = join(__dirname, "..", "..");

/** A snapshot fits one version of Node on one kind of processor. */
export function snapshotPath(): string {
  return join(
    BUILT_FOLDER,
    "snapshot",
    `compiler-${process.version}-${process.platform}-${process.arch}.blob`,
  );
}

/** The snapshot, or undefined if there is none, or only one of a compiler that has been built anew since. */
export function usableSnapshot(): string | undefined {
  const path = snapshotPath();
  const made = statSync(path, { throwIfNoEntry: false })?.mtimeMs;
  if (made === undefined) return undefined;
  const folder = join(BUILT_FOLDER, "compiler");
  const isNewer = (name: string) =>
    name.endsWith(".js") && statSync(join(folder, name)).mtimeMs > made;
  const names = readdirSync(folder, { recursive: true, encoding: "utf8" });
  return names.some(isNewer) ? undefined : path;
}
