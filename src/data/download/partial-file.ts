/**
 * A file that is being received, and what is needed to go on with it another day.
 */
import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { type FileHandle, open, readFile, writeFile } from "node:fs/promises";

/** What a server gives to recognise a version of a file by; RFC 9110, section 8.8. */
export interface Validator {
  readonly etag?: string;
  readonly lastModified?: string;
}

/**
 * The beginning of a file, on disk.
 *
 * Beside it, under the same name with `.json`, stands which mirrors its bytes are from, each with the validator that it gave. Both
 * stay when the process ends, by whatever way. None of it is trusted: whether the bytes are right is told by their digest alone.
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

  /** Opens the part at `path`, or begins one there. What is longer than `most` bytes is no part of the file: it begins anew. */
  static async open(path: string, most: number): Promise<PartialFile> {
    const handle = await open(path, "a+").then(async (created) => {
      await created.close();
      // Not in append mode, in which Linux ignores the position that is written to.
      return open(path, "r+");
    });
    const { size } = await handle.stat();
    const sources = size === 0 ? new Map() : await readSources(path);
    const part = new PartialFile(path, handle, size, sources);
    if (size > most) await part.restart();
    return part;
  }

  /** Bytes that are there. */
  get length(): number {
    return this.#length;
  }

  /** What `mirror` said of the version that some of the bytes are from; undefined if none are its. */
  validatorOf(mirror: string): Validator | undefined {
    return this.#sources.get(mirror);
  }

  /** Whether every byte has come since this object was made or restarted, and from this mirror. */
  isOnlyFrom(mirror: string): boolean {
    return this.#isFresh && this.#sources.size === 1 && this.#knows(mirror);
  }

  /** Whether another mirror's bytes are in it, or bytes of unknown origin. */
  isMixedFor(mirror: string): boolean {
    return (
      this.#length > 0 && (this.#sources.size !== 1 || !this.#knows(mirror))
    );
  }

  /** The bytes to come are from this mirror. */
  async expectFrom(mirror: string, validator: Validator): Promise<void> {
    this.#sources.set(mirror, validator);
    await writeFile(
      `${this.path}.json`,
      JSON.stringify({ sources: Object.fromEntries(this.#sources) }),
    );
  }

  /** Adds bytes at the end. */
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

  /** Takes away what comes after `length` bytes. */
  async cut(length: number): Promise<void> {
    await this.#handle.truncate(length);
    this.#length = length;
  }

  /** Takes everything away. */
  async restart(): Promise<void> {
    await this.cut(0);
    this.#sources = new Map();
    this.#isFresh = true;
  }

  /** SHA-256 of what is there, in hexadecimal. */
  digest(signal?: AbortSignal): Promise<string> {
    return digestOf(this.path, signal);
  }

  /** Sees to it that what is there outlasts a loss of power. */
  async flush(): Promise<void> {
    await this.#handle.sync();
  }

  async close(): Promise<void> {
    await this.#handle.close();
  }

  #knows(mirror: string): boolean {
    return this.#sources.has(mirror);
  }
}

/** SHA-256 of a file, in hexadecimal. */
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

/** Empty if nothing is there that can be made sense of, which costs no more than a safeguard. */
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
