// Step: creates the Python environment .venv/ from the pinned and hashed requirements.txt.

import fs from "node:fs";
import path from "node:path";
import { find, run } from "./command.mjs";
import { explain } from "./diagnosis.mjs";
import {
  environmentFolder,
  environmentPython,
  inProject,
  root,
  sitePackages,
} from "./project.mjs";
import { findPython, missingVenv, pythonVariable } from "./python.mjs";
import { relocate } from "./relocation.mjs";
import { hashFiles } from "./stamp.mjs";
import { commandToRepeat } from "./setup-error.mjs";

const requirements = inProject("requirements.txt");
const checkoutInput = "the checkout's place";
const requirementsInput = "requirements.txt";

/** @type {import("./step.mjs").Step} */
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
        await installPackages(interruption, report);
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
    await installPackages(interruption, report);
  },
};

/** How to describe pip if it fails. */
export const pip = {
  registry: "the Python package index",
  settings: "HTTPS_PROXY and PIP_INDEX_URL",
};

/**
 * Calls the environment's pip, isolated from the caller's PYTHON* variables.
 *
 * @param {string[]} parameters
 * @param {Omit<import("./command.mjs").RunOptions, "variables">} options
 * @returns {Promise<import("./command.mjs").Outcome>}
 */
export function runPip(parameters, options) {
  return run(
    environmentPython,
    [
      ...["-I", "-m", "pip", "--disable-pip-version-check", "--no-input"],
      ...parameters,
    ],
    options,
  );
}

/**
 * @param {AbortSignal} interruption
 * @param {(detail: string) => void} report
 */
async function installPackages(interruption, report) {
  let collected = 0;
  const { code, output } = await runPip(
    ["install", "--progress-bar=off", "--require-hashes", "-r", requirements],
    {
      interruption,
      onLine(line) {
        const name = /^Collecting ([^\s=<>]+)/.exec(line)?.[1];
        if (name) report(`downloading package ${++collected}: ${name}`);
        if (line.startsWith("Installing collected"))
          report(`unpacking ${collected} packages`);
      },
    },
  );
  if (code !== 0)
    throw explain("The Python packages could not be installed", output, {
      ...pip,
      causes: [
        {
          pattern: /DO NOT MATCH THE HASHES/,
          reason: "a download differs from its checksum",
          remedy: `${environmentPython} -m pip cache purge, then ${commandToRepeat()}`,
        },
        {
          pattern: /No matching distribution found for tensorflow/,
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
