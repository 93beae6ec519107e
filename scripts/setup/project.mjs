// Paths of everything that setup reads or creates in the checkout.

import fs from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";

/** Absolute path of the checkout. */
export const root = fileURLToPath(new URL("../..", import.meta.url)).replace(
  /\/$/,
  "",
);

/**
 * @param {...string} parts Path below the checkout.
 * @returns {string} The absolute path.
 */
export function inProject(...parts) {
  return path.join(root, ...parts);
}

/**
 * The Python environment: JupyterLab, nbconvert, Keras, and the wheel whose libtensorflow is the
 * engine.
 */
export const environmentFolder = inProject(".venv");
/** The environment's Python. */
export const environmentPython = inProject(".venv", "bin", "python");
/** Node's packages. */
export const packagesFolder = inProject("node_modules");
/** Output of setup and of runs; it can be deleted at any time. */
export const outputFolder = inProject("out");
/** The tools' complete output during the latest setup. */
export const logFile = inProject("out", "setup", "log.txt");
/** Held while setup or clean runs. */
export const lockFile = inProject("out", "setup", "lock");

/**
 * @param {string} file An absolute path in the checkout.
 * @returns {string} The path relative to the checkout.
 */
export function shown(file) {
  return path.relative(root, file) || ".";
}

/**
 * Finds the folder of the environment's Python packages, whose name contains Python's version.
 *
 * @returns {string | undefined} Absolute path, or undefined if there is no environment.
 */
export function sitePackages() {
  const library = path.join(environmentFolder, "lib");
  if (!fs.existsSync(library)) return undefined;
  return fs
    .readdirSync(library)
    .filter((name) => name.startsWith("python3."))
    .map((name) => path.join(library, name, "site-packages"))
    .find((folder) => fs.existsSync(folder));
}

/**
 * Returns the variables for the project's programs (Jupyter, tests, lessons): the environment's
 * programs come first on the search path, and variables of other Python environments are removed.
 *
 * @param {NodeJS.ProcessEnv} [more] Variables to add.
 * @returns {NodeJS.ProcessEnv} All variables of the process.
 */
export function projectVariables(more = {}) {
  const variables = { ...process.env };
  delete variables.PYTHONHOME;
  delete variables.PYTHONPATH;
  return {
    ...variables,
    VIRTUAL_ENV: environmentFolder,
    PATH: [path.join(environmentFolder, "bin"), process.env.PATH]
      .filter(Boolean)
      .join(path.delimiter),
    ...more,
  };
}

/**
 * @param {...string} name The name of an npm package, in parts of its path.
 * @returns {string} Its installed version, or "nothing".
 */
export function packageVersion(...name) {
  const manifest = path.join(packagesFolder, ...name, "package.json");
  if (!fs.existsSync(manifest)) return "nothing";
  return JSON.parse(fs.readFileSync(manifest, "utf8")).version;
}
