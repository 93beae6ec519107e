// Finds the C++ compiler that builds the engine's addon: the machine's, else Zig's from a Python
// wheel.

import fs from "node:fs";
import path from "node:path";
import { find } from "./command.mjs";
import { explain } from "./diagnosis.mjs";
import { pip, runPip } from "./environment.mjs";
import { environmentPython, inProject, sitePackages } from "./project.mjs";
import { SetupError, commandToRepeat } from "./setup-error.mjs";

/** Pinned with hashes, like requirements.txt. */
const requirements = inProject("requirements-compiler.txt");
/** Compilers to look for on the machine, in this order. */
export const candidates = ["c++", "g++", "clang++"];

/**
 * Finds a compiler; if the machine has none, installs one into the environment.
 *
 * @param {AbortSignal} interruption
 * @param {(detail: string) => void} report
 * @returns {Promise<string[]>} The start of a command line, to which a C++ compiler's parameters
 *   are appended.
 * @throws {SetupError} If CXX names no program, or the wheel cannot be installed.
 */
export async function findCompiler(interruption, report) {
  if (process.env.CXX) {
    // CXX may contain parameters and a wrapper: "ccache g++".
    const [name, ...parameters] = process.env.CXX.trim().split(/\s+/);
    const program = find(name);
    if (program === undefined)
      throw new SetupError(
        "ERR_FILE_MISSING",
        `Expected CXX to name a C++ compiler, received ${process.env.CXX}, which is not on the search path.`,
        `unset CXX, then ${commandToRepeat()}`,
      );
    return [program, ...parameters];
  }
  const program = candidates.map(find).find((found) => found !== undefined);
  if (program !== undefined) return [program];

  if (!fs.existsSync(path.join(sitePackages() ?? "", "ziglang"))) {
    report("no C++ compiler found, downloading Zig's (90 MB)");
    const { code, output } = await runPip(
      ["install", "--progress-bar=off", "--require-hashes", "-r", requirements],
      { interruption },
    );
    if (code !== 0)
      throw explain(
        "There is no C++ compiler, and Zig's could not be installed",
        output,
        {
          ...pip,
          causes: [
            {
              pattern: /No matching distribution/,
              reason: "it has no wheel for this machine",
              remedy: `sudo apt-get install g++, then ${commandToRepeat()}`,
            },
          ],
        },
      );
  }
  return [environmentPython, "-I", "-m", "ziglang", "c++"];
}

/**
 * @param {string} zigCache Folder for the files of ziglang, if that is the compiler.
 * @returns {NodeJS.ProcessEnv} The environment variables of the compiler.
 */
export function compilerVariables(zigCache) {
  return {
    ...process.env,
    ZIG_GLOBAL_CACHE_DIR: zigCache,
    ZIG_LOCAL_CACHE_DIR: zigCache,
  };
}
