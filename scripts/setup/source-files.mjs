// Lists the TypeScript files of a part of the project, to detect changes.

import fs from "node:fs";
import path from "node:path";

/** Folders of generated files. */
const generatedFolders = ["node_modules", "dist", "declarations"];

/**
 * @param {string} folder
 * @returns {string[]} The TypeScript files in it and its subfolders, in a fixed order.
 */
export function sourceFiles(folder) {
  if (!fs.existsSync(folder)) return [];
  return fs
    .readdirSync(folder, { withFileTypes: true })
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => {
      const file = path.join(folder, entry.name);
      if (entry.isDirectory())
        return generatedFolders.includes(entry.name) ? [] : sourceFiles(file);
      return entry.name.endsWith(".ts") ? [file] : [];
    });
}
