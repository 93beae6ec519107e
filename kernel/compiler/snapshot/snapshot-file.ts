/**
 * Locates the start-up snapshot of the compiler and checks whether it is usable.
 */
import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import type { CompilerSettings } from "../settings";

/** The contents of a snapshot. */
export interface SnapshotContents {
  readonly settings: CompilerSettings;
  /** Packages whose declarations are read in advance. */
  readonly modules: readonly string[];
}

/** The folder of the compiled kernel. */
const BUILT_FOLDER = join(__dirname, "..", "..");

/**
 * Returns the path of the snapshot, which is specific to the Node version, platform and
 * architecture.
 */
export function snapshotPath(): string {
  return join(
    BUILT_FOLDER,
    "snapshot",
    `compiler-${process.version}-${process.platform}-${process.arch}.blob`,
  );
}

/**
 * Returns the path of the snapshot; undefined if it does not exist or is older than the compiled
 * kernel.
 */
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
