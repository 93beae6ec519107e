// Installs Python packages with uv, from the index that pip's settings name.

import path from "node:path";
import { run } from "../../src/engine/setup/command.mjs";
import { runPip } from "../../src/engine/setup/pip.mjs";
import { uvOptions, uvVariables } from "./pip-settings.mjs";
import { environmentFolder } from "./project.mjs";

/** @typedef {import("../../src/engine/setup/command.mjs").RunOptions} RunOptions */

/** uv in the project's environment. */
export const uv = path.join(environmentFolder, "bin", "uv");

/**
 * Installs pinned and hashed requirements.
 *
 * @param {string} python The interpreter of the environment to install into.
 * @param {string} requirements
 * @param {Pick<RunOptions, "interruption" | "onLine">} options
 * @returns {Promise<import("../../src/engine/setup/command.mjs").Outcome>}
 */
export async function uvInstall(python, requirements, options) {
  const { output: settings } = await runPip(["config", "list"], {
    interruption: options.interruption,
  });
  return run(
    uv,
    [
      ...["pip", "install", "--python", python],
      ...["--require-hashes", "-r", requirements],
      ...uvOptions(settings),
    ],
    {
      ...options,
      variables: { ...uvVariables(settings), ...process.env },
    },
  );
}
