// Step: compiles the kernel's TypeScript to kernel/dist/.
// The kernel is compiled ahead of time, because it must start before a client's timeout.

import fs from "node:fs";
import path from "node:path";
import { compileProject } from "./compile-project.mjs";
import { compilerVersion } from "./compiler-version.mjs";
import { notebook } from "./notebook.mjs";
import { inProject, shown } from "./project.mjs";
import {
  SetupError,
  commandToRepeat,
} from "../../src/engine/setup/setup-error.mjs";
import { sourceFiles } from "./source-files.mjs";
import { hashFiles } from "../../src/engine/setup/stamp.mjs";

const sourceFolder = inProject("kernel");
const builtFolder = path.join(sourceFolder, "dist");
/** The program that kernel.json starts. */
export const kernelProgram = path.join(builtFolder, "main.js");
/** The program that jupyterlab-lsp starts. */
export const languageServerProgram = path.join(
  ...[builtFolder, "language-server", "main.js"],
);

/** @type {import("../../src/engine/setup/step.mjs").Step} */
export const kernel = {
  name: "kernel (kernel/dist)",
  stamp: path.join(builtFolder, "convnotes.json"),
  folder: builtFolder,
  bytes: 0.01e9,
  makes: () => [kernelProgram],

  inputs: () => ({
    "the kernel's source": hashFiles([
      ...sourceFiles(sourceFolder),
      path.join(sourceFolder, "tsconfig.json"),
      inProject("tsconfig.json"),
    ]),
    "the notebook package": hashFiles([notebook.stamp]),
    TypeScript: compilerVersion(),
  }),

  async run({ interruption, report }) {
    const entry = path.join(sourceFolder, "main.ts");
    if (!fs.existsSync(entry))
      throw new SetupError(
        "ERR_FILE_MISSING",
        `Expected the kernel's source, found no ${shown(entry)}.`,
        `git checkout -- kernel, then ${commandToRepeat()}`,
      );
    report("compiling");
    await compileProject("kernel", builtFolder, interruption);
  },
};
