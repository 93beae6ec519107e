// The Python packages of a bundle: a wheel for each, as pip downloads them for this machine.

import { explain } from "../../src/engine/setup/diagnosis.mjs";
import { pip, runPip } from "../../src/engine/setup/pip.mjs";
import { commandToRepeat } from "../../src/engine/setup/setup-error.mjs";
import { inProject } from "../setup/project.mjs";

/** The environment, uv, and the compiler for machines that have none. */
const requirements = [
  "requirements.txt",
  "requirements-uv.txt",
  "requirements-compiler.txt",
];

/**
 * Downloads the wheels, or takes them from pip's cache.
 *
 * @param {string} folder
 * @param {object} work
 * @param {AbortSignal} work.interruption
 * @param {(detail: string) => void} work.report
 * @throws {import("../../src/engine/setup/setup-error.mjs").SetupError} If pip fails.
 */
export async function collectWheels(folder, { interruption, report }) {
  let count = 0;
  const { code, output } = await runPip(
    [
      ...["download", "--progress-bar=off", "--only-binary=:all:"],
      ...["--require-hashes", "--dest", folder],
      ...requirements.flatMap((name) => ["-r", inProject(name)]),
    ],
    {
      interruption,
      onLine(line) {
        if (/^(Downloading|Using cached|Processing) /.test(line))
          report(`${++count} wheels`);
      },
    },
  );
  if (code !== 0)
    throw explain("The Python packages could not be collected", output, {
      ...pip,
      causes: [
        {
          pattern: /DO NOT MATCH THE HASHES/,
          reason: "a download differs from its checksum",
          remedy: `.venv/bin/python -m pip cache purge, then ${commandToRepeat()}`,
        },
        {
          pattern: /No matching distribution/,
          reason: "a package has no wheel for this machine",
          remedy: "make the bundle on Linux x64 with glibc 2.28 or newer",
        },
      ],
    });
}
