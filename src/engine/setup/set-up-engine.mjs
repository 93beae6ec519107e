// `convnotes engine setup`: makes the parts of the engine that an npm package cannot contain, in
// the project that has installed it.

import fs from "node:fs";
import { interruptible } from "./interruption.mjs";
import { withLock } from "./lock.mjs";
import { endOrphans } from "./orphans.mjs";
import { isInstalled, lockFile, logFile, root, workFolder } from "./place.mjs";
import { SetupError } from "./setup-error.mjs";
import { whyStale } from "./step.mjs";
import { giveUp, performAll } from "./steps.mjs";
import { tensorflow } from "./tensorflow.mjs";
import { tfjs } from "./tfjs.mjs";

/**
 * Creates every part that is missing or outdated. If a prerequisite is missing, prints one sentence
 * and the command that fixes it, and ends the process with code 1.
 *
 * @returns {Promise<number>} The exit code.
 */
export async function setUpEngine() {
  const started = performance.now();
  try {
    checkPlace();
    fs.mkdirSync(workFolder, { recursive: true });
    await interruptible((interruption) =>
      withLock(lockFile, interruption, announceWait, () =>
        performStale(interruption),
      ),
    );
    const seconds = ((performance.now() - started) / 1_000).toFixed(1);
    console.log(`The engine is ready (${seconds} s).`);
    return 0;
  } catch (error) {
    giveUp(error);
  }
}

/** @param {AbortSignal} interruption */
async function performStale(interruption) {
  endOrphans();
  const early = [tfjs, tensorflow];
  const isFirst = early.some((step) => whyStale(step) !== undefined);
  if (isFirst) {
    fs.writeFileSync(logFile, "");
    console.log(
      `Setting up the engine in ${root}; libtensorflow and the log are in ${workFolder}.`,
    );
  }
  await performAll(early, interruption);
  // They look for tfjs-node when they are loaded.
  const { addon } = await import("./addon.mjs");
  const { native } = await import("./native.mjs");
  await performAll([addon, native], interruption);
}

/**
 * @throws {SetupError} If the engine cannot be set up on this system, or not with this command.
 */
function checkPlace() {
  if (!isInstalled)
    throw new SetupError(
      "ERR_UNSUPPORTED",
      `Expected a project that has installed @convnotes/engine, found the checkout of convnotes in ${root}.`,
      "npm run setup",
    );
  if (process.platform !== "linux")
    throw new SetupError(
      "ERR_UNSUPPORTED",
      `Expected Linux, where libtensorflow comes from PyPI, found ${process.platform}: the engine cannot be built here.`,
      "use Linux, or WSL on Windows",
    );
}

/** @param {number} holder Process id. */
function announceWait(holder) {
  console.log(
    `Another setup of the engine is running (process ${holder}); waiting for it.`,
  );
}
