/**
 * Stores a partially downloaded file together with the information needed to resume it.
 */
import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { type FileHandle, open, readFile, writeFile } from "node:fs/promises";

/** Validators by which a server identifies a version of a file. Source: RFC 9110, section 8.8. */
export interface Validator {
  readonly etag?: string;
  readonly lastModified?: string;
}

/**
 * The first bytes of a file, on disk.
 *
 * A second file with the suffix `.json` lists the mirrors that sent the bytes, with their
 * validators. Both files survive the end of the process. Neither is trusted: only the digest
 * verifies the bytes.
 */
export class PartialFile {
  readonly path: string;
  readonly #handle: FileHandle;
  #length: number;
  #sources: Map<string, Validator>;
  #isFresh: boolean;

  private constructor(
    path: string,
    handle: FileHandle,
    length: number,
    sources: Map<string, Validator>,
  ) {
    this.path = path;
    this.#handle = handle;
    this.#length = length;
    this.#sources = sources;
    this.#isFresh = length === 0;
  }

  /** Opens or creates the partial file at `path`. A file longer than `max` bytes is discarded. */
  static async open(path: string, max: number): Promise<PartialFile> {
    const handle = await open(path, "a+").then(async (created) => {
      await created.close();
      // Reopened, because Linux ignores the write position in append mode.
      return open(path, "r+");
    });
    const { size } = await handle.stat();
    const sources = size === 0 ? new Map() : await readSources(path);
    const part = new PartialFile(path, handle, size, sources);
    if (size > max) await part.restart();
    return part;
  }

  /** Number of bytes received so far. */
  get length(): number {
    return this.#length;
  }

  /** Returns the validator of the mirror's bytes, or undefined if none are from this mirror. */
  validatorOf(mirror: string): Validator | undefined {
    return this.#sources.get(mirror);
  }

  /**
   * Returns whether all bytes came from this mirror since this object was created or restarted.
   */
  isOnlyFrom(mirror: string): boolean {
    return this.#isFresh && this.#sources.size === 1 && this.#hasSource(mirror);
  }

  /** Returns whether the file contains bytes from other mirrors or of unknown origin. */
  isMixedFor(mirror: string): boolean {
    return (
      this.#length > 0 && (this.#sources.size !== 1 || !this.#hasSource(mirror))
    );
  }

  /** Records that the next bytes come from this mirror. */
  async addSource(mirror: string, validator: Validator): Promise<void> {
    this.#sources.set(mirror, validator);
    await writeFile(
      `${this.path}.json`,
      JSON.stringify({ sources: Object.fromEntries(this.#sources) }),
    );
  }

  /** Appends bytes. */
  async append(bytes: Uint8Array): Promise<void> {
    let done = 0;
    while (done < bytes.length) {
      const { bytesWritten } = await this.#handle.write(
        bytes,
        done,
        bytes.length - done,
        this.#length,
      );
      done += bytesWritten;
      this.#length += bytesWritten;
    }
  }

  /** Truncates the file to `length` bytes. */
  async truncate(length: number): Promise<void> {
    await this.#handle.truncate(length);
    this.#length = length;
  }

  /** Discards all bytes. */
  async restart(): Promise<void> {
    await this.truncate(0);
    this.#sources = new Map();
    this.#isFresh = true;
  }

  /** Returns the SHA-256 of the bytes received so far, in hexadecimal. */
  digest(signal?: AbortSignal): Promise<string> {
    return digestOf(this.path, signal);
  }

  /** Flushes the file to disk, so that it survives a power failure. */
  async flush(): Promise<void> {
    await this.#handle.sync();
  }

  async close(): Promise<void> {
    await this.#handle.close();
  }

  #hasSource(mirror: string): boolean {
    return this.#sources.has(mirror);
  }
}

/** Returns the SHA-256 of a file, in hexadecimal. */
export async function digestOf(
  path: string,
  signal?: AbortSignal,
): Promise<string> {
  const hash = createHash("sha256");
  const stream = createReadStream(path, { highWaterMark: 2 ** 20 });
  for await (const chunk of stream) {
    signal?.throwIfAborted();
    hash.update(chunk as Buffer);
  }
  return hash.digest("hex");
}

/**
 * Reads the list of mirrors. Returns an empty one if it is missing or invalid, which only costs a
 * safeguard.
 */
async function readSources(path: string): Promise<Map<string, Validator>> {
  try {
    const { sources } = JSON.parse(await readFile(`${path}.json`, "utf8")) as {
      sources: Record<string, Validator>;
    };
    return new Map(
      Object.entries(sources).map(([mirror, { etag, lastModified }]) => [
        mirror,
        { ...text("etag", etag), ...text("lastModified", lastModified) },
      ]),
    );
  } catch {
    return new Map();
  }
}

function text(name: keyof Validator, value: unknown): Validator {
  return typeof value === "string" ? { [name]: value } : {};
}
