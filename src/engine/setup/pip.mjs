// Calls pip in setup's Python environment.

import { run } from "./command.mjs";
import { environmentPython } from "./place.mjs";

/** How to describe pip and uv if they fail. */
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
