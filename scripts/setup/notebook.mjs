// Step: compiles the package that the kernel and the library share to src/notebook/dist/.

import path from "node:path";
import { compileProject } from "./compile-project.mjs";
import { compilerVersion } from "./compiler-version.mjs";
import { inProject } from "./project.mjs";
import { sourceFiles } from "./source-files.mjs";
import { hashFiles } from "../../src/engine/setup/stamp.mjs";

const sourceFolder = inProject("src", "notebook");
const builtFolder = path.join(sourceFolder, "dist");

/** @type {import("../../src/engine/setup/step.mjs").Step} */
export const notebook = {
  name: "notebook package (src/notebook/dist)",
  stamp: path.join(builtFolder, "convnotes.json"),
  folder: builtFolder,
  bytes: 0.001e9,
  makes: () => [path.join(builtFolder, "index.js")],

  inputs: () => ({
    "the package's source": hashFiles([
      ...sourceFiles(sourceFolder),
      path.join(sourceFolder, "tsconfig.json"),
      inProject("tsconfig.json"),
    ]),
    TypeScript: compilerVersion(),
  }),

  async run({ interruption, report }) {
    report("compiling");
    await compileProject("src/notebook", builtFolder, interruption);
  },
};
