// Step: brings libtensorflow and its headers from PyPI's wheel of TensorFlow.
// pip checks the wheel's digest and unpacks it into an environment in the user's cache. The
// packages that TensorFlow's Python part needs are left out.

import fs from "node:fs";
import path from "node:path";
import { run } from "./command.mjs";
import { explain } from "./diagnosis.mjs";
import { installPackages, pip } from "./pip.mjs";
import {
  environmentFolder,
  environmentPython,
  requirements,
} from "./place.mjs";
import { findPython, missingVenv } from "./python.mjs";
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
    await installPackages(
      requirements.tensorflow,
      ["--no-deps", "--no-compile"],
      interruption,
      report,
    );
  },
};
