/**
 * Replaces files and folders so that neither a reader nor a power failure finds half of one.
 */
import { existsSync } from "node:fs";
import {
  mkdir,
  open,
  readdir,
  readlink,
  realpath,
  rename,
  rm,
  stat,
} from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { flushFolder } from "./data/download/folder";
import { coded } from "./notebook/coded-error";
import { newDraft, replacedEnding, replacedFolder } from "./notebook/draft";
import { warn } from "./notebook/note";

/** How long a running process may take between its two renames, in milliseconds. */
const patience = 2_000;
const retryInterval = 20;

/**
 * Writes the parts of a file, one after another, under a temporary name beside it, flushes them to
 * disk, and renames the file. If that fails, an existing file stays and nothing else is left.
 * Removes the temporary files of processes that were killed while they wrote the same file. If the
 * path is a link, the file that it names is replaced.
 *
 * `mode` are the permissions of the file, as of `stat`; by default, those of a new file.
 *
 * Throws an Error (`ERR_INVALID_VALUE`) if the path is a folder, device or pipe, and an Error
 * (`ERR_DISK`) if it cannot be written, for example if the disk is full.
 */
export async function replaceFile(
  path: string,
  parts: Iterable<Uint8Array | string>,
  mode?: number,
): Promise<void> {
  const place = await linkedPlace(path);
  // Other errors are those of writing.
  const present = await stat(place).catch(() => undefined);
  if (present !== undefined && !present.isFile()) {
    const kind = present.isDirectory() ? "a folder" : "a device or pipe";
    throw coded(
      "ERR_INVALID_VALUE",
      new Error(`Expected the path of a file, received ${path}, ${kind}`),
    );
  }
  const draft = newDraft(place);
  try {
    await writeDraft(draft, parts, mode);
    await rename(draft, place);
  } catch (error) {
    await rm(draft, { force: true }).catch(() => undefined);
    throw explained(path, draft, error);
  }
  await flushFolder(dirname(place));
}

/** Returns the absolute path that a path names, through links, also if nothing is there. */
async function linkedPlace(path: string): Promise<string> {
  try {
    return await realpath(path);
  } catch (error) {
    const isMissing = (error as NodeJS.ErrnoException).code === "ENOENT";
    const target = isMissing
      ? await readlink(path).catch(() => undefined)
      : undefined;
    return target === undefined
      ? resolve(path)
      : linkedPlace(resolve(await realpath(dirname(path)), target));
  }
}

/**
 * Writes a folder of files under a temporary name beside it, flushes them to disk, and renames the
 * folder. Replaces an existing folder that has no other files than these. Removes what processes
 * have left that were killed while they wrote the same folder.
 *
 * `files` are the contents by name. Throws an Error (`ERR_INVALID_VALUE`) if the folder has files
 * of other names, which would be lost, and an Error (`ERR_DISK`) if it cannot be written, for
 * example because the path is a file.
 */
export async function replaceFolder(
  folder: string,
  files: Readonly<Record<string, string | Uint8Array>>,
): Promise<void> {
  const place = await linkedPlace(folder);
  await restoreReplaced(place);
  const present = await readdir(place).catch((error: unknown) => {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT") return undefined;
    throw explained(folder, place, error);
  });
  const other = present?.find((name) => !Object.hasOwn(files, name));
  if (other !== undefined) {
    throw coded(
      "ERR_INVALID_VALUE",
      new Error(
        `Expected a new or empty folder, or one with only ${Object.keys(files).join(" and ")}, received ${folder}, which also has ${other}`,
      ),
    );
  }
  const draft = newDraft(place);
  const replaced = `${draft}${replacedEnding}`;
  try {
    await mkdir(draft, { recursive: true });
    for (const [name, content] of Object.entries(files)) {
      await writeDraft(join(draft, name), [content]);
    }
    await flushFolder(draft);
    if (present !== undefined) await rename(place, replaced);
    try {
      await rename(draft, place);
    } catch (error) {
      if (present !== undefined) await rename(replaced, place);
      throw error;
    }
  } catch (error) {
    throw explained(folder, draft, error);
  } finally {
    const isOnlyCopy = existsSync(replaced) && !existsSync(place);
    // Beside the draft, it is found again.
    for (const each of isOnlyCopy ? [] : [replaced, draft]) {
      // What cannot be removed now, the next call removes.
      await rm(each, { recursive: true, force: true }).catch(() => undefined);
    }
  }
  await flushFolder(dirname(place));
}

/**
 * Puts a folder back that a process has moved away to replace it, and was then killed. Waits if
 * that process may still be running. Does nothing if the folder exists.
 *
 * Throws an Error (`ERR_FILE_MISSING`) that says where the folder is if it cannot be put back.
 */
export async function restoreReplaced(folder: string): Promise<void> {
  const place = await linkedPlace(folder);
  const began = performance.now();
  for (;;) {
    if (existsSync(place)) return;
    const found = replacedFolder(place);
    if (found === undefined) return;
    const { path, state } = found;
    const isLate = performance.now() - began > patience;
    if (state === "ended" || (state === "unknown" && isLate)) {
      try {
        await rename(path, place);
      } catch (error) {
        // Another process has put it back.
        if (existsSync(place)) return;
        throw movedAway(folder, path, error);
      }
      warn(
        `The process that was replacing ${folder} has ended before it was done; the former folder was put back.`,
      );
      return;
    }
    if (isLate) throw movedAway(folder, path);
    await sleep(retryInterval);
  }
}

function movedAway(folder: string, path: string, cause?: unknown): Error {
  return coded(
    "ERR_FILE_MISSING",
    new Error(
      `Expected a folder ${folder}, received none: a process that replaces it has moved the former one to ${path}`,
      { cause },
    ),
  );
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

/** Returns an error that names the path for an error of the system that names the draft. */
function explained(path: string, draft: string, error: unknown): unknown {
  if (!(error instanceof Error) || !("syscall" in error)) return error;
  const rule = noRoom.has((error as NodeJS.ErrnoException).code)
    ? `room on the disk for ${path}`
    : `a path that can be written, ${path}`;
  const received = error.message.replaceAll(draft, path);
  return coded(
    "ERR_DISK",
    new Error(`Expected ${rule}, received ${received}`, { cause: error }),
  );
}
