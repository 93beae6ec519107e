// Compiles modules of a TypeScript project, and all that they import, for a package.

import { spawnSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { coded } from "../../src/engine/setup/coded-error.mjs";
import { inProject, packagesFolder, root } from "../setup/project.mjs";

/**
 * @param {string} project Folder of the project's tsconfig.json, relative to the root.
 * @param {string} built Folder for JavaScript and declarations.
 * @param {string[]} modules Relative to the project.
 * @param {{ onlyTypes?: boolean }} [options]
 * @throws {Error} With the compiler's output, if the source has errors.
 */
export function compile(project, built, modules, { onlyTypes = false } = {}) {
  const source = inProject(project);
  const configuration = path.join(built, "tsconfig.json");
  fs.mkdirSync(built, { recursive: true });
  fs.writeFileSync(
    configuration,
    JSON.stringify({
      extends: path.join(source, "tsconfig.json"),
      compilerOptions: {
        noEmit: false,
        declaration: true,
        emitDeclarationOnly: onlyTypes,
        sourceMap: false,
        rootDir: source,
        outDir: built,
        typeRoots: [path.join(packagesFolder, "@types")],
      },
      include: [],
      files: modules.map((name) => path.join(source, name)),
    }),
  );
  const { status, stdout } = spawnSync(
    process.execPath,
    [
      path.join(packagesFolder, "typescript", "bin", "tsc"),
      ...["-p", configuration],
    ],
    { cwd: root, encoding: "utf8" },
  );
  if (status !== 0) {
    throw coded(
      "ERR_PROCESS",
      new Error(`Expected ${project} to compile:\n${stdout}`),
    );
  }
  fs.rmSync(configuration);
}
