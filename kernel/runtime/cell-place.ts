/**
 * Where a cell would lie if it were a file.
 */
import { join } from "node:path";

/** The file, as Node's loaders see it. */
export function cellFile(notebookFolder: string): string {
  return join(notebookFolder, "cell.js");
}
