// Calls pip in setup's Python environment.

import { run } from "./command.mjs";
import { explain } from "./diagnosis.mjs";
import { environmentPython } from "./place.mjs";
import { commandToRepeat } from "./setup-error.mjs";

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
 * Installs packages into the environment.
 *
 * @param {string} requirements A file of pinned and hashed requirements.
 * @param {string[]} options Further options of pip.
 * @param {AbortSignal} interruption
 * @param {(detail: string) => void} report
 */
export async function installPackages(
  requirements,
  options,
  interruption,
  report,
) {
  let collected = 0;
  const { code, output } = await runPip(
    [
      ...["install", "--progress-bar=off", "--require-hashes"],
      ...options,
      ...["-r", requirements],
    ],
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
