// A lock file that prevents concurrent setups. It names its holder, so that the lock of a crashed
// process is recognized and taken over.

import fs from "node:fs";
import path from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { identity } from "./process-identity.mjs";

/** Polling interval of a waiting setup, in milliseconds. */
const waitMilliseconds = 200;
/**
 * How long a lock that was taken over must stay ours before it counts as acquired, in milliseconds.
 */
const settleMilliseconds = 50;

/**
 * Holds a lock while `work` runs; waits if another process holds it.
 *
 * @template T
 * @param {string} file The lock's file.
 * @param {AbortSignal} interruption Ends the wait.
 * @param {(holder: number) => void} onWait Called once, with the holder's process id, if it has to
 *   wait.
 * @param {() => Promise<T>} work
 * @returns {Promise<T>} The result of the work.
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
  let tookOver = false;
  for (;;) {
    interruption.throwIfAborted();
    if (create(file, mine)) {
      if (!tookOver) return;
      // While a lock was moved away and checked, a third process may have created its own.
      await pause(settleMilliseconds);
      if (read(file) === mine) return;
      continue;
    }
    const holder = read(file);
    if (holder === undefined) continue;
    const processId = Number.parseInt(holder, 10);
    if (identity(processId) === holder) {
      if (!announced) onWait(processId);
      announced = true;
      await pause(waitMilliseconds);
      continue;
    }
    removeStale(file, holder);
    tookOver = true;
  }
}

/**
 * Removes the lock of a holder that has ended. Another process may have done so too and created its
 * own lock meanwhile; a lock of another holder is therefore put back.
 *
 * @param {string} file
 * @param {string} holder The holder read from the lock.
 */
function removeStale(file, holder) {
  const removed = `${file}.${process.pid}.removed`;
  try {
    fs.renameSync(file, removed);
    if (read(removed) !== holder) fs.linkSync(removed, file);
  } catch (error) {
    const { code } = /** @type {NodeJS.ErrnoException} */ (error);
    // Another process moved the lock, or created a new one, first.
    if (code !== "ENOENT" && code !== "EEXIST") throw error;
  } finally {
    fs.rmSync(removed, { force: true });
  }
}

/**
 * Creates the lock file atomically, including its content.
 *
 * @param {string} file
 * @param {string} content
 * @returns {boolean} False if there is a lock already.
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
 * @returns {string | undefined} The holder, or undefined if there is no lock.
 */
function read(file) {
  try {
    return fs.readFileSync(file, "utf8");
  } catch {
    return undefined;
  }
}
