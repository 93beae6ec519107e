// Identifies the C++ compiler that setup would use, so that a changed compiler triggers a rebuild.
// Reads only files and starts no process, because it runs on every start.

import fs from "node:fs";
import { find } from "./command.mjs";
import { candidates } from "./compiler.mjs";
import { sitePackages } from "./place.mjs";

/**
 * @param {string} chosen The value of CXX, or empty.
 * @returns {string} Path, size and date of the compiler's executable, and of its wrapper if there
 *   is one; the version of Zig's compiler if the machine has none.
 */
export function compilerIdentity(chosen) {
  if (chosen !== "") {
    const found = chosen.split(/\s+/).map(find);
    return found
      .flatMap((file) => file ?? [])
      .map(describe)
      .join(", ");
  }
  const program = candidates.map(find).find((found) => found !== undefined);
  return program === undefined ? zig() : describe(program);
}

/**
 * @param {string} program
 * @returns {string}
 */
function describe(program) {
  const file = fs.realpathSync(program);
  const { size, mtime } = fs.statSync(file);
  return `${file} (${size} bytes, ${mtime.toISOString().slice(0, 19)})`;
}

/** @returns {string} */
function zig() {
  const site = sitePackages();
  const names = site === undefined ? [] : fs.readdirSync(site);
  const version = names
    .map((name) => /^ziglang-(.+)\.dist-info$/.exec(name)?.[1])
    .find((found) => found !== undefined);
  return version === undefined ? "nothing" : `Zig's ${version}`;
}
