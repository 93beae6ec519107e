/**
 * Defines what a subcommand of `convnotes data` is.
 */
import type { DatasetEntry } from "../catalog/dataset-entry";

/** Runs a command on the named data sets and returns the exit code. */
export type DataAction = (
  entries: readonly DatasetEntry[],
  signal: AbortSignal,
) => Promise<number>;
