/**
 * Reads a file of a data set and detects changes during reading.
 */
import type { Stats } from "node:fs";
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
  readonly #found: Stats;

  private constructor(file: string, found: Stats) {
    this.path = file;
    this.name = path.basename(file);
    this.size = found.size;
    this.#found = found;
  }

  /** Finds a file. Throws a {@link DatasetError} if it does not exist or is not a regular file. */
  static async find(file: string): Promise<SourceFile> {
    const found = await stat(file).catch((cause: unknown) => {
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
   * Throws what `action` throws, and a {@link DatasetError} if the file cannot be read or has
   * changed.
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
      if (!isSame) throw this.changed("changed content");
      return result;
    } finally {
      await handle.close();
    }
  }

  /** Creates an error about this file. */
  error(details: Omit<DatasetErrorDetails, "file">): DatasetError {
    return new DatasetError({ ...details, file: this.path });
  }

  /** Creates the error for a file that another process changes during reading. */
  changed(received: string): DatasetError {
    const expected = `${this.name} to stay unchanged while it is read`;
    return this.error({ code: "ERR_FILE_DAMAGED", expected, received });
  }
}

/** Reader of an open file. */
export class FileBytes implements ByteReader {
  readonly #file: SourceFile;
  readonly #handle: FileHandle;
  #position = 0;

  constructor(file: SourceFile, handle: FileHandle) {
    this.#file = file;
    this.#handle = handle;
  }

  /**
   * Reads as {@link ByteReader.read} does. Throws a {@link DatasetError} if the file is truncated
   * meanwhile.
   */
  async read(target: Uint8Array): Promise<number> {
    const left = this.#file.size - this.#position;
    const wanted = Math.min(target.length, left);
    let filled = 0;
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

  /** Moves back to the first byte. */
  rewind(): void {
    this.#position = 0;
  }
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
