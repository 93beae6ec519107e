/**
 * Reads a file of a data set and detects changes during reading.
 */
import type { BigIntStats } from "node:fs";
import { open, stat } from "node:fs/promises";
import type { FileHandle } from "node:fs/promises";
import path from "node:path";
import { DatasetError } from "./dataset-error";
import type { DatasetErrorDetails } from "./dataset-error";

/** Sequential reader of bytes. */
export interface ByteReader {
  /**
   * Fills `target` with the next bytes. Returns their number, which is less than its length only at
   * the end.
   */
  read(target: Uint8Array): Promise<number>;
}

/**
 * A regular file that has been found but not opened.
 *
 * {@link SourceFile.use} throws if the file has changed since it was found.
 */
export class SourceFile {
  readonly path: string;
  /** File name without its folder, for messages. */
  readonly name: string;
  /** Size in bytes. */
  readonly size: number;
  /** A text that differs if the file is replaced or changed. */
  readonly #identity: string;

  private constructor(file: string, found: BigIntStats) {
    this.path = file;
    this.name = path.basename(file);
    this.size = Number(found.size);
    this.#identity = identityOf(found);
  }

  /** Finds a file. Throws a {@link DatasetError} if it does not exist or is not a regular file. */
  static async find(file: string): Promise<SourceFile> {
    const found = await stat(file, { bigint: true }).catch((cause: unknown) => {
      throw unreadable(file, cause);
    });
    // Checked before opening, because opening a pipe blocks until another process writes to it.
    if (found.isFile()) return new SourceFile(file, found);
    throw new DatasetError({
      code: "ERR_FILE_MISSING",
      expected: `${path.basename(file)} to be a file`,
      received: found.isDirectory()
        ? "a directory"
        : "neither a file nor a directory",
      file,
    });
  }

  /**
   * Opens the file, passes its bytes to `action` and closes it.
   *
   * Throws a {@link DatasetError} if the file cannot be read, or if it has changed since it was
   * found. Otherwise throws what `action` throws.
   */
  async use<Result>(
    action: (bytes: FileBytes) => Promise<Result>,
  ): Promise<Result> {
    const handle = await open(this.path).catch((cause: unknown) => {
      throw unreadable(this.path, cause);
    });
    try {
      return await action(new FileBytes(this, handle));
    } finally {
      const now = await handle
        .stat({ bigint: true })
        .finally(() => handle.close());
      // Also if `action` fails: a change explains what it found in the file.
      this.#checkIdentity(now);
    }
  }

  /**
   * Throws a {@link DatasetError} if the file was changed, replaced or removed since it was found.
   */
  async checkUnchanged(): Promise<void> {
    const now = await stat(this.path, { bigint: true }).catch(() => {
      throw this.changed("a file that no longer exists");
    });
    this.#checkIdentity(now);
  }

  /** Creates an error about this file. */
  error(details: Omit<DatasetErrorDetails, "file">): DatasetError {
    return new DatasetError({ ...details, file: this.path });
  }

  /** Creates the error for a file that another process changes during reading. */
  changed(received: string): DatasetError {
    return this.error({
      code: "ERR_FILE_DAMAGED",
      expected: `${this.name} to stay unchanged while it is read`,
      received,
      advice: "Try again when no other program writes to it",
    });
  }

  #checkIdentity(now: BigIntStats): void {
    if (identityOf(now) !== this.#identity) {
      throw this.changed("changed content");
    }
  }
}

/** Reader of an open file. */
export class FileBytes implements ByteReader {
  readonly #file: SourceFile;
  readonly #handle: FileHandle;
  #position = 0;
  /** The bytes that were peeked at but not read. */
  #peeked = new Uint8Array(0);

  constructor(file: SourceFile, handle: FileHandle) {
    this.#file = file;
    this.#handle = handle;
  }

  /**
   * Reads as {@link ByteReader.read} does. Throws a {@link DatasetError} if the file is truncated
   * meanwhile.
   */
  async read(target: Uint8Array): Promise<number> {
    const left = this.#file.size - this.#position + this.#peeked.length;
    const wanted = Math.min(target.length, left);
    let filled = Math.min(this.#peeked.length, wanted);
    target.set(this.#peeked.subarray(0, filled));
    this.#peeked = this.#peeked.subarray(filled);
    // A single read may return fewer bytes than requested.
    while (filled < wanted) {
      const { bytesRead } = await this.#handle
        .read(target, filled, wanted - filled, this.#position)
        .catch((cause: unknown) => {
          throw unreadable(this.#file.path, cause);
        });
      if (bytesRead === 0) throw this.#file.changed("an early end of file");
      filled += bytesRead;
      this.#position += bytesRead;
    }
    return filled;
  }

  /** Returns the next bytes, at most `length`; `read` returns them again. */
  async peek(length: number): Promise<Uint8Array> {
    const target = new Uint8Array(length);
    this.#peeked = target.subarray(0, await this.read(target));
    return this.#peeked;
  }
}

/**
 * Returns a text that differs for two files and for two contents of one file. A program can set the
 * time of the content's change, but not that of the change of its metadata.
 */
function identityOf(found: BigIntStats): string {
  const { dev, ino, size, mtimeNs, ctimeNs } = found;
  return [dev, ino, size, mtimeNs, ctimeNs].join(" ");
}

/** Converts a file system error to a {@link DatasetError}. */
function unreadable(file: string, cause: unknown): DatasetError {
  const { code, message } = cause as NodeJS.ErrnoException;
  return new DatasetError({
    code: "ERR_FILE_MISSING",
    expected: `${path.basename(file)} to be a readable file`,
    received: code === "ENOENT" ? "no such file" : (code ?? message),
    file,
    cause,
  });
}
