/**
 * The files of a folder of checkpoints: complete ones only, the last few of them.
 */
import {
  closeSync,
  fsyncSync,
  openSync,
  readdirSync,
  renameSync,
  rmSync,
} from "node:fs";
import { join } from "node:path";
import { readTensors, writeTensors, type TensorFile } from "./tensor-file";

/** `step-00000120.safetensors`: the number of steps that were done. */
const fileName = /^step-(\d{8,})\.safetensors$/;
const draftName = /^step-\d+\.safetensors\.\d+\.part$/;

/** Errors of a disk without room: it is full, or the user's quota is. */
const withoutRoom = new Set(["ENOSPC", "EDQUOT"]);

/** A checkpoint that was read. */
export interface FoundCheckpoint {
  readonly path: string;
  readonly content: TensorFile;
}

/** A folder of checkpoints, which exists. */
export class CheckpointFolder {
  readonly path: string;
  readonly #keep: number;

  /** @param keep Number of checkpoints that are kept. */
  constructor(path: string, keep: number) {
    this.path = path;
    this.#keep = keep;
  }

  /**
   * Writes a checkpoint: under a temporary name, which the file loses when it is on the disk. Then
   * removes the oldest ones. If there is no room, removes them first, except the newest.
   *
   * @param steps Number of steps that were done.
   * @throws Node's error if the file cannot be written; the others are unchanged.
   */
  write(steps: number, content: TensorFile): void {
    const path = join(
      this.path,
      `step-${String(steps).padStart(8, "0")}.safetensors`,
    );
    for (;;) {
      try {
        writeDurably(path, content);
        break;
      } catch (error) {
        const oldest = this.#files().slice(1).at(-1);
        const { code = "" } = error as NodeJS.ErrnoException;
        if (!withoutRoom.has(code) || oldest === undefined) throw error;
        rmSync(oldest, { force: true });
      }
    }
    for (const old of this.#files().slice(this.#keep)) {
      rmSync(old, { force: true });
    }
  }

  /**
   * Returns the newest checkpoint that is complete; undefined if there is none. Removes what a
   * process that was killed has left, and damaged files.
   *
   * @param damaged Called with the error for each damaged file.
   * @throws The error of a file that cannot be read or is of another format.
   */
  newest(damaged: (error: Error) => void): FoundCheckpoint | undefined {
    for (const name of this.#names()) {
      if (draftName.test(name)) rmSync(join(this.path, name), { force: true });
    }
    for (const path of this.#files()) {
      try {
        return { path, content: readTensors(path) };
      } catch (error) {
        const { code } = error as NodeJS.ErrnoException;
        if (code !== "ERR_FILE_DAMAGED") throw error;
        damaged(error as Error);
        rmSync(path, { force: true });
      }
    }
    return undefined;
  }

  /** Returns the names of the files, without folders and links. */
  #names(): string[] {
    return readdirSync(this.path, { withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map(({ name }) => name);
  }

  /** Returns the paths of the checkpoints, the newest first. */
  #files(): string[] {
    return this.#names()
      .map((name) => ({ name, steps: Number(fileName.exec(name)?.[1] ?? NaN) }))
      .filter(({ steps }) => !Number.isNaN(steps))
      .sort((one, other) => other.steps - one.steps)
      .map(({ name }) => join(this.path, name));
  }
}

function writeDurably(path: string, content: TensorFile): void {
  const draft = `${path}.${process.pid}.part`;
  try {
    const file = openSync(draft, "w");
    try {
      writeTensors(file, content);
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    renameSync(draft, path);
  } catch (error) {
    rmSync(draft, { force: true });
    throw error;
  }
  syncFolder(join(path, ".."));
}

/** Makes a change of names in a folder durable, where the system can. */
function syncFolder(path: string): void {
  if (process.platform === "win32") return;
  const folder = openSync(path, "r");
  try {
    fsyncSync(folder);
  } catch (error) {
    // Some network file systems cannot.
    if ((error as NodeJS.ErrnoException).code !== "EINVAL") throw error;
  } finally {
    closeSync(folder);
  }
}
