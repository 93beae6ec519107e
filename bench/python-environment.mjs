/**
 * Creates the Python environment .venv-bench for the peers that the project itself does not need
 * (`requirements.in`).
 *
 * It is created on first use and re-created when the pinned versions change.
 */
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "./job.mjs";

/** The project's Python, which has Keras on TensorFlow. */
export const projectPython = join(root, ".venv", "bin", "python");

const folder = join(root, ".venv-bench");
const requirements = join(root, "bench", "requirements.txt");
/** Written last: an environment without it is incomplete. */
const stamp = join(folder, "requirements.sha256");

/** The Python of .venv-bench, which may not exist yet. */
export const benchPython = join(folder, "bin", "python");

/**
 * Creates .venv-bench if necessary.
 *
 * @returns {string | undefined} Why it could not be created, or undefined.
 */
export function createBenchEnvironment() {
  const wanted = createHash("sha256")
    .update(readFileSync(requirements))
    .digest("hex");
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === wanted) {
    return undefined;
  }
  console.log(
    "Creating .venv-bench, a Python environment for the peer Keras on JAX (about 0.7 GB, a download of 0.15 GB) ...",
  );
  rmSync(folder, { recursive: true, force: true });
  const commands = [
    [projectPython, "-m", "venv", folder],
    [benchPython, "-m", "pip", "install", "--quiet", "-r", requirements],
  ];
  for (const [program, ...parameters] of commands) {
    const { status, stderr, error } = spawnSync(program, parameters, {
      cwd: root,
      encoding: "utf8",
    });
    if (status !== 0) {
      return (
        error?.message ?? lastLine(stderr) ?? "it failed without a message"
      );
    }
  }
  // Excludes the folder from git.
  writeFileSync(join(folder, ".gitignore"), "*\n");
  writeFileSync(stamp, wanted);
  return undefined;
}

/**
 * Checks whether a Python can import a module.
 *
 * @param {string} python
 * @param {string} module
 */
export function canImport(python, module) {
  return (
    existsSync(python) &&
    spawnSync(python, ["-c", `import ${module}`], { stdio: "ignore" })
      .status === 0
  );
}

/** @param {string} text */
function lastLine(text) {
  return text.trim().split("\n").at(-1) || undefined;
}
