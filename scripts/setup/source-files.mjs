// The TypeScript files of a part of the project, by which set-up sees that something in it has changed.

import fs from "node:fs";
import path from "node:path";

/** Folders that hold nothing written by hand. */
const madeFolders = ["node_modules", "dist", "declarations"];

/**
 * @param {string} folder
 * @returns {string[]} The TypeScript files in it and below, in a fixed order.
 */
export function sourceFiles(folder) {
  if (!fs.existsSync(folder)) return [];
  return fs
    .readdirSync(folder, { withFileTypes: true })
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => {
      const file = path.join(folder, entry.name);
      if (entry.isDirectory())
        return madeFolders.includes(entry.name) ? [] : sourceFiles(file);
      return entry.name.endsWith(".ts") ? [file] : [];
    });
}
