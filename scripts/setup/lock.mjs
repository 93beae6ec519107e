// The lock that keeps two set-ups out of each other's way. It names its holder, so that a crashed holder's lock is
// recognised and taken over.

import fs from "node:fs";
import path from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { identity } from "./process-identity.mjs";

/** How often a waiting set-up looks again, in milliseconds. */
const waitMilliseconds = 200;
/** How long a lock that was taken over must stay ours before we trust it, in milliseconds. */
const settleMilliseconds = 50;

/**
 * Holds a lock while some work is done; waits where another process holds it.
 *
 * @template T
 * @param {string} file The lock's file.
 * @param {AbortSignal} interruption Ends the wait.
 * @param {(holder: number) => void} onWait Called once, with the holder's process id, where there is a wait.
 * @param {() => Promise<T>} work
 * @returns {Promise<T>} What the work returned.
 */
export async function withLock(file, interruption, onWait, work) {
  await acquire(file, interruption, onWait);
  try {
    return await work();
  } finally {
    if (read(file) === identity(process.pid)) fs.rmSync(file, { force: true });
  }
}

/**
 * @param {string} file
 * @param {AbortSignal} interruption
 * @param {(holder: number) => void} onWait
 */
async function acquire(file, interruption, onWait) {
  const mine = identity(process.pid) ?? String(process.pid);
  let announced = false;
  for (;;) {
    interruption.throwIfAborted();
    if (create(file, mine)) return;
    const holder = read(file);
    if (holder === undefined) continue;
    const processId = Number.parseInt(holder, 10);
    if (identity(processId) === holder) {
      if (!announced) onWait(processId);
      announced = true;
      await pause(waitMilliseconds);
      continue;
    }
    // The holder is gone. Two waiting processes may see that at once, and one may remove the other's new lock: so look
    // again after a moment whether ours is still there.
    fs.rmSync(file, { force: true });
    if (create(file, mine)) {
      await pause(settleMilliseconds);
      if (read(file) === mine) return;
    }
  }
}

/**
 * Makes the lock's file in one stroke, with its content in it.
 *
 * @param {string} file
 * @param {string} content
 * @returns {boolean} False where there is a lock already.
 */
function create(file, content) {
  fs.mkdirSync(path.dirname(file), { recursive: true });
  const draft = `${file}.${process.pid}`;
  fs.writeFileSync(draft, content);
  try {
    fs.linkSync(draft, file);
    return true;
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code === "EEXIST")
      return false;
    throw error;
  } finally {
    fs.rmSync(draft, { force: true });
  }
}

/**
 * @param {string} file
 * @returns {string | undefined} Whose lock it is, where there is one.
 */
function read(file) {
  try {
    return fs.readFileSync(file, "utf8");
  } catch {
    return undefined;
  }
}
