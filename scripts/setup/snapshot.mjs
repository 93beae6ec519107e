// Step: writes a startup snapshot of the cell compiler with TypeScript and the course's
// declarations loaded.
// Without it the kernel works as well, but starts a second later.

import fs from "node:fs";
import path from "node:path";
import { run } from "../../src/engine/setup/command.mjs";
import { lastLines } from "../../src/engine/setup/diagnosis.mjs";
import { kernelProgram } from "./kernel.mjs";
import { inProject } from "./project.mjs";
import { hashFiles } from "../../src/engine/setup/stamp.mjs";

const builtFolder = path.dirname(kernelProgram);
const snapshotFolder = path.join(builtFolder, "snapshot");
const program = path.join(builtFolder, "compiler", "snapshot", "build.js");

/** The modules that the lessons import. */
const modules = ["@tensorflow/tfjs-node", "convnotes", "convnotes/engine"];

/** @type {import("../../src/engine/setup/step.mjs").Step} */
export const snapshot = {
  name: "kernel startup snapshot (kernel/dist/snapshot)",
  stamp: path.join(snapshotFolder, "convnotes.json"),
  folder: snapshotFolder,
  bytes: 0.07e9,
  makes: () => [program],

  inputs: () => ({
    "Node.js": `${process.version} ${process.arch}`,
    "package-lock.json": hashFiles([inProject("package-lock.json")]),
    "the compiled kernel": hashFiles([
      path.join(builtFolder, "convnotes.json"),
    ]),
    "what the lessons import": modules.join(" "),
  }),

  async run({ interruption, report }) {
    fs.mkdirSync(snapshotFolder, { recursive: true });
    report("reading TypeScript and declarations");
    const { code, output } = await run(
      process.execPath,
      [program, inProject("notebooks"), ...modules],
      { interruption },
    );
    if (code !== 0)
      console.log(
        `    not possible here; a kernel takes a second longer to start: ${lastLines(output).at(-1)}`,
      );
  },
};
