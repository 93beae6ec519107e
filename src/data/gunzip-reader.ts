/**
 * What a gzipped file unpacks to, a block at a time.
 */
import { pipeline } from "node:stream/promises";
import { createGunzip } from "node:zlib";
import type { Gunzip } from "node:zlib";
import { DatasetError } from "./dataset-error";
import { quantity } from "./quantity";
import type { ByteReader, SourceFile } from "./source-file";

// What is packed and unpacked at a time: with these few bytes a file that unpacks to thousands of times its size does no harm.
const BLOCK = 2 ** 16;

/**
 * How many times its own size a gzipped file can unpack to at most: 258 bytes for every two bits.
 *
 * Source: zlib, "Technical Details", section "Maximum Compression Factor", https://zlib.net/zlib_tech.html.
 */
export const GREATEST_RATIO = 1032;

/**
 * Unpacks a gzipped file as far as it is read and no further. To be closed in the end.
 *
 * Whoever reads to its end knows that it is whole: its checksum is compared there, and nothing may follow.
 * Source of the format: RFC 1952, https://www.rfc-editor.org/rfc/rfc1952.
 */
export class GunzipReader implements ByteReader {
  readonly #file: SourceFile;
  readonly #gunzip: Gunzip;
  readonly #blocks: AsyncIterator<Buffer>;
  readonly #finished: Promise<void>;
  #block: Buffer = Buffer.alloc(0);

  /** `packed` gives the bytes of `file`. */
  constructor(file: SourceFile, packed: ByteReader) {
    this.#file = file;
    this.#gunzip = createGunzip({ chunkSize: BLOCK });
    // Whatever goes wrong is told to whoever asks for the next block. An error may come when the pipeline listens no longer.
    this.#gunzip.on("error", () => {});
    this.#finished = pipeline(blocksOf(packed), this.#gunzip).catch(() => {});
    this.#blocks = this.#gunzip[Symbol.asyncIterator]();
  }

  /** As {@link ByteReader.read}; throws a {@link DatasetError} if the file is damaged, cut off, or goes on after its end. */
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
      expected: `${this.#file.name} to end with its gzip stream`,
      received: `${quantity(left, "byte")} more`,
    });
  }

  #damaged(cause: unknown): DatasetError {
    if (cause instanceof DatasetError) return cause;
    const { code, message } = cause as NodeJS.ErrnoException;
    return this.#file.error({
      expected: `${this.#file.name} to be a whole gzip file`,
      received:
        code === "Z_BUF_ERROR"
          ? "one that was cut off"
          : `a damaged one (${message})`,
      cause,
    });
  }
}

async function* blocksOf(packed: ByteReader): AsyncGenerator<Buffer> {
  for (;;) {
    // A new one each time: the one before may not be unpacked yet.
    const block = Buffer.allocUnsafe(BLOCK);
    const length = await packed.read(block);
    if (length === 0) return;
    yield block.subarray(0, length);
  }
}
