// Which C++ compiler set-up would take, told from its files alone, so that what it compiled is compiled again when it
// changes. No process is started: this is asked at every start.

import fs from "node:fs";
import { find } from "./command.mjs";
import { candidates } from "./compiler.mjs";
import { sitePackages } from "./project.mjs";

/**
 * @param {string} chosen What CXX names; empty where it names nothing.
 * @returns {string} Path, size and date of the compiler's program, and of a wrapper in front of it; the version of
 *   Zig's, where the machine has none.
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
