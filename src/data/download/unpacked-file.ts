/**
 * A file that is being unpacked, which may become as large as it should and no larger.
 */
import { createHash } from "node:crypto";
import { type FileHandle, open } from "node:fs/promises";
import path from "node:path";
import type { DataFile } from "../catalogue/dataset-entry";
import { DatasetError } from "../dataset-error";

/** A file with the digest that it has. */
export type DigestedFile = Required<DataFile>;

/** A new file on disk that is held against what the catalogue says of it. Either `finish` or `abandon` must be called. */
export class UnpackedFile {
  readonly #wanted: DataFile;
  readonly #handle: FileHandle;
  readonly #hash = createHash("sha256");
  #bytes = 0;
  #isOpen = true;

  private constructor(wanted: DataFile, handle: FileHandle) {
    this.#wanted = wanted;
    this.#handle = handle;
  }

  /** Begins the file in `folder`, where none of that name may be. */
  static async create(folder: string, wanted: DataFile): Promise<UnpackedFile> {
    const handle = await open(path.join(folder, wanted.name), "wx");
    return new UnpackedFile(wanted, handle);
  }

  /** Adds bytes at the end. Throws a {@link DatasetError}, and writes nothing, if the file became too large. */
  async write(bytes: Uint8Array): Promise<void> {
    this.#bytes += bytes.length;
    if (this.#bytes > this.#wanted.bytes) throw this.#wrongSize("more");
    this.#hash.update(bytes);
    let done = 0;
    while (done < bytes.length) {
      done += (await this.#handle.write(bytes, done)).bytesWritten;
    }
  }

  /**
   * Ends the file, such that it outlasts a loss of power.
   *
   * Throws a {@link DatasetError} if its size, or its digest where the catalogue has one, is not as it should be.
   */
  async finish(): Promise<DigestedFile> {
    const { name, bytes, sha256 } = this.#wanted;
    if (this.#bytes < bytes) throw this.#wrongSize(count(this.#bytes));
    const digest = this.#hash.digest("hex");
    if (sha256 !== undefined && digest !== sha256) {
      throw new DatasetError({
        expected: `${name} to have the SHA-256 ${sha256}`,
        received: digest,
      });
    }
    await this.#handle.sync();
    await this.abandon();
    return { name, bytes, sha256: digest };
  }

  /** Lets go of the file as it is. */
  async abandon(): Promise<void> {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    await this.#handle.close();
  }

  #wrongSize(received: string): DatasetError {
    const { name, bytes } = this.#wanted;
    return new DatasetError({
      expected: `${name} to unpack to ${count(bytes)}`,
      received,
    });
  }
}

function count(bytes: number): string {
  return `${bytes.toLocaleString("en-US")} bytes`;
}
