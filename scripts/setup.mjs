// Set-up: everything the project needs, made inside the checkout by `npm start`, `npm test` and `npm run lab` themselves.
// It runs before anything is installed, on Node's own modules. Each step makes one piece and puts a stamp beside it; a
// piece with the right stamp is left alone, so a second run has nothing to do and a run that was cut off is taken up.

import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { addon } from "./setup/addon.mjs";
import { declarations } from "./setup/declarations.mjs";
import { explainFileError } from "./setup/diagnosis.mjs";
import { checkRoom, checkWritable, gigabytes } from "./setup/disk.mjs";
import { environment } from "./setup/environment.mjs";
import { interruptible } from "./setup/interruption.mjs";
import { jupyter } from "./setup/jupyter.mjs";
import { kernel } from "./setup/kernel.mjs";
import { endLeftovers } from "./setup/leftovers.mjs";
import { withLock } from "./setup/lock.mjs";
import { native } from "./setup/native.mjs";
import { packages } from "./setup/packages.mjs";
import { Progress } from "./setup/progress.mjs";
import { lockFile, logFile, root } from "./setup/project.mjs";
import {
  Interrupted,
  SetupError,
  commandToRepeat,
} from "./setup/setup-error.mjs";
import { snapshot } from "./setup/snapshot.mjs";
import { perform, whyStale } from "./setup/step.mjs";

const oldestNode = 20;

/** In this order: each may use what the ones before it made. */
const steps = [
  ...[environment, packages, addon, native],
  ...[declarations, kernel, snapshot, jupyter],
];

/**
 * Makes whatever is missing or stale. Ends the process with code 1 where something is missing that set-up cannot make,
 * after one sentence and the command that mends it, and with 128 plus the signal's number where it is interrupted.
 *
 * @param {{ quiet?: boolean }} [options] With `quiet`, nothing is said where there is nothing to do.
 * @returns {Promise<void>}
 */
export async function setup({ quiet = false } = {}) {
  const started = performance.now();
  const seconds = () => ((performance.now() - started) / 1_000).toFixed(1);
  try {
    checkNode();
    if (steps.every((step) => whyStale(step) === undefined)) {
      if (!quiet) console.log(`Set-up: nothing to do (${seconds()} s).`);
      return;
    }
    checkWritable();
    await interruptible((interruption) =>
      withLock(lockFile, interruption, announceWait, () =>
        performStale(interruption),
      ),
    );
    console.log(`Set-up is complete (${seconds()} s).`);
  } catch (error) {
    giveUp(error);
  }
}

/** @param {AbortSignal} interruption */
async function performStale(interruption) {
  const missing = steps.filter((step) => !fs.existsSync(step.folder));
  const needed = missing.reduce((sum, step) => sum + step.bytes, 0);
  endLeftovers();
  checkRoom(needed);
  fs.writeFileSync(logFile, "");
  if (steps.every((step) => whyStale(step) === undefined)) return;
  console.log(
    missing.includes(environment)
      ? `Setting up in ${root}: ${gigabytes(needed)} on the disk, some minutes the first time.`
      : `Setting up in ${root}:`,
  );
  const progress = new Progress();
  try {
    for (const step of steps) {
      const reason = whyStale(step);
      if (reason === undefined) continue;
      progress.start(step.name, reason);
      await perform(step, {
        interruption,
        report: (detail) => progress.show(detail),
      });
      progress.done();
    }
  } finally {
    progress.stop();
  }
}

/**
 * @throws {SetupError} Where Node is too old.
 */
function checkNode() {
  if (Number.parseInt(process.versions.node, 10) < oldestNode)
    throw new SetupError(
      `Expected Node.js ${oldestNode} or newer, found ${process.version}.`,
      `nvm install 24 (or install Node.js ${oldestNode} or newer in another way), then ${commandToRepeat()}`,
    );
}

/** @param {number} holder Process id. */
function announceWait(holder) {
  console.log(
    `Another set-up is at work in this folder (process ${holder}); waiting for it.`,
  );
}

/**
 * Ends the process.
 *
 * @param {unknown} error
 * @returns {never}
 */
function giveUp(error) {
  if (error instanceof Interrupted) {
    console.error(
      `Set-up was interrupted; ${commandToRepeat()} takes it up where it stopped.`,
    );
    process.exit(128 + os.constants.signals[error.signal]);
  }
  const known = error instanceof SetupError ? error : explainFileError(error);
  if (known === undefined) {
    // A mistake of ours: the log keeps what a person who mends it needs.
    const trace = error instanceof Error ? error.stack : String(error);
    fs.mkdirSync(path.dirname(logFile), { recursive: true });
    fs.appendFileSync(logFile, `\n${trace}\n`);
  }
  const { message, remedy, evidence } =
    known ??
    new SetupError(
      `Set-up met an error it does not know: ${error instanceof Error ? error.message : error}.`,
      `read ${logFile}, then ${commandToRepeat()}`,
    );
  console.error(`\n${message}\n  To mend it: ${remedy}`);
  if (evidence.length > 0)
    console.error(
      `  The last lines of ${logFile}:\n${evidence.map((line) => `    ${line}`).join("\n")}`,
    );
  process.exit(1);
}

if (
  process.argv[1] !== undefined &&
  fs.realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)
)
  await setup();
