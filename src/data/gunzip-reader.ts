/**
 * Decompresses a gzipped file block by block.
 */
import { pipeline } from "node:stream/promises";
import { createGunzip } from "node:zlib";
import type { Gunzip } from "node:zlib";
import { DatasetError } from "./dataset-error";
import { quantity } from "../notebook/quantity";
import type { ByteReader, SourceFile } from "./source-file";

// Size of compressed blocks: the first is small because a few images need no more, the later ones
// are large because that takes less time.
const FIRST_BLOCK = 2 ** 14;
const LAST_BLOCK = 2 ** 20;

// Size of decompressed blocks. A gzip bomb cannot exhaust memory with it.
const BLOCK = 2 ** 20;

/**
 * Maximum ratio of decompressed to compressed size in gzip: 258 bytes for every two bits.
 *
 * Source: zlib, "Technical Details", section "Maximum Compression Factor",
 * https://zlib.net/zlib_tech.html.
 */
export const MAX_RATIO = 1032;

/**
 * Reader that decompresses a gzipped file only as far as it is read. Call `close` when done.
 *
 * Reading to the end verifies the file: the checksum is compared there, and no bytes may follow.
 * Source of the format: RFC 1952, https://www.rfc-editor.org/rfc/rfc1952.
 */
export class GunzipReader implements ByteReader {
  readonly #file: SourceFile;
  readonly #gunzip: Gunzip;
  readonly #blocks: AsyncIterator<Buffer>;
  readonly #finished: Promise<void>;
  #block: Buffer = Buffer.alloc(0);

  /** @param packed The compressed bytes of `file`. */
  constructor(file: SourceFile, packed: ByteReader) {
    this.#file = file;
    this.#gunzip = createGunzip({ chunkSize: BLOCK });
    // `#next` reports errors. Without this listener, an error after the pipeline ends would be
    // uncaught.
    this.#gunzip.on("error", () => {});
    this.#finished = pipeline(blocksOf(packed), this.#gunzip).catch(() => {});
    this.#blocks = this.#gunzip[Symbol.asyncIterator]();
  }

  /**
   * Reads as {@link ByteReader.read} does. Throws a {@link DatasetError} if the file is damaged or
   * truncated, or if bytes follow the gzip stream.
   */
  async read(target: Uint8Array): Promise<number> {
    let filled = 0;
    while (filled < target.length) {
      if (this.#block.length === 0) {
        const { done, value } = await this.#next();
        if (done === true) break;
        this.#block = value;
      }
      const part = this.#block.subarray(0, target.length - filled);
      target.set(part, filled);
      filled += part.length;
      this.#block = this.#block.subarray(part.length);
    }
    return filled;
  }

  /** Stops unpacking. */
  async close(): Promise<void> {
    this.#gunzip.destroy();
    await this.#finished;
  }

  async #next(): Promise<IteratorResult<Buffer, undefined>> {
    const block = await this.#blocks.next().catch((cause: unknown) => {
      throw this.#damaged(cause);
    });
    const left = this.#file.size - this.#gunzip.bytesWritten;
    if (block.done !== true || left === 0) return block;
    throw this.#file.error({
      code: "ERR_FILE_FORMAT",
      expected: `${this.#file.name} to end with its gzip stream`,
      received: `${quantity(left, "byte")} more`,
    });
  }

  #damaged(cause: unknown): DatasetError {
    if (cause instanceof DatasetError) return cause;
    const { code, message } = cause as NodeJS.ErrnoException;
    return this.#file.error({
      code: "ERR_FILE_FORMAT",
      expected: `${this.#file.name} to be a complete gzip file`,
      received:
        code === "Z_BUF_ERROR"
          ? "a truncated one"
          : `a damaged one (${message})`,
      cause,
    });
  }
}

async function* blocksOf(packed: ByteReader): AsyncGenerator<Buffer> {
  for (let size = FIRST_BLOCK; ; size = Math.min(2 * size, LAST_BLOCK)) {
    // A new buffer each time: the previous one may not be decompressed yet.
    const block = Buffer.allocUnsafe(size);
    const length = await packed.read(block);
    if (length === 0) return;
    yield block.subarray(0, length);
  }
}
