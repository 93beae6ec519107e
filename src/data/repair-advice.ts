/**
 * Says how to replace a damaged or incomplete data set.
 */
import type { DatasetEntry } from "./catalog/dataset-entry";
import { DatasetError } from "./dataset-error";

/** Returns the sentence with the command that replaces a data set's files. */
export function repairAdvice({ name }: DatasetEntry): string {
  return `\`npx convnotes data get ${name}\` downloads it again`;
}

/** Returns the error with this sentence, unless it has advice of its own. */
export function withRepairAdvice(
  error: DatasetError,
  entry: DatasetEntry,
): DatasetError {
  const { code, expected, received, file, advice } = error;
  if (advice !== undefined) return error;
  return new DatasetError({
    code,
    expected,
    received,
    ...(file !== undefined && { file }),
    advice: repairAdvice(entry),
    cause: error,
  });
}
