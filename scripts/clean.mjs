// Takes away everything that set-up, runs and tests made. What people wrote, and the data sets they fetched, stay.

import fs from "node:fs";
import path from "node:path";
import { explainFileError } from "./setup/diagnosis.mjs";
import { gigabytes } from "./setup/disk.mjs";
import { interruptible } from "./setup/interruption.mjs";
import { withLock } from "./setup/lock.mjs";
import {
  environmentFolder,
  inProject,
  lockFile,
  outputFolder,
  packagesFolder,
  root,
  shown,
} from "./setup/project.mjs";
import { Interrupted } from "./setup/setup-error.mjs";

/** Blocks that the file system counts a file's size in, in bytes. */
const blockBytes = 512;
/** Folders that tools leave wherever they worked. */
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
  const pieces = [
    environmentFolder,
    inProject(".venv-bench"),
    packagesFolder,
    inProject("kernel", "dist"),
    inProject("kernel", "node_modules"),
    inProject("src", "node_modules"),
    inProject("src", "declarations"),
    inProject("src", "engine", "native", "build"),
    inProject("notebooks", "images"),
    ...searchedFolders.flatMap((name) => caches(inProject(name))),
    // Last: it holds the lock.
    outputFolder,
  ].filter((piece) => fs.existsSync(piece));
  let total = 0;
  for (const piece of pieces) {
    interruption.throwIfAborted();
    const bytes = size(piece);
    total += bytes;
    fs.rmSync(piece, { recursive: true, force: true });
    console.log(`  removed ${shown(piece)} (${gigabytes(bytes)})`);
  }
  console.log(`Freed ${gigabytes(total)} in ${root}.`);
}

/**
 * @param {string} folder
 * @returns {string[]} The caches in it and below.
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
 * @returns {number} The disk it takes, in bytes; what a link leads to is not counted.
 */
function size(place) {
  const status = fs.lstatSync(place);
  const own = status.blocks * blockBytes;
  if (!status.isDirectory()) return own;
  return fs
    .readdirSync(place)
    .reduce((sum, name) => sum + size(path.join(place, name)), own);
}

try {
  await interruptible((interruption) =>
    withLock(
      lockFile,
      interruption,
      (holder) =>
        console.log(
          `A set-up is at work in this folder (process ${holder}); waiting for it.`,
        ),
      () => clean(interruption),
    ),
  );
} catch (error) {
  const known = explainFileError(error);
  if (!(error instanceof Interrupted) && known === undefined) throw error;
  console.error(
    known
      ? `${known.message}\n  To mend it: ${known.remedy}`
      : "Interrupted; npm run clean takes away the rest.",
  );
  process.exitCode = 1;
}
