// Step: writes the declarations of the library.
// Cells are type-checked against them: reading the whole library before the first cell took a
// kernel a tenth of a second.

import fs from "node:fs";
import path from "node:path";
import { compileProject } from "./compile-project.mjs";
import { compilerVersion } from "./compiler-version.mjs";
import { lastLines } from "../../src/engine/setup/diagnosis.mjs";
import { inProject } from "./project.mjs";
import { sourceFiles } from "./source-files.mjs";
import { hashFiles } from "../../src/engine/setup/stamp.mjs";

const sourceFolder = inProject("src");
const folder = path.join(sourceFolder, "declarations");

/** @type {import("../../src/engine/setup/step.mjs").Step} */
export const declarations = {
  name: "library declarations (src/declarations)",
  stamp: path.join(folder, "convnotes.json"),
  folder,
  bytes: 0.001e9,
  makes: () => [],

  inputs: () => ({
    "the library's source": hashFiles([
      ...sourceFiles(sourceFolder),
      path.join(sourceFolder, "tsconfig.json"),
      inProject("tsconfig.json"),
    ]),
    TypeScript: compilerVersion(),
  }),

  async run({ interruption, report }) {
    report("writing declarations");
    await compileProject("src", folder, interruption, {
      onError: (output) =>
        console.log(
          `    the library has a type error, which may affect cells: ${lastLines(output)[0]}`,
        ),
      finish: keepUnchanged,
    });
  },
};

/**
 * Unchanged files keep their modification time, by which a kernel decides which parts of its
 * snapshot are still valid.
 *
 * @param {string} draftFolder
 */
function keepUnchanged(draftFolder) {
  for (const name of fs.readdirSync(draftFolder, { recursive: true })) {
    const before = path.join(folder, String(name));
    const now = path.join(draftFolder, String(name));
    const isSame =
      fs.statSync(now).isFile() &&
      fs.existsSync(before) &&
      fs.readFileSync(before).equals(fs.readFileSync(now));
    if (isSame) fs.renameSync(before, now);
  }
}
