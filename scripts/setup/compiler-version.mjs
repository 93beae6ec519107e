// Reads the version of the TypeScript compiler that builds the project.

import fs from "node:fs";
import path from "node:path";
import { packagesFolder } from "./project.mjs";

/** @returns {string} The version in node_modules, or "nothing". */
export function compilerVersion() {
  const manifest = path.join(packagesFolder, "typescript", "package.json");
  if (!fs.existsSync(manifest)) return "nothing";
  return JSON.parse(fs.readFileSync(manifest, "utf8")).version;
}
