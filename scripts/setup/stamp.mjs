// Stamps: what a piece of the set-up was made from, written beside the piece when it is whole. A piece without its
// stamp was never finished; a piece whose stamp differs from today's inputs is stale.

import crypto from "node:crypto";
import fs from "node:fs";
import path from "node:path";
import { shown } from "./project.mjs";

/**
 * What a piece depends on: names as a person would say them, and values as short texts. Hashes begin with "sha256:".
 *
 * @typedef {Record<string, string>} Inputs
 */

/**
 * @param {string} file The stamp's file.
 * @returns {Inputs | undefined} The inputs written in it; undefined where there is no whole stamp.
 */
export function readStamp(file) {
  try {
    return JSON.parse(fs.readFileSync(file, "utf8"));
  } catch {
    return undefined;
  }
}

/**
 * Writes a stamp, the last act of making a piece.
 *
 * @param {string} file
 * @param {Inputs} inputs
 */
export function writeStamp(file, inputs) {
  writeWhole(file, JSON.stringify(inputs, undefined, 2) + "\n");
}

/**
 * Writes a file so that no reader ever sees half of it.
 *
 * @param {string} file
 * @param {string} content
 */
export function writeWhole(file, content) {
  fs.mkdirSync(path.dirname(file), { recursive: true });
  const draft = `${file}.partial`;
  fs.writeFileSync(draft, content);
  fs.renameSync(draft, file);
}

/**
 * @param {string[]} files Absolute paths; a file that is not there counts as empty.
 * @returns {string} A fingerprint of their names and contents, in the given order.
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
 * @returns {string} A fingerprint of a text.
 */
export function hashText(text) {
  const hash = crypto.createHash("sha256").update(text);
  return `sha256:${hash.digest("hex").slice(0, 16)}`;
}

/**
 * Says in words how two sets of inputs differ.
 *
 * @param {Inputs} then The stamp's.
 * @param {Inputs} now Today's.
 * @returns {string | undefined} For example "requirements.txt changed"; undefined where they are the same.
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
