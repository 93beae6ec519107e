/**
 * A file that a data set is read from.
 */
import type { Stats } from "node:fs";
import { open, stat } from "node:fs/promises";
import type { FileHandle } from "node:fs/promises";
import path from "node:path";
import { DatasetError } from "./dataset-error";
import type { DatasetErrorDetails } from "./dataset-error";

/** Something that gives bytes, in order. */
export interface ByteReader {
  /** Fills `target` with the next bytes and returns how many those are: fewer than its length only at the end. */
  read(target: Uint8Array): Promise<number>;
}

/**
 * A regular file, found but not open yet.
 *
 * It stays what it was when it was found: {@link SourceFile.use} throws if it changes while it is read.
 */
export class SourceFile {
  readonly path: string;
  /** The last part of its path, for messages. */
  readonly name: string;
  /** Bytes it holds. */
  readonly size: number;
  readonly #found: Stats;

  private constructor(file: string, found: Stats) {
    this.path = file;
    this.name = path.basename(file);
    this.size = found.size;
    this.#found = found;
  }

  /** Throws a {@link DatasetError} if there is no such file, or something else in its place. */
  static async find(file: string): Promise<SourceFile> {
    const found = await stat(file).catch((cause: unknown) => {
      throw unreadable(file, cause);
    });
    // Looked at before it is opened: to open a pipe would be to wait for somebody who writes into it.
    if (found.isFile()) return new SourceFile(file, found);
    throw new DatasetError({
      expected: `${path.basename(file)} to be a file`,
      received: found.isDirectory()
        ? "a directory"
        : "neither a file nor a directory",
      file,
    });
  }

  /**
   * Opens the file, gives its bytes to `action`, and closes it. Throws what `action` throws, and a {@link DatasetError} if the file
   * cannot be read or is not the same any more afterwards.
   */
  async use<Result>(
    action: (bytes: FileBytes) => Promise<Result>,
  ): Promise<Result> {
    const handle = await open(this.path).catch((cause: unknown) => {
      throw unreadable(this.path, cause);
    });
    try {
      const result = await action(new FileBytes(this, handle));
      const now = await handle.stat();
      const isSame = (["ino", "size", "mtimeMs"] as const).every(
        (field) => now[field] === this.#found[field],
      );
      if (!isSame) throw this.changed("another content");
      return result;
    } finally {
      await handle.close();
    }
  }

  /** An error about this file. */
  error(details: Omit<DatasetErrorDetails, "file">): DatasetError {
    return new DatasetError({ ...details, file: this.path });
  }

  /** The error of a file that somebody writes to at the same time. */
  changed(received: string): DatasetError {
    const expected = `${this.name} to stay as it is while it is read`;
    return this.error({ expected, received });
  }
}

/** The bytes of a file that is open. */
export class FileBytes implements ByteReader {
  readonly #file: SourceFile;
  readonly #handle: FileHandle;
  #position = 0;

  constructor(file: SourceFile, handle: FileHandle) {
    this.#file = file;
    this.#handle = handle;
  }

  /** As {@link ByteReader.read}; throws a {@link DatasetError} if the file ends before its size. */
  async read(target: Uint8Array): Promise<number> {
    const left = this.#file.size - this.#position;
    const wanted = Math.min(target.length, left);
    let filled = 0;
    // A single read may give less than was asked for.
    while (filled < wanted) {
      const { bytesRead } = await this.#handle
        .read(target, filled, wanted - filled, this.#position)
        .catch((cause: unknown) => {
          throw unreadable(this.#file.path, cause);
        });
      if (bytesRead === 0) throw this.#file.changed("its end too early");
      filled += bytesRead;
      this.#position += bytesRead;
    }
    return filled;
  }

  /** Back to the first byte. */
  rewind(): void {
    this.#position = 0;
  }
}

/** Turns the file system's error into one of ours. */
function unreadable(file: string, cause: unknown): DatasetError {
  const { code, message } = cause as NodeJS.ErrnoException;
  return new DatasetError({
    expected: `${path.basename(file)} to be a file that can be read`,
    received: code === "ENOENT" ? "no such file" : (code ?? message),
    file,
    cause,
  });
}
