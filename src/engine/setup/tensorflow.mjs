// Step: brings libtensorflow and its headers from PyPI's wheel of TensorFlow.
// pip checks the wheel's digest and unpacks it into an environment in the user's cache. The
// packages that TensorFlow's Python part needs are left out.

import fs from "node:fs";
import path from "node:path";
import { run } from "./command.mjs";
import { explain } from "./diagnosis.mjs";
import { pip, runPip } from "./pip.mjs";
import {
  environmentFolder,
  environmentPython,
  requirements,
} from "./place.mjs";
import { findPython, missingVenv } from "./python.mjs";
import { commandToRepeat } from "./setup-error.mjs";
import { hashFiles } from "./stamp.mjs";

/** @type {import("./step.mjs").Step} */
export const tensorflow = {
  name: "libtensorflow (from PyPI)",
  stamp: path.join(environmentFolder, "convnotes.json"),
  folder: environmentFolder,
  bytes: 1.5e9,
  makes: () => [environmentPython],

  inputs: () => ({
    "the required TensorFlow": hashFiles([requirements.tensorflow]),
  }),

  async run({ interruption, report }) {
    const python = await findPython(interruption);
    fs.rmSync(environmentFolder, { recursive: true, force: true });
    report(`with Python ${python.version.join(".")}`);
    const { code, output } = await run(
      python.path,
      ["-I", "-m", "venv", environmentFolder],
      { interruption },
    );
    if (/ensurepip is not available/.test(output)) throw missingVenv(python);
    if (code !== 0)
      throw explain("The Python environment could not be created", output, pip);
    const installed = await runPip(
      [
        ...["install", "--progress-bar=off", "--no-deps", "--no-compile"],
        ...["--require-hashes", "-r", requirements.tensorflow],
      ],
      {
        interruption,
        onLine(line) {
          if (line.startsWith("Downloading")) report("downloading the wheel");
          if (line.startsWith("Installing")) report("unpacking the wheel");
        },
      },
    );
    if (installed.code !== 0)
      throw explain(
        "libtensorflow could not be brought from PyPI",
        installed.output,
        {
          ...pip,
          causes: [
            {
              pattern: /DO NOT MATCH THE HASHES/,
              reason: "the download differs from its checksum",
              remedy: `${environmentPython} -m pip cache purge, then ${commandToRepeat()}`,
            },
            {
              pattern: /No matching distribution found for tensorflow/,
              reason: `TensorFlow has no wheel for this machine (${process.platform} ${process.arch})`,
              remedy: "use a machine with Linux on x64 (glibc 2.27 or newer)",
            },
          ],
        },
      );
  },
};
