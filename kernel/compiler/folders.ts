/**
 * The folder that a notebook's cells belong to, and the configuration that rules over them.
 */
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { workspaceRoot } from "./project/workspace";

/**
 * The folder of the project that a notebook belongs to: the nearest one upwards that holds a package.json, or else a tsconfig.json; the
 * notebook's own folder if there is neither.
 */
export function projectFolder(notebookFolder: string): string {
  return (
    nearest(notebookFolder, "package.json") ??
    nearest(notebookFolder, "tsconfig.json") ??
    notebookFolder
  );
}

function nearest(start: string, name: string): string | undefined {
  for (let folder = start; ; folder = dirname(folder)) {
    if (existsSync(join(folder, name))) return folder;
    if (dirname(folder) === folder) return undefined;
  }
}

/**
 * The tsconfig.json that rules over a notebook: the nearest one upwards within its project, and for one of several packages of a
 * workspace also that of the whole; undefined if there is none.
 */
export function configurationFile(notebookFolder: string): string | undefined {
  const project = projectFolder(notebookFolder);
  const own = configurationBetween(notebookFolder, project);
  if (own !== undefined) return own;
  const root = workspaceRoot(project);
  return root === undefined
    ? undefined
    : configurationBetween(dirname(project), root);
}

/** The nearest tsconfig.json from a folder up to another. */
function configurationBetween(first: string, last: string): string | undefined {
  for (let folder = first; ; folder = dirname(folder)) {
    const path = join(folder, "tsconfig.json");
    if (existsSync(path)) return path;
    if (folder === last || dirname(folder) === folder) return undefined;
  }
}
