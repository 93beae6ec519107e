/**
 * Locks a folder of checkpoints, so that only one run writes it.
 *
 * The lock is a folder whose modification time its holder keeps renewing (proper-lockfile). A file
 * beside it names the holder. So a lock that a killed process has left on this machine is taken
 * over at once; one of another machine, when it was not renewed for a while.
 */
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { coded } from "../../notebook/coded-error";
import {
  isSameProcess,
  processOf,
  type RunningProcess,
  thisMachine,
} from "../../notebook/running-process";

/** Age in milliseconds at which a lock of another machine that was not renewed is taken over. */
const staleAge = 20_000;
const retryInterval = 100;
/**
 * How long to wait for a holder on this machine, in milliseconds: it may be saving its last state.
 */
const patience = 5_000;
/** The same for one elsewhere, which may have ended. */
const patienceElsewhere = staleAge + 5_000;
/**
 * How long a holder that has ended must stay named before its lock is taken over, and the lock ours
 * before it counts, in milliseconds.
 */
const settleTime = 50;

/** Length of the file that names the holder. */
const holderLength = 400;

/** The process that holds a lock. */
interface Holder extends RunningProcess {
  readonly host: string;
}

/** A lock that is held. */
export interface FolderLock {
  /** Throws an Error (`ERR_LOCKED`) if another process has taken the lock over. */
  check(): void;
  release(): Promise<void>;
}

/**
 * Takes the lock of a folder. Waits some seconds if another process holds it.
 *
 * @throws Error `ERR_LOCKED` if it still does afterwards; Node's error if the folder cannot be
 *   written.
 */
export async function lockFolder(folder: string): Promise<FolderLock> {
  // Imported on first use: the library installs signal handlers when loaded.
  const { lock } = await import("proper-lockfile");
  const path = join(folder, "lock");
  const holderFile = join(folder, "lock.json");
  const mine: Holder = { host: thisMachine(), ...processOf(process.pid)! };
  let dead: Holder | undefined;
  const began = performance.now();
  let tookOver = false;
  for (;;) {
    // Belongs to this attempt: an abandoned lock may be reported as lost later.
    let lost: Error | undefined;
    const release = await lock(path, {
      lockfilePath: path,
      realpath: false,
      stale: staleAge,
      update: staleAge / 4,
      onCompromised: (cause) => (lost = cause),
    }).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== "ELOCKED") throw error;
      return undefined;
    });
    if (release !== undefined) {
      // Fails if the lock was lost.
      const unlock = () => release().catch(() => undefined);
      try {
        writeHolder(holderFile, mine);
      } catch (error) {
        await unlock();
        throw error;
      }
      // Another process may have removed this lock, which it believed to be the old one.
      if (tookOver) await sleep(settleTime);
      // Releasing would remove that process's lock.
      if (!isSame(readHolder(holderFile), mine)) continue;
      return {
        check: () => {
          if (lost !== undefined) throw taken(folder, lost);
        },
        release: unlock,
      };
    }
    const holder = readHolder(holderFile);
    const isHere = holder?.host === mine.host;
    if (isHere && !isSameProcess(processOf(holder.pid), holder)) {
      // It may be the last holder, and the present one is about to write its name.
      if (isSame(dead, holder)) {
        rmSync(path, { recursive: true, force: true });
        tookOver = true;
      } else {
        dead = holder;
        await sleep(settleTime);
      }
      continue;
    }
    const waited = performance.now() - began;
    if (waited > (isHere ? patience : patienceElsewhere)) {
      throw held(folder, holder);
    }
    await sleep(retryInterval);
  }
}

/**
 * Writes a holder's name over the last one's, so that a full disk does not prevent it. The file is
 * never removed.
 */
function writeHolder(file: string, holder: Holder): void {
  const flag = existsSync(file) ? "r+" : "w";
  const text = JSON.stringify(holder).padEnd(holderLength);
  writeFileSync(file, text, { flag });
}

function readHolder(file: string): Holder | undefined {
  try {
    const holder = JSON.parse(readFileSync(file, "utf8")) as Holder | null;
    return typeof holder?.host === "string" ? holder : undefined;
  } catch {
    // The holder is about to write it.
    return undefined;
  }
}

/** Whether both are the same process. */
function isSame(one: Holder | undefined, other: Holder | undefined): boolean {
  return one?.host === other?.host && isSameProcess(one, other);
}

function held(folder: string, holder: Holder | undefined): Error {
  const who =
    holder === undefined
      ? "another process"
      : `process ${holder.pid} on ${holder.host.split(" ")[0]}`;
  return coded(
    "ERR_LOCKED",
    new Error(
      `Expected a folder of checkpoints that no other process uses, received one that ${who} is using (${folder})`,
    ),
  );
}

function taken(folder: string, cause: Error): Error {
  return coded(
    "ERR_LOCKED",
    new Error(
      `Expected this process to keep its lock on the checkpoints, received one that is gone: another process has taken it over, because this one was suspended for too long, or the folder was removed (${folder})`,
      { cause },
    ),
  );
}
