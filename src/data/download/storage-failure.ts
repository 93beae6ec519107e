/**
 * Checks free disk space and explains file system errors in the cache.
 */
import { statfs } from "node:fs/promises";
import { DatasetError } from "../dataset-error";
import { formatBytes } from "./download-event";

const ALTERNATIVE =
  "or put the files into another folder and set CONVNOTES_DATA to it";
const advice = `Free some space there or allow writing there, ${ALTERNATIVE}`;

/** Throws a {@link DatasetError} if the disk of `folder` has fewer free bytes than `needed`. */
export async function checkSpace(
  folder: string,
  title: string,
  needed: number,
): Promise<void> {
  let free;
  try {
    const { bavail, bsize } = await statfs(folder);
    free = bavail * bsize;
  } catch {
    // Some network disks do not report free space; a full disk then fails on writing.
    return;
  }
  if (free >= needed) return;
  throw new DatasetError({
    code: "ERR_DISK",
    expected: `${formatBytes(needed)} of free disk space for ${title}`,
    received: formatBytes(free),
    file: folder,
    advice,
  });
}

/**
 * Converts a file system error in the cache to a {@link DatasetError}. Returns other errors
 * unchanged.
 */
export function storageFailure(error: unknown, cache: string): unknown {
  if (!(error instanceof Error) || error instanceof DatasetError) return error;
  const { code } = error as NodeJS.ErrnoException;
  const received = code === undefined ? undefined : descriptions[code];
  if (code === undefined || received === undefined) return error;
  return new DatasetError({
    code: "ERR_DISK",
    expected: "the cache to be a writable folder on a disk with free space",
    received,
    file: (error as NodeJS.ErrnoException).path ?? cache,
    advice: OBSTACLES.has(code)
      ? `Move what is in its place elsewhere and try again, ${ALTERNATIVE}`
      : advice,
    cause: error,
  });
}

/** Codes of something that is in the place of a folder or a file of the cache. */
const OBSTACLES = new Set(["ENOTDIR", "EEXIST", "EISDIR", "ELOOP"]);

const descriptions: Readonly<Record<string, string>> = {
  ENOSPC: "a full disk (ENOSPC)",
  EDQUOT: "an exhausted quota (EDQUOT)",
  EFBIG: "a disk that does not support files of that size (EFBIG)",
  EROFS: "a read-only disk (EROFS)",
  EACCES: "no permission to write (EACCES)",
  EPERM: "no permission to write (EPERM)",
  ENOTDIR: "a file (ENOTDIR)",
  EEXIST: "a file (EEXIST)",
  EISDIR: "a folder instead of a file (EISDIR)",
  ENOENT: "a path that does not exist (ENOENT)",
  EIO: "a disk error (EIO)",
  ELOOP: "a link that leads to itself (ELOOP)",
  ENAMETOOLONG: "a name that is too long (ENAMETOOLONG)",
  EMFILE: "too many open files (EMFILE)",
  ENFILE: "too many open files (ENFILE)",
  EBUSY: "a file that another program uses (EBUSY)",
  ENOTEMPTY: "a folder to which another program writes (ENOTEMPTY)",
};
