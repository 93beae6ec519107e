// `npm run clean`: removes everything that setup, runs and tests created. Files that people wrote
// and data sets they downloaded stay.

import fs from "node:fs";
import path from "node:path";
import { explainFileError } from "../src/engine/setup/diagnosis.mjs";
import { alone } from "./setup/alone.mjs";
import { gigabytes } from "./setup/disk.mjs";
import { acceptOnlyHelp } from "./setup/help.mjs";
import {
  environmentFolder,
  inProject,
  outputFolder,
  packagesFolder,
  root,
  shown,
} from "./setup/project.mjs";
import { Interrupted } from "../src/engine/setup/setup-error.mjs";

/** Size of the blocks in which the file system counts a file's size, in bytes. */
const blockBytes = 512;
/** Cache folders that tools leave in the folders they worked in. */
const cacheNames = [".ipynb_checkpoints", "__pycache__"];
const searchedFolders = [
  "notebooks",
  "kernel",
  "scripts",
  "src",
  "test",
  "bench",
];

/** @param {AbortSignal} interruption */
async function clean(interruption) {
  const targets = [
    environmentFolder,
    inProject(".venv-bench"),
    inProject(".venv-hub"),
    packagesFolder,
    inProject("kernel", "dist"),
    inProject("src", "notebook", "dist"),
    inProject("kernel", "node_modules"),
    inProject("src", "node_modules"),
    inProject("src", "engine", "node_modules"),
    inProject("src", "declarations"),
    inProject("src", "engine", "native", "build"),
    inProject("notebooks", "images"),
    ...searchedFolders.flatMap((name) => caches(inProject(name))),
    // Last, because it contains the lock.
    outputFolder,
  ].filter((target) => fs.existsSync(target));
  let total = 0;
  for (const target of targets) {
    interruption.throwIfAborted();
    const bytes = size(target);
    total += bytes;
    fs.rmSync(target, { recursive: true, force: true });
    console.log(`  removed ${shown(target)} (${gigabytes(bytes)})`);
  }
  console.log(`Freed ${gigabytes(total)} in ${root}.`);
}

/**
 * @param {string} folder
 * @returns {string[]} The cache folders in it and below.
 */
function caches(folder) {
  if (!fs.existsSync(folder)) return [];
  return fs
    .readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && entry.name !== "node_modules")
    .flatMap((entry) => {
      const inner = path.join(folder, entry.name);
      return cacheNames.includes(entry.name) ? [inner] : caches(inner);
    });
}

/**
 * @param {string} place A file, a link or a folder.
 * @returns {number} The bytes that its removal frees: without the targets of links.
 */
function size(place) {
  const status = fs.lstatSync(place);
  const own = status.blocks * blockBytes;
  // uv links the environment's files to those of its cache, where they stay.
  if (!status.isDirectory()) return status.nlink > 1 ? 0 : own;
  return fs
    .readdirSync(place)
    .reduce((sum, name) => sum + size(path.join(place, name)), own);
}

acceptOnlyHelp(`npm run clean

Removes everything that setup, runs and tests created: the Python environment, Node packages, compiled parts and out/.
Notebooks, other files that people wrote, and downloaded data sets stay.`);
try {
  await alone(clean);
} catch (error) {
  const known = explainFileError(error);
  if (!(error instanceof Interrupted) && known === undefined) throw error;
  console.error(
    known
      ? `${known.message}\n  To fix it: ${known.remedy}`
      : "Interrupted; run npm run clean again to remove the rest.",
  );
  process.exitCode = 1;
}
