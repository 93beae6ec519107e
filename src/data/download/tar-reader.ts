/**
 * Taking a data set's files out of a tar archive.
 */
import { Parser, type ReadEntry } from "tar";
import type { DataFile, DatasetEntry } from "../catalogue/dataset-entry";
import { DatasetError } from "../dataset-error";
import { type DigestedFile, UnpackedFile } from "./unpacked-file";

const fileTypes = new Set(["File", "OldFile", "ContiguousFile"]);
const folderTypes = new Set(["Directory", "GNUDumpDir"]);

/** What is to be done on disk for an entry, in the order of the archive. */
type Step =
  | { readonly kind: "begin"; readonly wanted: DataFile }
  | { readonly kind: "bytes"; readonly bytes: Uint8Array }
  | { readonly kind: "finish" };

/**
 * Reads an unpacked tar stream and writes the catalogue's files into a folder.
 *
 * A file of the catalogue is taken from the data set's own folder in the archive, must have its size and be there once. Other files
 * and folders are passed over. Whatever could reach beyond that folder, which no publisher's archive has, is an error: links,
 * devices, and names that are absolute or hold `..`.
 */
export class TarReader {
  readonly #entry: DatasetEntry;
  readonly #folder: string;
  readonly #parser = new Parser({ strict: true });
  readonly #steps: Step[] = [];
  readonly #seen = new Set<string>();
  readonly #finished: DigestedFile[] = [];
  #current: UnpackedFile | undefined;
  #failure: unknown;
  #isFirst = true;

  /** @param folder An existing folder that the files are written into. */
  constructor(entry: DatasetEntry, folder: string) {
    this.#entry = entry;
    this.#folder = folder;
    const accept = (item: ReadEntry) => {
      try {
        this.#accept(item);
      } catch (error) {
        this.#failure ??= error;
        item.resume();
      }
    };
    this.#parser.on("entry", accept);
    this.#parser.on("ignoredEntry", accept);
    this.#parser.on("error", (cause: Error) => {
      this.#failure ??= damaged(cause);
    });
  }

  /** Takes the next bytes of the stream, and is done when what they hold is on disk. Throws a {@link DatasetError}. */
  async write(bytes: Buffer): Promise<void> {
    if (this.#isFirst) this.#refusePacked(bytes);
    this.#isFirst = false;
    this.#parse(() => this.#parser.write(bytes));
    await this.#catchUp();
  }

  /** The stream has ended: all files must be there. Throws a {@link DatasetError}. */
  async end(): Promise<DigestedFile[]> {
    this.#parse(() => this.#parser.end());
    await this.#catchUp();
    const missing = this.#entry.files.filter(
      ({ name }) => !this.#finished.some((file) => file.name === name),
    );
    if (missing.length === 0) return this.#finished;
    throw new DatasetError({
      expected: `an archive with all files of ${this.#entry.title}`,
      received: `one without ${missing.map(({ name }) => name).join(", ")}`,
    });
  }

  /** Lets go of the file that is being written. */
  async close(): Promise<void> {
    await this.#current?.abandon();
  }

  /** The parser would unpack an archive that is packed twice, past every bound. */
  #refusePacked([first, second]: Buffer): void {
    const isGzip = first === 0x1f && second === 0x8b;
    const isZstandard = first === 0x28 && second === 0xb5;
    if (!isGzip && !isZstandard) return;
    throw new DatasetError({
      expected: "a tar archive inside the gzip stream",
      received: "another packed stream",
    });
  }

  /** The parser tells most of what is wrong by an event, and some by throwing. */
  #parse(step: () => unknown): void {
    try {
      step();
    } catch (cause) {
      this.#failure ??= damaged(cause as Error);
    }
  }

  // The parser hands out entries and their bytes while it is written to. They are put on a list and written to disk after that, so
  // that never more than one chunk of the stream waits.
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
        expected: `names inside ${this.#entry.folder}/ in the archive`,
        received: JSON.stringify(path),
      });
    }
    if (folderTypes.has(type)) return undefined;
    if (!fileTypes.has(type)) {
      throw new DatasetError({
        expected: "nothing but files and folders in the archive",
        received: `${JSON.stringify(path)}, of type ${type}`,
      });
    }
    const own = parts.filter((part) => part !== "." && part !== "").join("/");
    const wanted = this.#entry.files.find(
      ({ name }) => own === `${this.#entry.folder}/${name}`,
    );
    if (wanted === undefined) return undefined;
    if (this.#seen.has(wanted.name)) {
      throw new DatasetError({
        expected: `${wanted.name} once in the archive`,
        received: "it twice",
      });
    }
    this.#seen.add(wanted.name);
    if (size !== wanted.bytes) {
      throw new DatasetError({
        expected: `${wanted.name} to unpack to ${count(wanted.bytes)}`,
        received: count(size),
      });
    }
    return wanted;
  }

  async #catchUp(): Promise<void> {
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
    expected: "a whole tar archive",
    received: cause.message,
    cause,
  });
}

function count(bytes: number): string {
  return `${bytes.toLocaleString("en-US")} bytes`;
}
