/**
 * What can be wrong with the place that data sets are kept in.
 */
import { statfs } from "node:fs/promises";
import { DatasetError } from "../dataset-error";
import { formatBytes } from "./download-moment";

const advice =
  "Make room there or allow writing there, or have the files in a folder elsewhere and name that in CONVNOTES_DATA";

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
    // Some network disks do not tell; they do when they are full.
    return;
  }
  if (free >= needed) return;
  throw new DatasetError({
    expected: `${formatBytes(needed)} of free disk for ${title}`,
    received: formatBytes(free),
    file: folder,
    advice,
  });
}

/** Makes a {@link DatasetError} of the system's error about the cache; others are given back as they are. */
export function storageFailure(error: unknown, cache: string): unknown {
  if (!(error instanceof Error) || error instanceof DatasetError) return error;
  const { code } = error as NodeJS.ErrnoException;
  const received = code === undefined ? undefined : descriptions[code];
  if (received === undefined) return error;
  return new DatasetError({
    expected: "the cache to be a folder on a disk with room, to write to",
    received,
    file: (error as NodeJS.ErrnoException).path ?? cache,
    advice,
    cause: error,
  });
}

const descriptions: Readonly<Record<string, string>> = {
  ENOSPC: "a full disk (ENOSPC)",
  EDQUOT: "a used-up quota (EDQUOT)",
  EFBIG: "a disk that holds no file of that size (EFBIG)",
  EROFS: "a read-only disk (EROFS)",
  EACCES: "no permission to write (EACCES)",
  EPERM: "no permission to write (EPERM)",
  ENOTDIR: "a file (ENOTDIR)",
  EEXIST: "a file (EEXIST)",
  EISDIR: "a folder in the place of a file (EISDIR)",
  ENOENT: "a place that is not there or went away (ENOENT)",
  EIO: "a disk that fails (EIO)",
};
