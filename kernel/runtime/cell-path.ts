/**
 * Defines the virtual path of cells.
 */
import { join } from "node:path";

/** Returns the path that Node's loaders use for the cells of a folder's notebooks. */
export function cellPath(notebookFolder: string): string {
  return join(notebookFolder, "cell.js");
}
