// Setup: installs and builds everything the project needs inside the checkout. `npm start`, `npm
// test` and `npm run lab` run it first.
// It uses only Node's own modules, since nothing else is installed yet. Each step creates one
// artifact and writes a stamp beside it. An artifact with a current stamp is skipped, so a second
// run has nothing to do and an interrupted run is resumed.

import fs from "node:fs";
import { fileURLToPath } from "node:url";
import { addon } from "../src/engine/setup/addon.mjs";
import { bundledData, enterBundle, hasBundle } from "./setup/bundle.mjs";
import { declarations } from "./setup/declarations.mjs";
import { checkDiskSpace, checkWritable, gigabytes } from "./setup/disk.mjs";
import { environment } from "./setup/environment.mjs";
import { acceptOnlyHelp } from "./setup/help.mjs";
import { interruptible } from "../src/engine/setup/interruption.mjs";
import { jupyter } from "./setup/jupyter.mjs";
import { kernel } from "./setup/kernel.mjs";
import { endOrphans } from "../src/engine/setup/orphans.mjs";
import { withLock } from "../src/engine/setup/lock.mjs";
import { native } from "../src/engine/setup/native.mjs";
import { notebook } from "./setup/notebook.mjs";
import { packages } from "./setup/packages.mjs";
import { lockFile, logFile, root } from "./setup/project.mjs";
import {
  SetupError,
  commandToRepeat,
} from "../src/engine/setup/setup-error.mjs";
import { snapshot } from "./setup/snapshot.mjs";
import { giveUp, performAll } from "../src/engine/setup/steps.mjs";
import { whyStale } from "../src/engine/setup/step.mjs";

const oldestNode = 20;

/** In order: each step may use the artifacts of the earlier ones. */
const steps = [
  ...[environment, packages, addon, native],
  ...[declarations, notebook, kernel, snapshot, jupyter],
  ...(hasBundle ? [bundledData] : []),
];
/** The steps for which a bundle has files. The engine's may need a compiler from it. */
const bundledSteps = [environment, packages, addon, native, bundledData];

/**
 * Creates every artifact that is missing or stale. If a prerequisite is missing, prints one
 * sentence and the command that fixes it, and ends the process with code 1. If interrupted, ends it
 * with 128 plus the signal's number.
 *
 * @param {{ quiet?: boolean }} [options] With `quiet`, prints nothing if there is nothing to do.
 * @returns {Promise<void>}
 */
export async function setup({ quiet = false } = {}) {
  const started = performance.now();
  const seconds = () => ((performance.now() - started) / 1_000).toFixed(1);
  try {
    checkNode();
    if (steps.every((step) => whyStale(step) === undefined)) {
      if (!quiet) console.log(`Setup: nothing to do (${seconds()} s).`);
      return;
    }
    checkWritable();
    await interruptible((interruption) =>
      withLock(lockFile, interruption, announceWait, () =>
        performStale(interruption),
      ),
    );
    console.log(`Setup is complete (${seconds()} s).`);
  } catch (error) {
    giveUp(error);
  }
}

/** @param {AbortSignal} interruption */
async function performStale(interruption) {
  const missing = steps.filter((step) => !fs.existsSync(step.folder));
  const needed = missing.reduce((sum, step) => sum + step.bytes, 0);
  endOrphans();
  checkDiskSpace(needed);
  fs.writeFileSync(logFile, "");
  if (steps.every((step) => whyStale(step) === undefined)) return;
  console.log(
    missing.includes(environment)
      ? `Setting up in ${root}: needs ${gigabytes(needed)} of disk space and some minutes the first time.`
      : `Setting up in ${root}:`,
  );
  if (hasBundle && bundledSteps.some((step) => whyStale(step) !== undefined))
    await enterBundle(interruption);
  await performAll(steps, interruption);
}

/**
 * @throws {SetupError} If Node is too old.
 */
function checkNode() {
  if (Number.parseInt(process.versions.node, 10) < oldestNode)
    throw new SetupError(
      "ERR_VERSION",
      `Expected Node.js ${oldestNode} or newer, found ${process.version}.`,
      `nvm install 24 (or install Node.js ${oldestNode} or newer in another way), then ${commandToRepeat()}`,
    );
}

/** @param {number} holder Process id. */
function announceWait(holder) {
  console.log(
    `Another setup is running in this folder (process ${holder}); waiting for it.`,
  );
}

if (
  process.argv[1] !== undefined &&
  fs.realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)
) {
  acceptOnlyHelp(`npm run setup

Installs and builds what is missing or outdated: Python environment, Node packages, TensorFlow's addon, the native
training step, declarations, kernel. A second run has nothing to do. Every other command runs it first.`);
  await setup();
}
