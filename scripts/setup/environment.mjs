// Step: creates the Python environment .venv/ from the pinned and hashed requirements.txt.

import fs from "node:fs";
import path from "node:path";
import { find, run } from "../../src/engine/setup/command.mjs";
import { explain } from "../../src/engine/setup/diagnosis.mjs";
import { installPackages, pip } from "../../src/engine/setup/pip.mjs";
import {
  environmentFolder,
  environmentPython,
  inProject,
  root,
  sitePackages,
} from "./project.mjs";
import {
  findPython,
  missingVenv,
  pythonVariable,
} from "../../src/engine/setup/python.mjs";
import { relocate } from "./relocation.mjs";
import { hashFiles } from "../../src/engine/setup/stamp.mjs";

const requirements = inProject("requirements.txt");
const checkoutInput = "the checkout's place";
const requirementsInput = "requirements.txt";

/** @type {import("../../src/engine/setup/step.mjs").Step} */
export const environment = {
  name: "Python environment (.venv)",
  stamp: path.join(environmentFolder, "convnotes.json"),
  folder: environmentFolder,
  bytes: 2.3e9,
  makes: () => [
    environmentPython,
    path.join(environmentFolder, "bin", "jupyter-lab"),
    path.join(environmentFolder, "bin", "jupyter-nbconvert"),
  ],

  inputs: (previous) => ({
    [requirementsInput]: hashFiles([requirements]),
    Python: interpreter(),
    [pythonVariable]: chosenPython(previous?.[pythonVariable]),
    [checkoutInput]: root,
  }),

  async run({ interruption, report, previous }) {
    if (previous && fs.existsSync(environmentPython)) {
      const now = this.inputs(previous);
      const changed = Object.keys(now).filter(
        (name) => now[name] !== previous[name],
      );
      if (changed.length === 1 && changed[0] === checkoutInput) {
        report("the checkout was moved, correcting paths");
        if (relocate(environmentFolder, previous[checkoutInput])) return;
      }
      if (changed.length === 1 && changed[0] === requirementsInput) {
        await installPackages(requirements, [], interruption, report);
        return;
      }
    }

    const python = await findPython(interruption);
    report("removing the old environment");
    fs.rmSync(environmentFolder, { recursive: true, force: true });
    report(`creating it with Python ${python.version.join(".")}`);
    const { code, output } = await run(
      python.path,
      ["-I", "-m", "venv", environmentFolder],
      { interruption },
    );
    if (/ensurepip is not available/.test(output)) throw missingVenv(python);
    if (code !== 0)
      throw explain("The Python environment could not be created", output, pip);
    await installPackages(requirements, [], interruption, report);
  },
};

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
