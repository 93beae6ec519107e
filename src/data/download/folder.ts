/**
 * Folders, made and kept such that nothing is left to chance.
 */
import { mkdir, open, stat } from "node:fs/promises";
import path from "node:path";

/**
 * Makes a folder, and those around it, if they are not there.
 *
 * Throws what the system throws. (Node's own recursive `mkdir` does not: on a read-only disk it says that something is missing, and
 * below Linux's `/proc` it never comes to an end.)
 */
export async function makeFolder(folder: string): Promise<void> {
  try {
    await mkdir(folder);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const around = path.dirname(folder);
    if (code === "ENOENT" && around !== folder) {
      await makeFolder(around);
      // Another process may have made it by now.
      await mkdir(folder).catch((later) => requireFolder(folder, later));
    } else {
      await requireFolder(folder, error);
    }
  }
}

/** Sees to it that the names in a folder outlast a loss of power. */
export async function flushFolder(folder: string): Promise<void> {
  try {
    const handle = await open(folder, "r");
    await handle.sync().finally(() => handle.close());
  } catch {
    // Windows does not open folders, and looks after this by itself.
  }
}

/** Throws `error` if `folder` is none. */
async function requireFolder(folder: string, error: unknown): Promise<void> {
  const found = await stat(folder).catch(() => undefined);
  if (found?.isDirectory() !== true) throw error;
}
