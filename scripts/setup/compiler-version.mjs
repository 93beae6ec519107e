// Which TypeScript compiles the project.

import fs from "node:fs";
import path from "node:path";
import { packagesFolder } from "./project.mjs";

/** @returns {string} Of the compiler in node_modules. */
export function compilerVersion() {
  const manifest = path.join(packagesFolder, "typescript", "package.json");
  if (!fs.existsSync(manifest)) return "nothing";
  return JSON.parse(fs.readFileSync(manifest, "utf8")).version;
}
