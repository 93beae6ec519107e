// Step: creates the Python environment .venv/ from the pinned and hashed requirements.txt.
// pip installs only uv, which then installs the rest, in a third of pip's time.

import fs from "node:fs";
import path from "node:path";
import { find, run } from "../../src/engine/setup/command.mjs";
import { explain } from "../../src/engine/setup/diagnosis.mjs";
import { bundledPython } from "./bundle.mjs";
import {
  environmentFolder,
  environmentPython,
  inProject,
  sitePackages,
} from "./project.mjs";
import {
  findPython,
  missingVenv,
  pythonVariable,
} from "../../src/engine/setup/python.mjs";
import { pip, runPip } from "../../src/engine/setup/pip.mjs";
import { uv, uvInstall } from "./uv.mjs";
import { hashFiles } from "../../src/engine/setup/stamp.mjs";
import { commandToRepeat } from "../../src/engine/setup/setup-error.mjs";

const requirements = inProject("requirements.txt");
const uvRequirements = inProject("requirements-uv.txt");

/** @type {import("../../src/engine/setup/step.mjs").Step} */
export const environment = {
  name: "Python environment (.venv)",
  stamp: path.join(environmentFolder, "convnotes.json"),
  folder: environmentFolder,
  bytes: 2.3e9,
  makes: () => [
    environmentPython,
    uv,
    path.join(environmentFolder, "bin", "jupyter-lab"),
    path.join(environmentFolder, "bin", "jupyter-nbconvert"),
  ],

  inputs: (previous) => ({
    "requirements.txt": hashFiles([requirements]),
    "requirements-uv.txt": hashFiles([uvRequirements]),
    Python: interpreter(),
    [pythonVariable]: chosenPython(previous?.[pythonVariable]),
  }),

  async run({ interruption, report }) {
    const python = await findPython(interruption, bundledPython());
    report("removing the old environment");
    fs.rmSync(environmentFolder, { recursive: true, force: true });
    report(`creating it with Python ${python.version.join(".")}`);
    await create(python, interruption);
    await installPackages(interruption, report);
  },
};

/**
 * Creates the environment with uv in it.
 *
 * @param {import("../../src/engine/setup/python.mjs").Python} python
 * @param {AbortSignal} interruption
 */
async function create(python, interruption) {
  const what = "The Python environment could not be created";
  const created = await run(
    python.path,
    ["-I", "-m", "venv", environmentFolder],
    { interruption },
  );
  if (/ensurepip is not available/.test(created.output))
    throw missingVenv(python);
  requireSuccess(what, created);
  const pinned = ["--require-hashes", "-r", uvRequirements];
  requireSuccess(
    what,
    await runPip(["install", "--progress-bar=off", ...pinned], {
      interruption,
    }),
  );
  // In a relocatable environment, uv writes programs that find their interpreter beside them, so
  // that the checkout can be moved.
  const options = ["--relocatable", "--allow-existing", "--python"];
  requireSuccess(
    what,
    await run(uv, ["venv", ...options, python.path, environmentFolder], {
      interruption,
    }),
  );
}

/**
 * @param {AbortSignal} interruption
 * @param {(detail: string) => void} report
 */
async function installPackages(interruption, report) {
  requireSuccess(
    "The Python packages could not be installed",
    await uvInstall(environmentPython, requirements, {
      interruption,
      onLine(line) {
        if (/^(Resolved|Downloading|Prepared) /.test(line))
          report(line[0].toLowerCase() + line.slice(1));
      },
    }),
  );
}

/**
 * @param {string} what What fails if the call failed.
 * @param {import("../../src/engine/setup/command.mjs").Outcome} outcome Of a call of pip or uv.
 * @throws {import("../../src/engine/setup/setup-error.mjs").SetupError} If it failed.
 */
function requireSuccess(what, { code, output }) {
  if (code === 0) return;
  throw explain(what, output, {
    ...pip,
    causes: [
      {
        // The ends of the messages of pip and of uv.
        pattern: /DO NOT MATCH THE HASHES|Computed:\s+sha256:/,
        reason: "a download differs from its checksum",
        remedy: `${uv} cache clean; ${environmentPython} -m pip cache purge; then ${commandToRepeat()}`,
      },
      {
        pattern: /tensorflow\S* has no wheels with a matching platform tag/,
        reason: `TensorFlow has no wheel for this machine (${process.platform} ${process.arch})`,
        remedy: "use a machine with Linux on x64 (glibc 2.27 or newer)",
      },
    ],
  });
}

/**
 * @returns {string} The environment's interpreter and the Python version the environment was
 *   created for.
 */
function interpreter() {
  const folder = sitePackages();
  if (folder === undefined || !fs.existsSync(environmentPython))
    return "nothing";
  const version = path.basename(path.dirname(folder)).replace("python", "");
  return `${version} (${fs.realpathSync(environmentPython)})`;
}

/**
 * @param {string} [previous] The choice at the time the environment was created.
 * @returns {string} The value of CONVNOTES_PYTHON; the previous choice if it is unset or names the
 *   same Python.
 */
function chosenPython(previous = "") {
  const named = process.env[pythonVariable];
  if (!named) return previous;
  const found = find(named);
  const same =
    found !== undefined &&
    fs.existsSync(environmentPython) &&
    fs.realpathSync(found) === fs.realpathSync(environmentPython);
  return same ? previous : named;
}
