// `npm run bundle`: makes a folder from which setup works without a network.
// The folder gets its name when it is complete; until then it has a hidden name beside it.

import fs from "node:fs";
import { createRequire } from "node:module";
import os from "node:os";
import path from "node:path";
import { helpText, parseArguments } from "./bundle/arguments.mjs";
import {
  describeFiles,
  filesIn,
  platform,
  writeManifest,
} from "./bundle/manifest.mjs";
import { copyProject } from "./bundle/project-files.mjs";
import { collectTarballs, installedPackages } from "./bundle/tarballs.mjs";
import { collectWheels } from "./bundle/wheels.mjs";
import { alone } from "./setup/alone.mjs";
import { checkDiskSpace } from "./setup/disk.mjs";
import {
  inProject,
  packagesFolder,
  root,
  sitePackages,
} from "./setup/project.mjs";
import { setup } from "./setup.mjs";
import { Progress } from "../src/engine/setup/progress.mjs";
import { Interrupted, SetupError } from "../src/engine/setup/setup-error.mjs";
import { giveUp } from "../src/engine/setup/steps.mjs";

/** Disk that Node's packages, wheels and the project take, in bytes. */
const packageBytes = 0.8e9;

/** @typedef {import("./bundle/data-sets.js").FoundDataSet} FoundDataSet */

/**
 * A part of the bundle.
 *
 * @typedef {object} Part
 * @property {string} name
 * @property {string} folder In the bundle.
 * @property {(folder: string, report: (detail: string) => void) => unknown} collect
 */

/**
 * @param {string[]} names
 * @returns {Promise<FoundDataSet[]>} The data sets, found on this machine.
 * @throws {SetupError} If one is not.
 */
async function findDataSets(names) {
  if (names.length === 0) return [];
  const load = createRequire(import.meta.url);
  load("ts-node").register({ transpileOnly: true, cwd: root });
  const { findDataSet } = load("./bundle/data-sets.ts");
  return Promise.all(
    names.map((name) =>
      findDataSet(name).catch(
        (/** @type {Error & { code: any }} */ { code, message }) => {
          throw new SetupError(
            code,
            `${message}.`,
            "npx convnotes data list shows which data sets there are, and where",
          );
        },
      ),
    ),
  );
}

/**
 * @param {FoundDataSet[]} dataSets
 * @param {AbortSignal} interruption
 * @returns {Part[]} In order.
 */
function parts(dataSets, interruption) {
  const load = createRequire(import.meta.url);
  return [
    {
      name: "project",
      folder: ".",
      collect(folder) {
        const left = copyProject(root, folder);
        if (left > 0)
          console.log(`    without ${counted(left)} that git does not track`);
      },
    },
    {
      name: "Node packages",
      folder: "bundle/npm",
      collect: (folder, report) =>
        collectTarballs(
          installedPackages(
            readJson(inProject("package-lock.json")),
            readJson(path.join(packagesFolder, ".package-lock.json")),
          ),
          folder,
          { interruption, report },
        ),
    },
    {
      name: "Python packages",
      folder: "bundle/wheels",
      collect: (folder, report) =>
        collectWheels(folder, { interruption, report }),
    },
    ...dataSets.map((set) => ({
      name: `${set.title}, from ${set.where}`,
      folder: "bundle/data",
      collect: (/** @type {string} */ folder) =>
        load("./bundle/data-sets.ts").copyDataSet(set, folder),
    })),
  ];
}

/**
 * @param {string} folder
 * @param {FoundDataSet[]} dataSets
 * @param {AbortSignal} interruption
 */
async function make(folder, dataSets, interruption) {
  const draft = path.join(
    path.dirname(folder),
    `.${path.basename(folder)}.partial`,
  );
  fs.rmSync(draft, { recursive: true, force: true });
  fs.mkdirSync(draft, { recursive: true });
  const needed = dataSets.reduce((sum, { bytes }) => sum + bytes, packageBytes);
  checkDiskSpace(needed, { what: "the bundle", folder: draft });
  console.log(`Making a bundle in ${folder}:`);
  const progress = new Progress();
  try {
    let before = { files: 0, bytes: 0 };
    for (const { name, folder, collect } of parts(dataSets, interruption)) {
      interruption.throwIfAborted();
      progress.start(name, "collecting");
      const target = path.join(draft, folder);
      fs.mkdirSync(target, { recursive: true });
      await collect(target, (detail) => progress.show(detail));
      progress.done();
      const now = sizeOf(draft);
      console.log(
        `    ${counted(now.files - before.files)}, ${megabytes(now.bytes - before.bytes)}`,
      );
      before = now;
    }
    progress.start("digests", "computing");
    const files = await describeFiles(draft, interruption);
    writeManifest(draft, {
      version: readJson(inProject("package.json")).version,
      machine: {
        platform: platform(),
        node: process.versions.node.split(".")[0],
        python: pythonVersion(),
      },
      dataSets: dataSets.map(({ name }) => name),
      files,
    });
    progress.done();
    fs.renameSync(draft, folder);
    console.log(`The bundle is complete: ${counted(before.files)}, ${megabytes(before.bytes)}.
Copy ${folder} to a disk of each machine, and run \`npm run setup\` in it.`);
  } finally {
    progress.stop();
    fs.rmSync(draft, { recursive: true, force: true });
  }
}

/** @param {string} folder */
function requireNew(folder) {
  const status = fs.statSync(folder, { throwIfNoEntry: false });
  if (status === undefined) return;
  if (status.isDirectory() && fs.readdirSync(folder).length === 0) return;
  throw new SetupError(
    "ERR_INVALID_VALUE",
    `Expected a folder that does not exist or is empty, received ${folder}.`,
    `npm run bundle -- --out OTHER_FOLDER, or remove ${folder}`,
  );
}

/** @returns {string} Major and minor version of the environment's Python. */
function pythonVersion() {
  return path
    .basename(path.dirname(sitePackages() ?? ""))
    .replace("python", "");
}

/**
 * @param {string} folder
 * @returns {{ files: number, bytes: number }}
 */
function sizeOf(folder) {
  const names = filesIn(folder);
  const bytes = names.reduce(
    (sum, name) => sum + fs.statSync(path.join(folder, name)).size,
    0,
  );
  return { files: names.length, bytes };
}

/** @param {number} files */
function counted(files) {
  return `${files} file${files === 1 ? "" : "s"}`;
}

/** @param {number} bytes */
function megabytes(bytes) {
  return `${(bytes / 1e6).toFixed(1)} MB`;
}

/** @param {string} file */
function readJson(file) {
  return JSON.parse(fs.readFileSync(file, "utf8"));
}

/** @returns {ReturnType<typeof parseArguments>} */
function readArguments() {
  try {
    return parseArguments(process.argv.slice(2));
  } catch (error) {
    console.error(`${/** @type {Error} */ (error).message}\n\n${helpText}`);
    process.exit(2);
  }
}

const { dataSets, folder, help } = readArguments();
if (help) {
  console.log(helpText);
  process.exit(0);
}
await setup({ quiet: true });
try {
  requireNew(folder);
  const found = await findDataSets(dataSets);
  await alone((interruption) => make(folder, found, interruption));
} catch (error) {
  if (!(error instanceof Interrupted)) giveUp(error);
  console.error("Interrupted; no bundle was written.");
  process.exit(128 + os.constants.signals[error.signal]);
}
