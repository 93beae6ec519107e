/**
 * Locks a data set so that only one process at a time modifies it.
 */
import { lstat } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { DatasetError } from "../dataset-error";

const RETRY_MILLISECONDS = 250;

/** Options of {@link withLock}. */
interface LockOptions {
  /** Age in seconds at which a lock that was not renewed is taken over. At least 2. */
  readonly lockSeconds: number;
  readonly signal?: AbortSignal | undefined;
  /** Called once if another process holds the lock. */
  readonly onWait?: () => void;
}

/**
 * Waits for the lock, runs `action` and releases the lock.
 *
 * The lock is a folder whose modification time its holder keeps renewing. A lock left behind by a
 * crash therefore becomes stale. The signal passed to `action` is aborted with the one in
 * `options`, and also if the lock is lost: a process that was suspended for too long must not
 * continue after another process has taken over.
 *
 * Throws what `action` throws, a {@link DatasetError} if there is a file in the lock's place, and
 * the signal's reason if it is aborted while waiting.
 *
 * @param path Path of the lock in an existing folder. Nothing but a lock may exist there.
 */
export async function withLock<T>(
  path: string,
  { lockSeconds, signal, onWait }: LockOptions,
  action: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  // Imported on first use: the library installs signal handlers when loaded, which reading data
  // does not need.
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
    await requireLockable(path);
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
    // Fails if the lock was lost.
    await release().catch(() => undefined);
  }
}

/**
 * Throws a {@link DatasetError} if there is a file in the lock's place. The library would throw
 * outside of any promise.
 */
async function requireLockable(path: string): Promise<void> {
  const found = await lstat(path).catch(() => undefined);
  if (found === undefined || found.isDirectory()) return;
  throw new DatasetError({
    code: "ERR_DISK",
    expected: "the lock of the data set to be a folder",
    received: "a file",
    file: path,
    advice: "Remove that file",
  });
}

function lost(path: string, cause: Error): DatasetError {
  return new DatasetError({
    code: "ERR_LOCKED",
    expected: "this process to keep its lock on the data set",
    received:
      "a lock taken over by another process, because this one was suspended for too long",
    file: path,
    advice: "Try again",
    cause,
  });
}
