// `npm run pack`: makes the tarballs of the packages that can be installed from the npm registry.

import { spawnSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { acceptOnlyHelp } from "./setup/help.mjs";
import { npm } from "./setup/packages.mjs";
import { inProject, packagesFolder, root, shown } from "./setup/project.mjs";
import { setup } from "./setup.mjs";

const help = `npm run pack -- [--help]

Compiles the packages and writes their tarballs to out/: @convnotes/notebook and @convnotes/kernel.

  --help, -h   this text`;

/** Folders of the packages, in the order of their dependencies. */
const folders = ["src/notebook", "kernel"];
/** Files that setup makes for this machine. */
const generatedHere = ["snapshot", "convnotes.json"];
/** Fields of a manifest that matter in the checkout only. */
const ownFields = ["private", "devDependencies", "scripts"];

/** Returns the exit code: 0, or 1 if npm fails. */
async function main() {
  await setup({ quiet: true });
  for (const folder of folders) {
    const staged = stage(folder);
    writeTypes(folder, staged);
    const [program, ...leading] = npm();
    const { status, stdout, stderr } = spawnSync(
      program,
      [...leading, "pack", "--json", "--pack-destination", inProject("out")],
      { cwd: staged, encoding: "utf8" },
    );
    if (status !== 0) {
      console.error(`npm could not pack ${folder}:\n${stderr}`);
      return 1;
    }
    const [{ filename, size, entryCount }] = JSON.parse(stdout);
    const kilobytes = (size / 1000).toFixed(0);
    console.log(`out/${filename}: ${entryCount} files, ${kilobytes} kB`);
  }
  return 0;
}

/**
 * Copies the files of a package to a folder of its own, with the manifest that users get.
 *
 * @param {string} folder
 * @returns {string} The new folder.
 */
function stage(folder) {
  const source = inProject(folder);
  const staged = inProject("out", "pack", path.basename(folder));
  fs.rmSync(staged, { recursive: true, force: true });
  fs.mkdirSync(staged, { recursive: true });
  const manifest = JSON.parse(
    fs.readFileSync(path.join(source, "package.json"), "utf8"),
  );
  for (const field of ownFields) delete manifest[field];
  fs.writeFileSync(
    path.join(staged, "package.json"),
    `${JSON.stringify(manifest, null, 2)}\n`,
  );
  for (const name of ["bin", "dist", "logo.svg", "papermill", "README.md"]) {
    const file = path.join(source, name);
    if (!fs.existsSync(file)) continue;
    fs.cpSync(file, path.join(staged, name), {
      recursive: true,
      filter: (each) =>
        path.dirname(each) !== path.join(source, "dist") ||
        !generatedHere.includes(path.basename(each)),
    });
  }
  fs.copyFileSync(inProject("LICENSE"), path.join(staged, "LICENSE"));
  return staged;
}

/**
 * Writes the types of the package's main module.
 *
 * @param {string} folder
 * @param {string} staged
 */
function writeTypes(folder, staged) {
  if (fs.existsSync(path.join(staged, "dist", "index.d.ts"))) return;
  const types = path.join(staged, "types");
  const { status, stdout } = spawnSync(
    process.execPath,
    [
      path.join(packagesFolder, "typescript", "bin", "tsc"),
      ...["-p", folder, "--declaration", "--emitDeclarationOnly"],
      ...["--outDir", types],
    ],
    { cwd: root, encoding: "utf8" },
  );
  if (status !== 0) {
    const error = new Error(`Expected ${shown(folder)} to compile:\n${stdout}`);
    throw Object.assign(error, { code: "ERR_PROCESS" });
  }
  for (const name of ["index", "command/kernelspec"]) {
    fs.copyFileSync(
      path.join(types, `${name}.d.ts`),
      path.join(staged, "dist", `${name}.d.ts`),
    );
  }
  fs.rmSync(types, { recursive: true });
}

acceptOnlyHelp(help);
process.exitCode = await main();
