// Finds the Python interpreter for the environment.

import { find, run } from "./command.mjs";
import { SetupError, commandToRepeat } from "./setup-error.mjs";

/** The minor versions that TensorFlow has wheels for: 3.10 to 3.13. */
const oldestMinor = 10;
const newestMinor = 13;
/** The variable that selects a Python, by path or by name. */
export const pythonVariable = "CONVNOTES_PYTHON";

const candidates = [
  "python3.13",
  "python3.12",
  "python3.11",
  "python3.10",
  "python3",
  "python",
];

const probe = `
import json, struct, sys
def has(name):
    try:
        __import__(name)
        return True
    except Exception:
        return False
print(json.dumps({
    "version": list(sys.version_info[:3]),
    "implementation": sys.implementation.name,
    "bits": 8 * struct.calcsize("P"),
    "venv": has("venv") and has("ensurepip"),
}))
`;

/**
 * A Python on this machine.
 *
 * @typedef {object} Python
 * @property {string} path Absolute path of the program, links not resolved.
 * @property {number[]} version Major, minor, micro.
 * @property {string} implementation "cpython", or another.
 * @property {number} bits 64, or 32.
 * @property {boolean} venv Whether it can create a virtual environment with pip.
 */

/**
 * Finds the first suitable Python: the one that CONVNOTES_PYTHON names, else python3.13 down to
 * python3.10, python3, python.
 *
 * @param {AbortSignal} interruption
 * @param {string} [only] The only suitable version, such as "3.11": that of a bundle's wheels.
 * @returns {Promise<Python>}
 * @throws {SetupError} If there is none; the message names the closest candidate and what it lacks.
 */
export async function findPython(interruption, only) {
  const named = process.env[pythonVariable];
  if (named) {
    const path = find(named);
    const python = path && (await examine(path, interruption));
    if (!python)
      throw new SetupError(
        "ERR_INVALID_VALUE",
        `Expected ${pythonVariable} to name a Python 3.${oldestMinor} to 3.${newestMinor}, received ${named}, which is not one.`,
        `unset ${pythonVariable}, then ${commandToRepeat()}`,
      );
    const lack = lackOf(python, only);
    if (lack) throw lack.error;
    return python;
  }

  /** @type {{ rank: number, error: SetupError } | undefined} */
  let closest;
  for (const name of candidates) {
    const path = find(name);
    const python = path && (await examine(path, interruption));
    if (!python) continue;
    const lack = lackOf(python, only);
    if (!lack) return python;
    if (!closest || lack.rank > closest.rank) closest = lack;
  }
  throw (
    closest?.error ??
    new SetupError(
      "ERR_FILE_MISSING",
      `Expected Python 3.${oldestMinor} to 3.${newestMinor} on this machine, found no Python at all.`,
      `${installation("python3 python3-venv", "python@3.12")}, then ${commandToRepeat()}`,
    )
  );
}

/**
 * Returns the error for a Python that cannot create a virtual environment.
 *
 * @param {Pick<Python, "path" | "version">} python
 * @returns {SetupError}
 */
export function missingVenv({ path, version }) {
  const name = `python${version[0]}.${version[1]}`;
  return new SetupError(
    "ERR_FILE_MISSING",
    `Expected a Python with the modules venv and ensurepip, found ${path} (${version.join(".")}) without them.`,
    `${installation(`${name}-venv`, "python@3.12")}, then ${commandToRepeat()}`,
  );
}

/**
 * @param {string} path
 * @param {AbortSignal} interruption
 * @returns {Promise<Python | undefined>} Undefined if it does not run: version managers put such
 *   stubs on the path.
 */
async function examine(path, interruption) {
  try {
    const { code, output } = await run(path, ["-I", "-c", probe], {
      interruption,
    });
    if (code !== 0) return undefined;
    return { path, ...JSON.parse(output.slice(output.indexOf("{"))) };
  } catch (error) {
    interruption.throwIfAborted();
    if (error instanceof SetupError) throw error;
    return undefined;
  }
}

/**
 * @param {Python} python
 * @param {string} [only]
 * @returns {{ rank: number, error: SetupError } | undefined} What it lacks, ranked by how close it
 *   comes; undefined if it is suitable.
 */
function lackOf(python, only) {
  const { path, version, implementation, bits } = python;
  const [major, minor] = version;
  const found = `found ${path} (${version.join(".")})`;
  const range = `Expected Python 3.${oldestMinor} to 3.${newestMinor}`;
  const remedy = `install another one beside it (uv python install 3.12, or pyenv install 3.12), then ${pythonVariable}=/path/to/python3.12 ${commandToRepeat()}`;
  if (only !== undefined && `${major}.${minor}` !== only)
    return {
      rank: 0,
      error: new SetupError(
        "ERR_VERSION",
        `Expected Python ${only}, for which the bundle has packages, ${found}.`,
        `install Python ${only} beside it, then ${pythonVariable}=/path/to/python${only} ${commandToRepeat()}`,
      ),
    };
  if (major < 3 || minor < oldestMinor)
    return {
      rank: 0,
      error: new SetupError("ERR_VERSION", `${range}, ${found}.`, remedy),
    };
  if (minor > newestMinor)
    return {
      rank: 1,
      error: new SetupError(
        "ERR_VERSION",
        `${range}, ${found}: TensorFlow has no wheel for newer ones.`,
        remedy,
      ),
    };
  if (implementation !== "cpython" || bits !== 64)
    return {
      rank: 1,
      error: new SetupError(
        "ERR_UNSUPPORTED",
        `${range}, the 64-bit CPython that TensorFlow has wheels for, ${found}, which is ${bits}-bit ${implementation}.`,
        remedy,
      ),
    };
  if (!python.venv) return { rank: 2, error: missingVenv(python) };
  return undefined;
}

/**
 * @param {string} packages The packages' names in Debian and Fedora.
 * @param {string} formula The name in Homebrew.
 * @returns {string} The command that installs them on this machine.
 */
function installation(packages, formula) {
  if (find("apt-get")) return `sudo apt-get install ${packages}`;
  if (find("dnf"))
    return `sudo dnf install ${packages.replace(/ ?\S+-venv/, "")}`;
  if (find("brew")) return `brew install ${formula}`;
  return `install Python 3.12 (with venv)`;
}
