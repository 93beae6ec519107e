/**
 * Computes the digests of files while they are read, so that each file is read once.
 */
import { createHash } from "node:crypto";
import type { FilePrefix } from "./catalog/dataset-entry";
import { DatasetError } from "./dataset-error";
import { GunzipReader } from "./gunzip-reader";
import type { ByteReader, SourceFile } from "./source-file";

const BLOCK = 2 ** 20;
const GZIP = [0x1f, 0x8b] as const;

/** The digest of a file's content, or of its beginning if only that was read. */
export interface FileDigest {
  /** Number of bytes and the SHA-256 that they should have. */
  readonly expected: FilePrefix;
  /** SHA-256 of these bytes; undefined if the content is damaged, shorter, or longer as a whole. */
  readonly received?: string | undefined;
  /** Number of bytes read: at most one more than expected. */
  readonly bytes: number;
  /** Why `received` is undefined, if the rest of the file could not be read. */
  readonly error?: DatasetError | undefined;
}

/**
 * Opens the files of a data set for their reader, and keeps their SHA-256.
 *
 * A digest is of the very bytes that the reader received, followed by those up to the next number
 * of bytes with a known digest. So a few images are verified without reading the whole file. No
 * digest outlives the object: the next one reads the file again.
 */
export class FileDigests {
  readonly #expected: ReadonlyMap<string, readonly FilePrefix[]>;
  readonly #digests = new Map<string, FileDigest>();
  readonly #read = new Set<SourceFile>();

  /**
   * @param expected The known digests of each file, by path, shortest prefix first. The last one is
   * of the whole file.
   */
  constructor(
    expected: ReadonlyMap<string, readonly FilePrefix[]> = new Map(),
  ) {
    this.#expected = expected;
  }

  /**
   * Opens a file and passes its bytes to `action`.
   *
   * Throws what `action` throws, and a `DatasetError` if the file cannot be read or changes.
   */
  async read<Result>(
    file: SourceFile,
    action: (bytes: ByteReader) => Promise<Result>,
  ): Promise<Result> {
    this.#read.add(file);
    return file.use((stored) => this.#hash(file, stored, action));
  }

  /**
   * Opens a file that may be gzipped and passes its unpacked bytes to `action`.
   *
   * Gzip is detected by the first bytes, not by the file name. Throws as `read` does.
   */
  async readUnpacked<Result>(
    file: SourceFile,
    action: (bytes: ByteReader, isPacked: boolean) => Promise<Result>,
  ): Promise<Result> {
    this.#read.add(file);
    return file.use(async (stored) => {
      const head = await stored.peek(GZIP.length);
      if (!GZIP.every((byte, index) => byte === head[index])) {
        return this.#hash(file, stored, (bytes) => action(bytes, false));
      }
      const unpacked = new GunzipReader(file, stored);
      try {
        return await this.#hash(file, unpacked, (bytes) => action(bytes, true));
      } finally {
        await unpacked.close();
      }
    });
  }

  /** Returns the digest of a file, or undefined if none is known or the file was not read. */
  of(path: string): FileDigest | undefined {
    return this.#digests.get(path);
  }

  /**
   * Checks that the files are still those that were read. Otherwise some of them could be from
   * before a change of the data set, and others from after it.
   *
   * Throws a `DatasetError` if a file was changed or replaced.
   */
  async checkUnchanged(): Promise<void> {
    for (const file of this.#read) await file.checkUnchanged();
  }

  async #hash<Result>(
    { path }: SourceFile,
    bytes: ByteReader,
    action: (bytes: ByteReader) => Promise<Result>,
  ): Promise<Result> {
    const expected = this.#expected.get(path);
    if (expected === undefined) return action(bytes);
    const hashed = new HashedBytes(bytes);
    const result = await action(hashed);
    this.#digests.set(path, await hashed.finish(expected));
    return result;
  }
}

/** Reader that hashes the bytes that it returns. */
class HashedBytes implements ByteReader {
  readonly #bytes: ByteReader;
  readonly #hash = createHash("sha256");
  #length = 0;

  constructor(bytes: ByteReader) {
    this.#bytes = bytes;
  }

  async read(target: Uint8Array): Promise<number> {
    let filled = 0;
    // In blocks, so that the next one is unpacked meanwhile, and this one is in the CPU's cache.
    while (filled < target.length) {
      const block = target.subarray(filled, filled + BLOCK);
      const length = await this.#bytes.read(block);
      this.#hash.update(block.subarray(0, length));
      filled += length;
      if (length < block.length) break;
    }
    this.#length += filled;
    return filled;
  }

  /** Reads on to the next known digest, and returns it with that of the bytes so far. */
  async finish(known: readonly FilePrefix[]): Promise<FileDigest> {
    const whole = known.at(-1)!;
    const expected = known.find(({ bytes }) => bytes >= this.#length) ?? whole;
    try {
      const block = new Uint8Array(
        Math.min(BLOCK, Math.max(0, expected.bytes - this.#length)),
      );
      while (this.#length < expected.bytes) {
        const wanted = Math.min(block.length, expected.bytes - this.#length);
        if ((await this.read(block.subarray(0, wanted))) === 0) break;
      }
      // A malicious file may unpack to a thousand times its size, so this reads no further.
      if (expected === whole) await this.read(new Uint8Array(1));
    } catch (error) {
      if (!(error instanceof DatasetError)) throw error;
      // The requested images were read; the damage comes after them.
      return { expected, bytes: this.#length, error };
    }
    const bytes = this.#length;
    const isAll = bytes === expected.bytes;
    const received = isAll ? this.#hash.digest("hex") : undefined;
    return { expected, received, bytes };
  }
}
