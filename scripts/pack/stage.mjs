// Puts together what users get of each package, in folders that `npm pack` can be run in.
// In the checkout, the library and the engine run from their TypeScript source; users get
// JavaScript and declarations. The fields of a manifest's `publishConfig` replace those of the
// checkout.

import fs from "node:fs";
import path from "node:path";
import { inProject } from "../setup/project.mjs";
import { compile } from "./compile.mjs";
import { bundleDanfojs } from "./danfojs.mjs";
import { requirementOf } from "./requirements.mjs";
import { splitLibrary } from "./split-library.mjs";

/** Fields of a manifest that matter in the checkout only. */
const ownFields = ["private", "devDependencies", "scripts", "publishConfig"];
/** Files that setup makes for this machine. */
const generatedHere = ["snapshot", "convnotes.json"];

/**
 * Stages all packages.
 *
 * @param {string} folder Where to; its content is replaced.
 * @returns {Promise<string[]>} The folders of the packages, in the order of their dependencies.
 */
export async function stagePackages(folder) {
  fs.rmSync(folder, { recursive: true, force: true });
  const inStage = (/** @type {string[]} */ ...parts) =>
    path.join(folder, ...parts);

  const notebook = inStage("notebook");
  stage("src/notebook", notebook, ["bin", "dist"]);

  const compiled = inStage("compiled");
  compile("src", compiled, [
    "index.ts",
    "engine/index.ts",
    "engine/extension/core.ts",
    "engine/extension/layers.ts",
    "training/history-frame.ts",
    "data/command/data-command.ts",
  ]);
  const engine = inStage("engine");
  const library = inStage("convnotes");
  splitLibrary(compiled, {
    engine: path.join(engine, "dist"),
    library: path.join(library, "dist"),
  });
  stage("src/engine", engine, ["native/cpp", "setup"]);
  for (const [name, file, ...packages] of [
    ["tensorflow", "requirements.txt", "tensorflow", "tensorflow-cpu"],
    ["compiler", "requirements-compiler.txt", "ziglang"],
  ]) {
    fs.writeFileSync(
      path.join(engine, "setup", `requirements-${name}.txt`),
      packages.map((each) => requirementOf(inProject(file), each)).join(""),
    );
  }
  stage("src", library, []);
  await bundleDanfojs(path.join(library, "dist", "danfojs"));

  const kernel = inStage("kernel");
  stage("kernel", kernel, ["dist", "logo.svg", "lab-extension", "papermill"]);
  const types = inStage("kernel-types");
  compile("kernel", types, ["index.ts"], { onlyTypes: true });
  for (const name of ["index", "command/kernelspec"]) {
    fs.copyFileSync(
      path.join(types, `${name}.d.ts`),
      path.join(kernel, "dist", `${name}.d.ts`),
    );
  }
  for (const draft of [compiled, types]) fs.rmSync(draft, { recursive: true });
  return [notebook, engine, library, kernel];
}

/**
 * Copies files of a package, with the manifest that users get.
 *
 * @param {string} folder The package's folder, relative to the root.
 * @param {string} staged
 * @param {string[]} names What to copy besides the README.
 */
function stage(folder, staged, names) {
  const source = inProject(folder);
  fs.mkdirSync(staged, { recursive: true });
  const manifest = JSON.parse(
    fs.readFileSync(path.join(source, "package.json"), "utf8"),
  );
  const published = {
    ...manifest,
    ...manifest.publishConfig,
    convnotes: { ...manifest.convnotes, ...manifest.publishConfig?.convnotes },
  };
  for (const field of ownFields) delete published[field];
  fs.writeFileSync(
    path.join(staged, "package.json"),
    `${JSON.stringify(published, null, 2)}\n`,
  );
  for (const name of [...names, "README.md"]) {
    fs.cpSync(path.join(source, name), path.join(staged, name), {
      recursive: true,
      filter: (file) =>
        path.dirname(file) !== path.join(source, "dist") ||
        !generatedHere.includes(path.basename(file)),
    });
  }
  fs.copyFileSync(inProject("LICENSE"), path.join(staged, "LICENSE"));
}
