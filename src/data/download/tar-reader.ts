/**
 * Extracts the files of a data set from a tar archive.
 */
import { Parser, type ReadEntry } from "tar";
import type { DataFile, DatasetEntry } from "../catalog/dataset-entry";
import { quantity } from "../../notebook/quantity";
import { DatasetError } from "../dataset-error";
import { type DigestedFile, UnpackedFile } from "./unpacked-file";

const fileTypes = new Set(["File", "OldFile", "ContiguousFile"]);
const folderTypes = new Set(["Directory", "GNUDumpDir"]);

/** Pending disk operation for an archive entry. */
type Step =
  | { readonly kind: "begin"; readonly wanted: DataFile }
  | { readonly kind: "bytes"; readonly bytes: Uint8Array }
  | { readonly kind: "finish" };

/**
 * Reads a decompressed tar stream and writes the files listed in the catalog to a folder.
 *
 * The files must be in the data set's own folder in the archive, exactly once, with the sizes given
 * in the catalog. Other files and folders are skipped. Entries that could write outside the
 * folder are errors: links, devices, absolute paths and paths with `..`. No publisher's archive
 * contains them.
 */
export class TarReader {
  readonly #entry: DatasetEntry;
  readonly #folder: string;
  readonly #parser = new Parser({ strict: true });
  readonly #steps: Step[] = [];
  readonly #seen = new Set<string>();
  readonly #finished: DigestedFile[] = [];
  #current: UnpackedFile | undefined;
  #failure: Error | undefined;
  #isFirst = true;

  /** @param folder Existing folder for the extracted files. */
  constructor(entry: DatasetEntry, folder: string) {
    this.#entry = entry;
    this.#folder = folder;
    const accept = (item: ReadEntry) => {
      try {
        this.#accept(item);
      } catch (error) {
        this.#failure ??= error as Error;
        item.resume();
      }
    };
    this.#parser.on("entry", accept);
    this.#parser.on("ignoredEntry", accept);
    this.#parser.on("error", (cause: Error) => {
      this.#failure ??= damaged(cause);
    });
  }

  /**
   * Processes the next bytes of the stream and resolves when their contents are on disk.
   *
   * Throws a {@link DatasetError} if the archive is invalid.
   */
  async write(bytes: Buffer): Promise<void> {
    if (this.#isFirst) this.#rejectCompressed(bytes);
    this.#isFirst = false;
    this.#parse(() => this.#parser.write(bytes));
    await this.#flushSteps();
  }

  /** Ends the stream and returns the files. Throws a {@link DatasetError} if a file is missing. */
  async end(): Promise<DigestedFile[]> {
    this.#parse(() => this.#parser.end());
    await this.#flushSteps();
    const missing = this.#entry.files.filter(
      ({ name }) => !this.#finished.some((file) => file.name === name),
    );
    if (missing.length === 0) return this.#finished;
    throw new DatasetError({
      code: "ERR_FILE_FORMAT",
      expected: `an archive with all files of ${this.#entry.title}`,
      received: `one without ${missing.map(({ name }) => name).join(", ")}`,
    });
  }

  /** Closes the file being written. */
  async close(): Promise<void> {
    await this.#current?.abandon();
  }

  /**
   * Rejects doubly compressed archives, which the parser would decompress without any size limit.
   */
  #rejectCompressed([first, second]: Buffer): void {
    const isGzip = first === 0x1f && second === 0x8b;
    const isZstandard = first === 0x28 && second === 0xb5;
    if (!isGzip && !isZstandard) return;
    throw new DatasetError({
      code: "ERR_FILE_FORMAT",
      expected: "a tar archive inside the gzip stream",
      received: "another compressed stream",
    });
  }

  /** Runs the parser, which reports most errors as events but throws some. */
  #parse(step: () => unknown): void {
    try {
      step();
    } catch (cause) {
      this.#failure ??= damaged(cause as Error);
    }
  }

  // The parser emits entries and their bytes during writes. They are queued and written to disk
  // afterwards, so at most one chunk of the stream is pending.
  #accept(item: ReadEntry): void {
    const wanted = this.#wanted(item);
    if (wanted !== undefined) {
      this.#steps.push({ kind: "begin", wanted });
      item.on("data", (bytes) => this.#steps.push({ kind: "bytes", bytes }));
      item.on("end", () => this.#steps.push({ kind: "finish" }));
    }
    item.resume();
  }

  #wanted({ path, type, size }: ReadEntry): DataFile | undefined {
    const parts = path.split(/[/\\]/);
    if (/^([/\\]|[a-z]:)/i.test(path) || parts.includes("..")) {
      throw new DatasetError({
        code: "ERR_FILE_FORMAT",
        expected: `only paths inside ${this.#entry.folder}/ in the archive`,
        received: JSON.stringify(path),
      });
    }
    if (folderTypes.has(type)) return undefined;
    if (!fileTypes.has(type)) {
      throw new DatasetError({
        code: "ERR_FILE_FORMAT",
        expected: "only files and folders in the archive",
        received: `${JSON.stringify(path)}, of type ${type}`,
      });
    }
    const relative = parts
      .filter((part) => part !== "." && part !== "")
      .join("/");
    const wanted = this.#entry.files.find(
      ({ name }) => relative === `${this.#entry.folder}/${name}`,
    );
    if (wanted === undefined) return undefined;
    if (this.#seen.has(wanted.name)) {
      throw new DatasetError({
        code: "ERR_FILE_FORMAT",
        expected: `${wanted.name} once in the archive`,
        received: "it twice",
      });
    }
    this.#seen.add(wanted.name);
    if (size !== wanted.bytes) {
      throw new DatasetError({
        code: "ERR_FILE_DAMAGED",
        expected: `${wanted.name} to unpack to ${quantity(wanted.bytes, "byte")}`,
        received: quantity(size, "byte"),
      });
    }
    return wanted;
  }

  async #flushSteps(): Promise<void> {
    if (this.#failure !== undefined) throw this.#failure;
    for (const step of this.#steps.splice(0)) {
      if (step.kind === "begin") {
        this.#current = await UnpackedFile.create(this.#folder, step.wanted);
      } else if (step.kind === "bytes") {
        await this.#current!.write(step.bytes);
      } else {
        this.#finished.push(await this.#current!.finish());
      }
    }
  }
}

function damaged(cause: Error): DatasetError {
  return new DatasetError({
    code: "ERR_FILE_FORMAT",
    expected: "a valid tar archive",
    received: cause.message,
    cause,
  });
}
