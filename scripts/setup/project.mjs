// Paths of everything that setup reads or creates in the checkout.

import path from "node:path";
import { environmentFolder, root } from "../../src/engine/setup/place.mjs";

export {
  environmentFolder,
  environmentPython,
  lockFile,
  logFile,
  packagesFolder,
  root,
  shown,
  sitePackages,
} from "../../src/engine/setup/place.mjs";

/**
 * @param {...string} parts Path below the checkout.
 * @returns {string} The absolute path.
 */
export function inProject(...parts) {
  return path.join(root, ...parts);
}

/** Output of setup and of runs; it can be deleted at any time. */
export const outputFolder = inProject("out");

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
