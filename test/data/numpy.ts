/**
 * NumPy as an oracle: runs a few lines of Python in the project's environment.
 */
import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import path from "node:path";
import type { TestContext } from "node:test";
import { promisify } from "node:util";

const python = path.join(__dirname, "..", "..", ".venv", "bin", "python");

/**
 * Runs `script`, which finds `np` imported and `given` set, and leaves what it computes in `result`.
 *
 * Gives `result` back; skips the test with the reason, and gives undefined, where there is no Python environment.
 */
export async function runNumpy<Result>(
  context: TestContext,
  script: string,
  given: unknown = {},
): Promise<Result | undefined> {
  if (!existsSync(python)) {
    context.skip("needs the Python environment .venv, which is not there");
    return undefined;
  }
  const program = [
    "import json, os",
    "import numpy as np",
    'given = json.loads(os.environ["GIVEN"])',
    script,
    "print(json.dumps(result))",
  ].join("\n");
  const { stdout } = await promisify(execFile)(python, ["-c", program], {
    env: { ...process.env, GIVEN: JSON.stringify(given) },
    maxBuffer: 1 << 26,
  });
  return JSON.parse(stdout) as Result;
}
