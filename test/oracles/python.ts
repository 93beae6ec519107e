/**
 * Runs Python snippets with NumPy or Keras in the project's environment, to compute reference
 * values for tests.
 */
import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import path from "node:path";
import type { TestContext } from "node:test";
import { promisify } from "node:util";

const python = path.join(__dirname, "..", "..", ".venv", "bin", "python");

/** Prefix of the result line; TensorFlow may print other lines. */
const MARK = "RESULT";

/**
 * Runs a Python script with NumPy as `np` and the input as `given`, and returns the variable
 * `result`. Skips the test and returns undefined if there is no Python environment.
 */
export async function runNumpy<Result>(
  context: TestContext,
  script: string,
  given: unknown = {},
): Promise<Result | undefined> {
  return runPython(context, "import numpy as np", script, given);
}

/**
 * Runs a Python script with `keras` and the input as `given`, and returns the variable `result`.
 * Skips the test and returns undefined if there is no Python environment.
 */
export async function runKeras<Result>(
  context: TestContext,
  script: string,
  given: unknown = {},
): Promise<Result | undefined> {
  return runPython(context, "import keras", script, given);
}

/** Runs a Python script, and returns the variable `result`. */
async function runPython<Result>(
  context: TestContext,
  preamble: string,
  script: string,
  given: unknown,
): Promise<Result | undefined> {
  if (!existsSync(python)) {
    context.skip("needs the Python environment .venv, which does not exist");
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
    throw new Error(
      `Expected a line with ${MARK} from Python, received ${stdout}`,
    );
  }
  return JSON.parse(line.slice(MARK.length)) as Result;
}
