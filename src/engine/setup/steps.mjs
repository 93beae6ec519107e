// Runs steps of setup with a progress display, and reports errors.

import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { explainFileError } from "./diagnosis.mjs";
import { logFile } from "./place.mjs";
import { Progress } from "./progress.mjs";
import { Interrupted, SetupError, commandToRepeat } from "./setup-error.mjs";
import { perform, whyStale } from "./step.mjs";

/**
 * Runs the steps whose artifacts are missing or stale, in order.
 *
 * @param {import("./step.mjs").Step[]} steps
 * @param {AbortSignal} interruption
 */
export async function performAll(steps, interruption) {
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
 * Prints the error and ends the process.
 *
 * @param {unknown} error
 * @returns {never}
 */
export function giveUp(error) {
  if (error instanceof Interrupted) {
    console.error(`Setup was interrupted; ${commandToRepeat()} resumes it.`);
    process.exit(128 + os.constants.signals[error.signal]);
  }
  const known = error instanceof SetupError ? error : explainFileError(error);
  if (known === undefined) {
    // An unexpected error is a bug: the log keeps its stack trace.
    const trace = error instanceof Error ? error.stack : String(error);
    fs.mkdirSync(path.dirname(logFile), { recursive: true });
    fs.appendFileSync(logFile, `\n${trace}\n`);
  }
  const { message, remedy, evidence } =
    known ??
    new SetupError(
      "ERR_INTERNAL",
      `Setup failed with an unexpected error: ${error instanceof Error ? error.message : error}.`,
      `read ${logFile}, then ${commandToRepeat()}`,
    );
  console.error(`\n${message}\n  To fix it: ${remedy}`);
  if (evidence.length > 0)
    console.error(
      `  The last lines of ${logFile}:\n${evidence.map((line) => `    ${line}`).join("\n")}`,
    );
  process.exit(1);
}
