/**
 * The Python environment of its own, .venv-bench, with the peers that the project itself does not
 * need (`requirements.in`). Made on first use, made anew when the pinned versions change.
 */
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "./job.mjs";

/** The project's own Python, which has Keras on TensorFlow. */
export const projectPython = join(root, ".venv", "bin", "python");

const folder = join(root, ".venv-bench");
const requirements = join(root, "bench", "requirements.txt");
/** Written last: an environment without it was left half made. */
const stamp = join(folder, "requirements.sha256");

/** The Python of .venv-bench, whether it is there or not. */
export const benchPython = join(folder, "bin", "python");

/**
 * Makes .venv-bench unless it is there.
 *
 * @returns {string | undefined} Why it could not be made.
 */
export function makeBenchEnvironment() {
  const wanted = createHash("sha256")
    .update(readFileSync(requirements))
    .digest("hex");
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === wanted) {
    return undefined;
  }
  console.log(
    "Making .venv-bench: a Python environment for the peers that the project does not need itself, Keras on JAX (about 0.7 GB, some 0.15 GB to fetch) ...",
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
      return error?.message ?? lastLine(stderr) ?? "it ended without a word";
    }
  }
  // The folder hides itself from git.
  writeFileSync(join(folder, ".gitignore"), "*\n");
  writeFileSync(stamp, wanted);
  return undefined;
}

/**
 * Whether a Python can import a module.
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
