// Stamps: the inputs of an artifact, written beside it when it is complete.
// An artifact without a stamp was never finished; an artifact whose stamp differs from the current
// inputs is stale.

import crypto from "node:crypto";
import fs from "node:fs";
import path from "node:path";
import { shown } from "./place.mjs";

/**
 * The inputs of an artifact: readable names, and values as short texts. Hashes begin with
 * "sha256:".
 *
 * @typedef {Record<string, string>} Inputs
 */

/**
 * @param {string} file The stamp's file.
 * @returns {Inputs | undefined} Its inputs; undefined if there is no complete stamp.
 */
export function readStamp(file) {
  try {
    return JSON.parse(fs.readFileSync(file, "utf8"));
  } catch {
    return undefined;
  }
}

/**
 * Writes a stamp, the last action of a step.
 *
 * @param {string} file
 * @param {Inputs} inputs
 */
export function writeStamp(file, inputs) {
  writeAtomically(file, JSON.stringify(inputs, undefined, 2) + "\n");
}

/**
 * Writes a file atomically: no reader ever sees an incomplete file.
 *
 * @param {string} file
 * @param {string} content
 */
export function writeAtomically(file, content) {
  fs.mkdirSync(path.dirname(file), { recursive: true });
  const draft = `${file}.partial`;
  fs.writeFileSync(draft, content);
  fs.renameSync(draft, file);
}

/**
 * @param {string[]} files Absolute paths; a missing file counts as empty.
 * @returns {string} A hash of their names and contents, in the given order.
 */
export function hashFiles(files) {
  const hash = crypto.createHash("sha256");
  for (const file of files) {
    const content = fs.existsSync(file) ? fs.readFileSync(file) : "";
    hash.update(`${shown(file)}\n${content.length}\n`).update(content);
  }
  return `sha256:${hash.digest("hex").slice(0, 16)}`;
}

/**
 * @param {string} text
 * @returns {string} A hash of the text.
 */
export function hashText(text) {
  const hash = crypto.createHash("sha256").update(text);
  return `sha256:${hash.digest("hex").slice(0, 16)}`;
}

/**
 * Describes the first difference between two sets of inputs.
 *
 * @param {Inputs} then The inputs in the stamp.
 * @param {Inputs} now The current inputs.
 * @returns {string | undefined} For example "requirements.txt changed"; undefined if they are
 *   equal.
 */
export function difference(then, now) {
  for (const name of new Set([...Object.keys(then), ...Object.keys(now)])) {
    const [before, after] = [then[name] ?? "nothing", now[name] ?? "nothing"];
    if (before === after) continue;
    return before.startsWith("sha256:")
      ? `${name} changed`
      : `${name} changed from ${before} to ${after}`;
  }
  return undefined;
}
