/**
 * One process at a time.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { DatasetError } from "../dataset-error";

const RETRY_MILLISECONDS = 250;

/** How a lock is held. */
export interface LockOptions {
  /** The lock of a process that has not renewed it for so long is taken over. At least 2. */
  readonly lockSeconds: number;
  readonly signal?: AbortSignal;
  /** Another process has the lock; called once. */
  readonly onWait?: () => void;
}

/**
 * Does something that only one process at a time may do, and waits for the others before.
 *
 * The lock is a folder whose time of change its holder renews, so that one left behind by a crash grows stale. `action` gets a signal
 * that is given when the one in `options` is, and when the lock was lost: a process that was halted for longer than that must not go
 * on where another took over.
 *
 * Throws what `action` throws, and the signal's reason if it is given while waiting.
 *
 * @param path Path of the lock, in an existing folder. Nothing may be there but a lock.
 */
export async function withLock<T>(
  path: string,
  { lockSeconds, signal, onWait }: LockOptions,
  action: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  // Not at the top: the library sets handlers for signals when it is loaded, which whoever only reads data does not want.
  const { lock } = await import("proper-lockfile");
  const controller = new AbortController();
  const forward = () => controller.abort(signal?.reason);
  const tryLock = () =>
    lock(path, {
      lockfilePath: path,
      realpath: false,
      stale: lockSeconds * 1_000,
      update: (lockSeconds * 1_000) / 4,
      onCompromised: (cause) => controller.abort(lost(path, cause)),
    });

  let release: (() => Promise<void>) | undefined;
  for (let isFirst = true; release === undefined; isFirst = false) {
    signal?.throwIfAborted();
    release = await tryLock().catch((error: NodeJS.ErrnoException) => {
      if (error.code === "ELOCKED") return undefined;
      throw error;
    });
    if (release !== undefined) break;
    if (isFirst) onWait?.();
    await sleep(RETRY_MILLISECONDS);
  }
  signal?.addEventListener("abort", forward);
  try {
    signal?.throwIfAborted();
    return await action(controller.signal);
  } finally {
    signal?.removeEventListener("abort", forward);
    // It is gone already if it was lost.
    await release().catch(() => undefined);
  }
}

function lost(path: string, cause: Error): DatasetError {
  return new DatasetError({
    expected: "the lock on the data set to stay this process's",
    received: "it taken by another, as this one was halted for too long",
    file: path,
    advice: "Try again",
    cause,
  });
}
