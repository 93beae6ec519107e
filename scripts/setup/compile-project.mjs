// Compiles a TypeScript project of the checkout.

import fs from "node:fs";
import path from "node:path";
import { run } from "./command.mjs";
import { lastLines } from "./diagnosis.mjs";
import { inProject, packagesFolder } from "./project.mjs";
import { SetupError, commandToRepeat } from "./setup-error.mjs";

/**
 * Compiles a project and puts the result in its place when it is complete.
 *
 * @param {string} project Folder of its tsconfig.json, relative to the root.
 * @param {string} builtFolder
 * @param {AbortSignal} interruption
 * @param {object} [options]
 * @param {(output: string) => void} [options.onError] Called with the compiler's output if the
 *   source has errors.
 * @param {(draftFolder: string) => void} [options.finish] Called before the result is put in its
 *   place.
 * @returns {Promise<void>}
 * @throws {SetupError} If the source does not compile and there is no `onError`.
 */
export async function compileProject(
  project,
  builtFolder,
  interruption,
  { onError = refuse(project), finish = () => undefined } = {},
) {
  const draftFolder = inProject("out", "setup", path.basename(project));
  fs.rmSync(draftFolder, { recursive: true, force: true });
  try {
    const { code, output } = await run(
      process.execPath,
      [
        path.join(packagesFolder, "typescript", "bin", "tsc"),
        ...["-p", project, "--outDir", draftFolder],
      ],
      { interruption },
    );
    if (code !== 0) onError(output);
    fs.mkdirSync(draftFolder, { recursive: true });
    finish(draftFolder);
    fs.rmSync(builtFolder, { recursive: true, force: true });
    fs.mkdirSync(path.dirname(builtFolder), { recursive: true });
    fs.renameSync(draftFolder, builtFolder);
  } finally {
    fs.rmSync(draftFolder, { recursive: true, force: true });
  }
}

/**
 * @param {string} project
 * @returns {(output: string) => never} Throws the error for a source that does not compile.
 */
function refuse(project) {
  return (output) => {
    throw new SetupError(
      "ERR_PROCESS",
      `The source in ${project} does not compile.`,
      `node node_modules/typescript/bin/tsc -p ${project} --noEmit shows where; then ${commandToRepeat()}`,
      lastLines(output),
    );
  };
}
