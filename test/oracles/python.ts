/**
 * Python as an oracle: runs a few lines with NumPy or Keras in the project's environment.
 */
import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import path from "node:path";
import type { TestContext } from "node:test";
import { promisify } from "node:util";

const python = path.join(__dirname, "..", "..", ".venv", "bin", "python");

/** What comes before the result: TensorFlow may print lines of its own. */
const MARK = "RESULT";

/** Runs `script`, which finds `np` imported and `given` set, and leaves what it computes in `result`. */
export async function runNumpy<Result>(
  context: TestContext,
  script: string,
  given: unknown = {},
): Promise<Result | undefined> {
  return runPython(context, "import numpy as np", script, given);
}

/** Runs `script`, which finds `keras` imported and `given` set, and leaves what it computes in `result`. */
export async function runKeras<Result>(
  context: TestContext,
  script: string,
  given: unknown = {},
): Promise<Result | undefined> {
  return runPython(context, "import keras", script, given);
}

/** Gives `result` back; skips the test with the reason, and gives undefined, where there is no Python environment. */
async function runPython<Result>(
  context: TestContext,
  preamble: string,
  script: string,
  given: unknown,
): Promise<Result | undefined> {
  if (!existsSync(python)) {
    context.skip("needs the Python environment .venv, which is not there");
    return undefined;
  }
  const program = [
    "import json, os",
    'os.environ.update(TF_CPP_MIN_LOG_LEVEL="3", CUDA_VISIBLE_DEVICES="-1")',
    preamble,
    'given = json.loads(os.environ["GIVEN"])',
    script,
    `print("${MARK}" + json.dumps(result))`,
  ].join("\n");
  const { stdout } = await promisify(execFile)(python, ["-c", program], {
    env: { ...process.env, GIVEN: JSON.stringify(given) },
    maxBuffer: 1 << 26,
  });
  const line = stdout.split("\n").find((text) => text.startsWith(MARK));
  if (line === undefined) {
    throw new Error(`Expected a line ${MARK} from Python, received ${stdout}`);
  }
  return JSON.parse(line.slice(MARK.length)) as Result;
}
