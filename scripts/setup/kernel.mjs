// Step: compiles the kernel's TypeScript to kernel/dist/.
// The kernel is the only part of the project that is compiled ahead of time, because it must start
// before a client's timeout.

import fs from "node:fs";
import path from "node:path";
import { run } from "./command.mjs";
import { compilerVersion } from "./compiler-version.mjs";
import { lastLines } from "./diagnosis.mjs";
import { inProject, packagesFolder, shown } from "./project.mjs";
import { SetupError, commandToRepeat } from "./setup-error.mjs";
import { sourceFiles } from "./source-files.mjs";
import { hashFiles } from "./stamp.mjs";

const sourceFolder = inProject("kernel");
const builtFolder = path.join(sourceFolder, "dist");
/** Output folder of the compiler, renamed when complete. */
const draftFolder = inProject("out", "setup", "kernel");
/** The program that kernel.json starts. */
export const kernelProgram = path.join(builtFolder, "main.js");

/** @type {import("./step.mjs").Step} */
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
    TypeScript: compilerVersion(),
  }),

  async run({ interruption, report }) {
    const entry = path.join(sourceFolder, "main.ts");
    if (!fs.existsSync(entry))
      throw new SetupError(
        `Expected the kernel's source, found no ${shown(entry)}.`,
        `git checkout -- kernel, then ${commandToRepeat()}`,
      );
    report("compiling");
    fs.rmSync(draftFolder, { recursive: true, force: true });
    try {
      const { code, output } = await run(
        process.execPath,
        [
          path.join(packagesFolder, "typescript", "bin", "tsc"),
          ...["-p", "kernel", "--outDir", draftFolder],
        ],
        { interruption },
      );
      if (code !== 0)
        throw new SetupError(
          "The kernel's source does not compile.",
          `node node_modules/typescript/bin/tsc -p kernel --noEmit shows where; then ${commandToRepeat()}`,
          lastLines(output),
        );
      fs.rmSync(builtFolder, { recursive: true, force: true });
      fs.renameSync(draftFolder, builtFolder);
    } finally {
      fs.rmSync(draftFolder, { recursive: true, force: true });
    }
  },
};
