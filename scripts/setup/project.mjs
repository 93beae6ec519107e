// The map of the checkout: where each thing that set-up reads or makes lies.

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

/** The Python environment: JupyterLab, nbconvert, Keras, and the wheel whose libtensorflow is the engine. */
export const environmentFolder = inProject(".venv");
/** The environment's own Python. */
export const environmentPython = inProject(".venv", "bin", "python");
/** Node's packages. */
export const packagesFolder = inProject("node_modules");
/** What set-up and runs write; nothing in it is needed to go on. */
export const outputFolder = inProject("out");
/** Everything the tools said during the latest set-up. */
export const logFile = inProject("out", "setup", "log.txt");
/** Held while a set-up (or a clean) is at work. */
export const lockFile = inProject("out", "setup", "lock");

/**
 * @param {string} file An absolute path in the checkout.
 * @returns {string} The same, as a person in the checkout would write it.
 */
export function shown(file) {
  return path.relative(root, file) || ".";
}

/**
 * The folder of the environment's installed Python packages; its name carries Python's version.
 *
 * @returns {string | undefined} Absolute path, or undefined where there is no environment.
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
 * The variables for programs that belong to the project (Jupyter, tests, lessons): the environment's programs come
 * first on the search path, and nothing of another Python environment leaks in.
 *
 * @param {NodeJS.ProcessEnv} [more] Variables to add.
 * @returns {NodeJS.ProcessEnv} A full set of variables.
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
