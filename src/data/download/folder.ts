/**
 * Creates folders and flushes them to disk.
 */
import { mkdir, open, stat } from "node:fs/promises";
import path from "node:path";

/**
 * Creates a folder and its missing parents.
 *
 * Throws the system's error. Node's recursive `mkdir` is unsuitable: on a read-only disk it reports
 * a missing folder, and below Linux's `/proc` it never returns.
 */
export async function createFolder(folder: string): Promise<void> {
  try {
    await mkdir(folder);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const parent = path.dirname(folder);
    if (code === "ENOENT" && parent !== folder) {
      await createFolder(parent);
      // Another process may have created it meanwhile.
      await mkdir(folder).catch((later) => requireFolder(folder, later));
    } else {
      await requireFolder(folder, error);
    }
  }
}

/** Flushes a folder's entries to disk, so that they survive a power failure. */
export async function flushFolder(folder: string): Promise<void> {
  try {
    const handle = await open(folder, "r");
    await handle.sync().finally(() => handle.close());
  } catch {
    // Windows cannot open folders, and does this automatically.
  }
}

/** Throws `error` unless `folder` is a folder. */
async function requireFolder(folder: string, error: unknown): Promise<void> {
  const found = await stat(folder).catch(() => undefined);
  if (found?.isDirectory() !== true) throw error;
}
