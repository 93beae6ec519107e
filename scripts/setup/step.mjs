// Defines and runs the steps of setup.

import fs from "node:fs";
import { shown } from "./project.mjs";
import { SetupError, commandToRepeat } from "./setup-error.mjs";
import { difference, readStamp, writeStamp } from "./stamp.mjs";

/**
 * The context of a running step.
 *
 * @typedef {object} Work
 * @property {AbortSignal} interruption Aborted when setup is to stop.
 * @property {(detail: string) => void} report Shows the step's current activity.
 * @property {import("./stamp.mjs").Inputs | undefined} previous The inputs of the present artifact;
 *   undefined if it is incomplete.
 */

/**
 * A step of setup, which creates one artifact.
 *
 * @typedef {object} Step
 * @property {string} name The artifact's name, shown to users.
 * @property {string} stamp The artifact's stamp file, inside the artifact so that both are removed
 *   together.
 * @property {string} folder The artifact's folder, absolute.
 * @property {number} bytes Approximate disk space needed to create it.
 * @property {() => string[]} makes Files without which the artifact is incomplete.
 * @property {(previous: import("./stamp.mjs").Inputs | undefined) => import("./stamp.mjs").Inputs}
 *   inputs Reads its inputs from the disk. Called before and after `run`.
 * @property {(work: Work) => Promise<void>} run Creates the artifact.
 */

/**
 * Checks whether a step has to run. Reads a few files and starts no process.
 *
 * @param {Step} step
 * @returns {string | undefined} Why it has to run; undefined if the artifact is current.
 */
export function whyStale(step) {
  const stamp = readStamp(step.stamp);
  if (stamp === undefined)
    return fs.existsSync(step.folder) ? "not finished yet" : "not created yet";
  const missing = step.makes().find((file) => !fs.existsSync(file));
  if (missing !== undefined) return `${shown(missing)} is missing`;
  return difference(stamp, step.inputs(stamp));
}

/**
 * Runs a step. The old stamp is removed first and the new one written last, so an interrupted run
 * leaves an artifact that counts as unfinished.
 *
 * @param {Step} step
 * @param {Omit<Work, "previous">} work
 * @throws {SetupError} If a prerequisite is missing, or an input changed during the step.
 */
export async function perform(step, work) {
  const previous = readStamp(step.stamp);
  const before = step.inputs(previous);
  fs.rmSync(step.stamp, { force: true });
  await step.run({ ...work, previous });
  work.interruption.throwIfAborted();
  const after = step.inputs(previous);
  const changed = Object.keys(after).find(
    (name) =>
      before[name]?.startsWith("sha256:") && before[name] !== after[name],
  );
  if (changed !== undefined)
    throw new SetupError(
      "ERR_INVALID_STATE",
      `${changed} changed while setup was using it.`,
      commandToRepeat(),
    );
  writeStamp(step.stamp, after);
  const reason = whyStale(step);
  if (reason !== undefined)
    throw new SetupError(
      "ERR_INTERNAL",
      `The step "${step.name}" ended, but its artifact is incomplete: ${reason}.`,
      `npm run clean, then ${commandToRepeat()}`,
    );
}
