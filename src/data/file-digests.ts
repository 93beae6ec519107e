/**
 * Computes the digests of files while they are read, so that each file is read once.
 */
import { createHash } from "node:crypto";
import { GunzipReader } from "./gunzip-reader";
import { type ByteReader, type FileBytes, SourceFile } from "./source-file";

const BLOCK = 2 ** 20;
const GZIP = [0x1f, 0x8b] as const;

/** Which bytes of a file have a published digest. */
export interface DigestRule {
  /** The file as it is stored, or what it unpacks to if it is gzipped. */
  readonly of: "stored" | "unpacked";
  /** The largest number of these bytes; a file with more has no digest. */
  readonly max: number;
}

/** Passes bytes to `action`, and computes their digest if it is needed. */
type Hashing = <Result>(
  bytes: ByteReader,
  action: (bytes: ByteReader) => Promise<Result>,
) => Promise<Result>;

// Digests computed by this process, by rule and path. They are valid for one identity of the file.
const remembered = new Map<
  string,
  { readonly identity: string; readonly digest: string | undefined }
>();

/**
 * Opens the files of a data set for their reader, and returns their SHA-256.
 *
 * A digest is of the very bytes that the reader received, followed by the rest of the file. A file
 * with a published digest is therefore read to its end even if one image is requested: a data set
 * is original only if all its bytes are. A file is read only as far as its reader reads it if no
 * digest is published, or if this process has verified it and it has not changed since.
 */
export class FileDigests {
  readonly #rules: ReadonlyMap<string, DigestRule>;
  readonly #digests = new Map<string, string | undefined>();

  /** @param rules The rule of each file that has a published digest, by path. */
  constructor(rules: ReadonlyMap<string, DigestRule> = new Map()) {
    this.#rules = rules;
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
    return this.#use(file, (stored, hashing) => hashing(stored, action));
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
    return this.#use(file, async (stored, hashing) => {
      const head = await stored.peek(GZIP.length);
      if (!GZIP.every((byte, index) => byte === head[index])) {
        return hashing(stored, (bytes) => action(bytes, false));
      }
      if (this.#rules.get(file.path)?.of === "stored") {
        return hashing(stored, (bytes) =>
          unpack(file, bytes, (unpacked) => action(unpacked, true)),
        );
      }
      return unpack(file, stored, (unpacked) =>
        hashing(unpacked, (bytes) => action(bytes, true)),
      );
    });
  }

  /**
   * Returns the SHA-256 of a file that has a rule. Reads the file if it has not been read.
   *
   * Returns undefined if the file cannot be read, is damaged, or has more bytes than its rule
   * allows: the format's reader reports these errors in more detail.
   */
  async of(path: string): Promise<string | undefined> {
    if (!this.#digests.has(path)) {
      const isStored = this.#rules.get(path)?.of === "stored";
      const nothing = () => Promise.resolve();
      try {
        const file = await SourceFile.find(path);
        const known = this.#remembered(file);
        if (known !== undefined) return known.digest;
        if (isStored) await this.read(file, nothing);
        else await this.readUnpacked(file, nothing);
      } catch {
        return undefined;
      }
    }
    return this.#digests.get(path);
  }

  async #use<Result>(
    file: SourceFile,
    action: (stored: FileBytes, hashing: Hashing) => Promise<Result>,
  ): Promise<Result> {
    const { path, identity } = file;
    const rule = this.#rules.get(path);
    const known = this.#remembered(file);
    let digest = known?.digest;
    const result = await file.use((stored) =>
      action(stored, async (bytes, parse) => {
        if (rule === undefined || known !== undefined) return parse(bytes);
        const hashed = new HashedBytes(bytes);
        const parsed = await parse(hashed);
        digest = await hashed.finish(rule.max);
        return parsed;
      }),
    );
    // Only now is it certain that the file has not changed meanwhile.
    this.#digests.set(path, digest);
    if (rule !== undefined && file.isSettled) {
      remembered.set(this.#key(path), { identity, digest });
    }
    return result;
  }

  #remembered({ path, identity }: SourceFile) {
    const known = remembered.get(this.#key(path));
    return known?.identity === identity ? known : undefined;
  }

  #key(path: string): string {
    return `${this.#rules.get(path)?.of} ${path}`;
  }
}

/** Passes a reader of the decompressed bytes to `action`. */
async function unpack<Result>(
  file: SourceFile,
  packed: ByteReader,
  action: (bytes: ByteReader) => Promise<Result>,
): Promise<Result> {
  const unpacked = new GunzipReader(file, packed);
  try {
    return await action(unpacked);
  } finally {
    await unpacked.close();
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
    const length = await this.#bytes.read(target);
    this.#hash.update(target.subarray(0, length));
    this.#length += length;
    return length;
  }

  /**
   * Reads the rest and returns the SHA-256 of all bytes, or undefined if they are damaged or more
   * than `max`.
   */
  async finish(max: number): Promise<string | undefined> {
    const block = new Uint8Array(BLOCK);
    try {
      // A malicious file may unpack to a thousand times its size.
      while (this.#length <= max) {
        if ((await this.read(block)) === 0) return this.#hash.digest("hex");
      }
    } catch {
      // The requested images are there; the damage is behind them.
    }
    return undefined;
  }
}
