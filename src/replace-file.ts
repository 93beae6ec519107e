/**
 * Replaces files and folders so that neither a reader nor a power failure finds half of one.
 */
import { randomUUID } from "node:crypto";
import { mkdir, open, readdir, rename, rm } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { flushFolder } from "./data/download/folder";
import { coded } from "./notebook/coded-error";

/**
 * Writes the parts of a file, one after another, under a temporary name beside it, flushes them to
 * disk, and renames the file. If that fails, an existing file stays and nothing else is left.
 *
 * `mode` are the permissions of the file, as of `stat`; by default, those of a new file.
 *
 * Throws an Error (`ERR_DISK`) if the disk is full, and the system's error otherwise, for example
 * if the folder does not exist.
 */
export async function replaceFile(
  path: string,
  parts: Iterable<Uint8Array | string>,
  mode?: number,
): Promise<void> {
  const draft = draftOf(path);
  try {
    await writeDraft(draft, parts, mode);
    await rename(draft, path);
  } catch (error) {
    await rm(draft, { force: true });
    throw explained(path, error);
  }
  await flushFolder(dirname(path));
}

/**
 * Writes a folder of files under a temporary name beside it, flushes them to disk, and renames the
 * folder. Replaces an existing folder that has no other files than these.
 *
 * `files` are the contents by name. Throws an Error (`ERR_INVALID_VALUE`) if the folder has files
 * of other names, which would be lost, and the system's error if it cannot be written.
 */
export async function replaceFolder(
  folder: string,
  files: Readonly<Record<string, string | Uint8Array>>,
): Promise<void> {
  const present = await readdir(folder).catch(ignoreMissing);
  const other = present?.find((name) => !Object.hasOwn(files, name));
  if (other !== undefined) {
    throw coded(
      "ERR_INVALID_VALUE",
      new Error(
        `Expected a new or empty folder, or one with only ${Object.keys(files).join(" and ")}, received ${folder}, which also has ${other}`,
      ),
    );
  }
  const draft = draftOf(resolve(folder));
  const replaced = `${draft}.old`;
  try {
    await mkdir(draft, { recursive: true });
    for (const [name, content] of Object.entries(files)) {
      await writeDraft(join(draft, name), [content]);
    }
    await flushFolder(draft);
    if (present !== undefined) await rename(folder, replaced);
    try {
      await rename(draft, folder);
    } catch (error) {
      if (present !== undefined) await rename(replaced, folder);
      throw error;
    }
  } catch (error) {
    throw explained(folder, error);
  } finally {
    await rm(draft, { recursive: true, force: true });
    await rm(replaced, { recursive: true, force: true });
  }
  await flushFolder(dirname(draft));
}

async function writeDraft(
  path: string,
  parts: Iterable<Uint8Array | string>,
  mode?: number,
): Promise<void> {
  const handle = await open(path, "wx", mode);
  try {
    // The mode of open() is limited by the process's umask.
    if (mode !== undefined) await handle.chmod(mode);
    for (const part of parts) await handle.writeFile(part);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Errors of the system if a disk, a quota or a limit of file sizes has no room. */
const noRoom: ReadonlySet<unknown> = new Set(["ENOSPC", "EDQUOT", "EFBIG"]);

function explained(path: string, error: unknown): unknown {
  const { code, message } = error as { code?: unknown; message?: string };
  if (!noRoom.has(code)) return error;
  return coded(
    "ERR_DISK",
    new Error(`Expected room on the disk for ${path}, received ${message}`, {
      cause: error,
    }),
  );
}

/** Returns a name for the time of writing, which no other call has. */
function draftOf(path: string): string {
  return `${path}.${process.pid}-${randomUUID()}.part`;
}

function ignoreMissing(error: NodeJS.ErrnoException): undefined {
  if (error.code !== "ENOENT") throw error;
}
