/**
 * Finds the project folder and the tsconfig.json of a notebook.
 */
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { workspaceRoot } from "./project/workspace";

/**
 * Returns the project folder of a notebook: the nearest ancestor with a package.json, or else with
 * a tsconfig.json, or else the notebook's folder.
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
 * Returns the tsconfig.json of a notebook, or undefined if there is none.
 *
 * This is the nearest one upwards within the project. A package of a workspace without one uses
 * that of the workspace root.
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

/** Returns the nearest tsconfig.json between a folder and one of its ancestors. */
function configurationBetween(first: string, last: string): string | undefined {
  for (let folder = first; ; folder = dirname(folder)) {
    const path = join(folder, "tsconfig.json");
    if (existsSync(path)) return path;
    if (folder === last || dirname(folder) === folder) return undefined;
  }
}
