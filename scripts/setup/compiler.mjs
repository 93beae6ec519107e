// Which C++ compiler builds the engine's addon: the machine's, else Zig's out of a Python wheel.

import fs from "node:fs";
import path from "node:path";
import { find } from "./command.mjs";
import { explain } from "./diagnosis.mjs";
import { pip, runPip } from "./environment.mjs";
import { environmentPython, inProject, sitePackages } from "./project.mjs";
import { SetupError, commandToRepeat } from "./setup-error.mjs";

/** Pinned and hashed, like requirements.txt. */
const requirements = inProject("requirements-compiler.txt");
/** Compilers of the machine, in the order in which they are looked for. */
export const candidates = ["c++", "g++", "clang++"];

/**
 * Finds a compiler, installing one into the environment where the machine has none.
 *
 * @param {AbortSignal} interruption
 * @param {(detail: string) => void} report
 * @returns {Promise<string[]>} The start of a command line, to be followed by a C++ compiler's parameters.
 * @throws {SetupError} Where CXX names no program, or the wheel cannot be installed.
 */
export async function findCompiler(interruption, report) {
  if (process.env.CXX) {
    // CXX may carry parameters, and a wrapper in front: "ccache g++".
    const [name, ...parameters] = process.env.CXX.trim().split(/\s+/);
    const program = find(name);
    if (program === undefined)
      throw new SetupError(
        `Expected CXX to name a C++ compiler, received ${process.env.CXX}, which is not on the search path.`,
        `unset CXX, then ${commandToRepeat()}`,
      );
    return [program, ...parameters];
  }
  const program = candidates.map(find).find((found) => found !== undefined);
  if (program !== undefined) return [program];

  if (!fs.existsSync(path.join(sitePackages() ?? "", "ziglang"))) {
    report("no C++ compiler here, fetching Zig's (90 MB)");
    const { code, output } = await runPip(
      ["install", "--progress-bar=off", "--require-hashes", "-r", requirements],
      { interruption },
    );
    if (code !== 0)
      throw explain(
        "There is no C++ compiler, and the one for Python could not be installed",
        output,
        {
          ...pip,
          causes: [
            {
              pattern: /No matching distribution/,
              reason: "there is none for this machine",
              remedy: `sudo apt-get install g++, then ${commandToRepeat()}`,
            },
          ],
        },
      );
  }
  return [environmentPython, "-I", "-m", "ziglang", "c++"];
}
