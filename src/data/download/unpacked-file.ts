/**
 * Writes an unpacked file while checking its size and digest.
 */
import { createHash } from "node:crypto";
import { type FileHandle, open } from "node:fs/promises";
import path from "node:path";
import {
  type DataFile,
  type FilePrefix,
  PREFIX_BYTES,
} from "../catalog/dataset-entry";
import { quantity } from "../../notebook/quantity";
import { DatasetError } from "../dataset-error";

/** A file with its digest. */
export type DigestedFile = DataFile & FilePrefix;

/**
 * A new file on disk, checked against its catalog entry.
 *
 * Callers must call `finish` or `abandon`.
 */
export class UnpackedFile {
  readonly #wanted: DataFile;
  readonly #handle: FileHandle;
  readonly #hash = createHash("sha256");
  readonly #prefixes: FilePrefix[] = [];
  #bytes = 0;
  #isOpen = true;

  private constructor(wanted: DataFile, handle: FileHandle) {
    this.#wanted = wanted;
    this.#handle = handle;
  }

  /** Creates the file in `folder`. Throws the system's error if it already exists. */
  static async create(folder: string, wanted: DataFile): Promise<UnpackedFile> {
    const handle = await open(path.join(folder, wanted.name), "wx");
    return new UnpackedFile(wanted, handle);
  }

  /**
   * Appends bytes. Throws a {@link DatasetError} without writing if the file would become too
   * large.
   */
  async write(bytes: Uint8Array): Promise<void> {
    this.#bytes += bytes.length;
    if (this.#bytes > this.#wanted.bytes) throw this.#wrongSize("more");
    this.#update(bytes);
    let done = 0;
    while (done < bytes.length) {
      done += (await this.#handle.write(bytes, done)).bytesWritten;
    }
  }

  /**
   * Flushes the file to disk and closes it.
   *
   * Throws a {@link DatasetError} if its size is wrong, or its digest if the catalog has one.
   */
  async finish(): Promise<DigestedFile> {
    const { name, bytes, sha256 } = this.#wanted;
    if (this.#bytes < bytes)
      throw this.#wrongSize(quantity(this.#bytes, "byte"));
    const digest = this.#hash.digest("hex");
    if (sha256 !== undefined && digest !== sha256) {
      throw new DatasetError({
        code: "ERR_FILE_DAMAGED",
        expected: `${name} to have the SHA-256 ${sha256}`,
        received: digest,
      });
    }
    await this.#handle.sync();
    await this.abandon();
    return { name, bytes, sha256: digest, prefixes: this.#prefixes };
  }

  /** Closes the file in its current state. */
  async abandon(): Promise<void> {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    await this.#handle.close();
  }

  /** Hashes bytes that end at `#bytes`, and keeps the digests of the file's prefixes. */
  #update(bytes: Uint8Array): void {
    const start = this.#bytes - bytes.length;
    let done = 0;
    for (const prefix of PREFIX_BYTES) {
      if (prefix <= start || prefix > this.#bytes) continue;
      this.#hash.update(bytes.subarray(done, prefix - start));
      done = prefix - start;
      const sha256 = this.#hash.copy().digest("hex");
      this.#prefixes.push({ bytes: prefix, sha256 });
    }
    this.#hash.update(bytes.subarray(done));
  }

  #wrongSize(received: string): DatasetError {
    const { name, bytes } = this.#wanted;
    return new DatasetError({
      code: "ERR_FILE_DAMAGED",
      expected: `${name} to unpack to ${quantity(bytes, "byte")}`,
      received,
    });
  }
}
