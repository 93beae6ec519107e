// What a step of the set-up is, and how one is carried out.

import fs from "node:fs";
import { shown } from "./project.mjs";
import { SetupError, commandToRepeat } from "./setup-error.mjs";
import { difference, readStamp, writeStamp } from "./stamp.mjs";

/**
 * What a step is given to work with.
 *
 * @typedef {object} Work
 * @property {AbortSignal} interruption Aborted where set-up shall stop.
 * @property {(detail: string) => void} report Shows what the step is at.
 * @property {import("./stamp.mjs").Inputs | undefined} previous What the present piece was made from; undefined where it
 *   is not whole.
 */

/**
 * One step: it makes one piece.
 *
 * @typedef {object} Step
 * @property {string} name The piece's name, shown to people.
 * @property {string} stamp File of the piece's stamp. It lies inside the piece, so that it goes when the piece goes.
 * @property {string} folder The piece's folder, absolute.
 * @property {number} bytes Disk that making it takes, about.
 * @property {() => string[]} makes Files without which the piece is not whole.
 * @property {(previous: import("./stamp.mjs").Inputs | undefined) => import("./stamp.mjs").Inputs} inputs What it
 *   depends on, read from the disk. Called before and after `run`.
 * @property {(work: Work) => Promise<void>} run Makes the piece.
 */

/**
 * Looks whether a step has anything to do. Reads a few files and starts no process.
 *
 * @param {Step} step
 * @returns {string | undefined} Why the piece must be made; undefined where it is current.
 */
export function whyStale(step) {
  const stamp = readStamp(step.stamp);
  if (stamp === undefined)
    return fs.existsSync(step.folder) ? "not finished yet" : "not there yet";
  const missing = step.makes().find((file) => !fs.existsSync(file));
  if (missing !== undefined) return `${shown(missing)} is missing`;
  return difference(stamp, step.inputs(stamp));
}

/**
 * Carries a step out. The old stamp goes first and the new one comes last, so a run that is cut off leaves a piece that
 * nobody trusts.
 *
 * @param {Step} step
 * @param {Omit<Work, "previous">} work
 * @throws {SetupError} Where something is missing, or the step's inputs were changed while it ran.
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
      `${changed} changed while set-up was at work on it.`,
      commandToRepeat(),
    );
  writeStamp(step.stamp, after);
  const reason = whyStale(step);
  if (reason !== undefined)
    throw new SetupError(
      `The step "${step.name}" ended, yet its piece is not whole: ${reason}.`,
      `npm run clean, then ${commandToRepeat()}`,
    );
}
