/**
 * The compiler's room: where a notebook's cells stand.
 */
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";

/**
 * The folder of the project that a notebook belongs to: the nearest one upwards that holds a
 * package.json, or the notebook's own folder if there is none.
 */
export function projectFolder(notebookFolder: string): string {
  for (let folder = notebookFolder; ; folder = dirname(folder)) {
    if (existsSync(join(folder, "package.json"))) return folder;
    if (dirname(folder) === folder) return notebookFolder;
  }
}

/** The tsconfig.json that rules over a notebook: the nearest one upwards within its project; undefined if there is none. */
export function configurationFile(notebookFolder: string): string | undefined {
  const last = projectFolder(notebookFolder);
  for (let folder = notebookFolder; ; folder = dirname(folder)) {
    const path = join(folder, "tsconfig.json");
    if (existsSync(path)) return path;
    if (folder === last) return undefined;
  }
}
