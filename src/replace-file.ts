/**
 * Replaces files so that neither a reader nor a power failure finds half of one.
 */
import { randomUUID } from "node:crypto";
import { open, rename, rm } from "node:fs/promises";
import { dirname } from "node:path";
import { flushFolder } from "./data/download/folder";

/**
 * Writes the parts of a file, one after another, under a temporary name beside it, flushes them to
 * disk, and renames the file. If that fails, an existing file stays and nothing else is left.
 *
 * Throws the system's error, for example if the folder does not exist or the disk is full.
 */
export async function replaceFile(
  path: string,
  parts: Iterable<Uint8Array | string>,
): Promise<void> {
  const draft = `${path}.${process.pid}-${randomUUID()}.part`;
  try {
    const handle = await open(draft, "wx");
    try {
      for (const part of parts) await handle.writeFile(part);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(draft, path);
  } catch (error) {
    await rm(draft, { force: true });
    throw error;
  }
  await flushFolder(dirname(path));
}
