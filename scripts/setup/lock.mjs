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
  let tookOver = false;
  for (;;) {
    interruption.throwIfAborted();
    if (create(file, mine)) {
      if (!tookOver) return;
      // For the moment in which a lock was moved away and looked at, a third process may have made its own.
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
    clearAway(file, holder);
    tookOver = true;
  }
}

/**
 * Removes the lock of a holder that is gone. Another process may have seen that as well and have made its own lock meanwhile: so
 * what is taken away is looked at, and put back if it is somebody else's.
 *
 * @param {string} file
 * @param {string} holder Whose lock it was when it was read.
 */
function clearAway(file, holder) {
  const removed = `${file}.${process.pid}.removed`;
  try {
    fs.renameSync(file, removed);
    if (read(removed) !== holder) fs.linkSync(removed, file);
  } catch (error) {
    const { code } = /** @type {NodeJS.ErrnoException} */ (error);
    // Another process was there first, with the one or with the other.
    if (code !== "ENOENT" && code !== "EEXIST") throw error;
  } finally {
    fs.rmSync(removed, { force: true });
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
