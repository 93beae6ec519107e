// Reads the requirements of single Python packages from a file with versions and hashes.

import fs from "node:fs";
import { coded } from "../../src/engine/setup/coded-error.mjs";

/**
 * @param {string} file
 * @param {string} name
 * @returns {string} The requirement of a package, with its hashes.
 * @throws {Error} `ERR_FILE_FORMAT` if the file has no requirement of this package.
 */
export function requirementOf(file, name) {
  const lines = fs.readFileSync(file, "utf8").split("\n");
  const start = lines.findIndex((line) => line.startsWith(`${name}==`));
  if (start < 0)
    throw coded(
      "ERR_FILE_FORMAT",
      new Error(`Expected ${name} in ${file}, found none`),
    );
  const end = lines.findIndex(
    (line, index) => index >= start && !line.endsWith("\\"),
  );
  return `${lines.slice(start, end + 1).join("\n")}\n`;
}
