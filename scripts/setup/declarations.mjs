// Step: writes the declarations of the library.
// Cells are type-checked against them: reading the whole library before the first cell took a
// kernel a tenth of a second.

import fs from "node:fs";
import path from "node:path";
import { run } from "./command.mjs";
import { compilerVersion } from "./compiler-version.mjs";
import { lastLines } from "./diagnosis.mjs";
import { inProject, packagesFolder } from "./project.mjs";
import { sourceFiles } from "./source-files.mjs";
import { hashFiles } from "./stamp.mjs";

const sourceFolder = inProject("src");
const folder = path.join(sourceFolder, "declarations");
/** Written here, then renamed. */
const draftFolder = inProject("out", "setup", "declarations");

/** @type {import("./step.mjs").Step} */
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
    fs.rmSync(draftFolder, { recursive: true, force: true });
    try {
      const { code, output } = await run(
        process.execPath,
        [
          path.join(packagesFolder, "typescript", "bin", "tsc"),
          ...["-p", "src", "--outDir", draftFolder],
        ],
        { interruption },
      );
      if (code !== 0)
        console.log(
          `    the library has a type error, which may affect cells: ${lastLines(output)[0]}`,
        );
      fs.mkdirSync(draftFolder, { recursive: true });
      keepUnchanged();
      fs.rmSync(folder, { recursive: true, force: true });
      fs.renameSync(draftFolder, folder);
    } finally {
      fs.rmSync(draftFolder, { recursive: true, force: true });
    }
  },
};

/**
 * Unchanged files keep their modification time, by which a kernel decides which parts of its
 * snapshot are still valid.
 */
function keepUnchanged() {
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
