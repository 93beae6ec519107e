/**
 * Bringing a whole data set into the cache.
 */
import { randomUUID } from "node:crypto";
import { mkdir, readdir, rename, rm, stat } from "node:fs/promises";
import path from "node:path";
import type { DatasetEntry, RemoteFile } from "../catalogue/dataset-entry";
import { DatasetError } from "../dataset-error";
import { unpack } from "./archive";
import { withLock } from "./dataset-lock";
import type { DownloadMoment } from "./download-moment";
import { fetchFile, type FileMoment } from "./fetch-file";
import { flushFolder, makeFolder } from "./folder";
import { isWhole, MANIFEST_NAME, writeManifest } from "./manifest";
import { digestOf, PartialFile } from "./partial-file";
import { completePatience, type Patience } from "./patience";
import { checkSpace, storageFailure } from "./storage-failure";
import type { DigestedFile } from "./unpacked-file";

/** Where what is not whole yet is kept, in the cache. */
export const PARTIAL_FOLDER = ".partial";
const UNPACKED_PREFIX = "unpacked-";

/** How a data set is brought. */
export interface ObtainOptions {
  /** The folder that data sets are kept in. It is made if it is not there. */
  readonly cache: string;
  /** Ends the work; what has come of a file is kept and gone on with next time. */
  readonly signal?: AbortSignal;
  /** Is told what is going on, ten times a second at most. */
  readonly report?: (moment: DownloadMoment) => void;
  readonly patience?: Partial<Patience>;
}

/**
 * Brings a data set into the cache, if it is not there, and returns its folder there.
 *
 * An archive that somebody put into the cache is used instead of a download, if it is the publisher's. Archives are fetched into
 * `.partial/` and their SHA-256 is compared with the publisher's; they are unpacked into a folder of a temporary name, which gets its
 * own name when all that is in it is on disk. Another process that brings the same set is waited for.
 *
 * Throws a {@link DatasetError} if no mirror gives an archive, if an archive is not as the catalogue says, if the disk is too small
 * or cannot be written to, and if a folder of that name is there which convnotes did not make. Throws the signal's reason.
 */
export async function obtain(
  entry: DatasetEntry,
  options: ObtainOptions,
): Promise<string> {
  const patience = completePatience(options.patience);
  const { signal } = options;
  signal?.throwIfAborted();
  const cache = path.resolve(options.cache);
  const folder = path.join(cache, entry.folder);
  if (await isWhole(entry, folder)) return folder;
  try {
    const partial = path.join(cache, PARTIAL_FOLDER);
    await makeFolder(path.join(partial, entry.folder));
    const lock = path.join(partial, `${entry.folder}.lock`);
    const delivery = new Delivery(entry, { ...options, cache, patience });
    const onWait = () => delivery.waits();
    const { lockSeconds } = patience;
    await withLock(lock, { lockSeconds, signal, onWait }, (held) =>
      delivery.run(held),
    );
    return folder;
  } catch (error) {
    signal?.throwIfAborted();
    throw storageFailure(error, cache);
  }
}

type DeliveryOptions = ObtainOptions & { readonly patience: Patience };

class Delivery {
  readonly #entry: DatasetEntry;
  readonly #options: DeliveryOptions;
  /** Where the data set will be. */
  readonly #folder: string;
  /** Where its files are until then. */
  readonly #partial: string;

  constructor(entry: DatasetEntry, options: DeliveryOptions) {
    this.#entry = entry;
    this.#options = options;
    this.#folder = path.join(options.cache, entry.folder);
    this.#partial = path.join(options.cache, PARTIAL_FOLDER, entry.folder);
  }

  waits(): void {
    this.#report(0, { stage: "waiting", receivedBytes: 0 });
  }

  async run(signal: AbortSignal): Promise<void> {
    const { downloads } = this.#entry;
    // Another process may have brought it while this one waited.
    if (!(await isWhole(this.#entry, this.#folder))) {
      await refuseForeign(this.#folder, this.#entry);
      await this.#prepare();
      const archives: string[] = [];
      for (const index of downloads.keys()) {
        archives.push(await this.#archive(index, signal));
      }
      await this.#install(await this.#unpackAll(archives, signal));
    }
    await rm(this.#partial, { recursive: true, force: true });
    const last = downloads.length - 1;
    this.#report(last, {
      stage: "done",
      receivedBytes: downloads[last]!.bytes,
    });
  }

  /** Clears away what a crash left, and makes sure that there is room. */
  async #prepare(): Promise<void> {
    await makeFolder(this.#partial);
    for (const name of await readdir(this.#partial)) {
      if (!name.startsWith(UNPACKED_PREFIX)) continue;
      await rm(path.join(this.#partial, name), { recursive: true });
    }
    const { cache } = this.#options;
    let needed = this.#entry.files.reduce((sum, { bytes }) => sum + bytes, 0);
    for (const file of this.#entry.downloads) {
      const places = [this.#part(file), path.join(cache, file.name)];
      const there = Math.max(...(await Promise.all(places.map(sizeOf))));
      needed += Math.max(0, file.bytes - there);
    }
    await checkSpace(cache, this.#entry.title, needed);
  }

  /** Path of an archive whose digest is the publisher's. */
  async #archive(index: number, signal: AbortSignal): Promise<string> {
    const file = this.#entry.downloads[index]!;
    const placed = path.join(this.#options.cache, file.name);
    const refusal = await this.#refusal(placed, index, signal);
    if (refusal === undefined) return placed;
    const part = await PartialFile.open(this.#part(file), file.bytes);
    try {
      await fetchFile(file, part, {
        patience: this.#options.patience,
        signal,
        report: (moment) => this.#report(index, moment),
        advice: `${refusal}${this.#advice(file)}`,
      });
      return part.path;
    } finally {
      await part.close();
    }
  }

  /** Why an archive that somebody put into the cache is not used, as the beginning of an advice; undefined if it is. */
  async #refusal(
    placed: string,
    index: number,
    signal: AbortSignal,
  ): Promise<string | undefined> {
    const file = this.#entry.downloads[index]!;
    const size = await sizeOf(placed);
    if (size === 0) return "";
    if (size !== file.bytes) {
      return `${placed} is not used: it has ${size} bytes, not ${file.bytes}. `;
    }
    this.#report(index, { stage: "verifying", receivedBytes: size });
    const digest = await digestOf(placed, signal);
    if (digest === file.sha256) return undefined;
    return `${placed} is not used: its SHA-256 is ${digest}, not ${file.sha256}. `;
  }

  #advice(file: RemoteFile): string {
    const { cache } = this.#options;
    return `Without a network: fetch ${file.name} on another computer and put it into ${cache}, or put the unpacked folder ${this.#entry.folder} into any folder and name that in CONVNOTES_DATA`;
  }

  /** Unpacks into a new folder, writes the manifest last, and returns its path. */
  async #unpackAll(
    archives: readonly string[],
    signal: AbortSignal,
  ): Promise<string> {
    const { downloads, name } = this.#entry;
    // Not mkdtemp, whose folders only their maker can read: a cache may be shared.
    const folder = path.join(
      this.#partial,
      `${UNPACKED_PREFIX}${randomUUID()}`,
    );
    await mkdir(folder);
    try {
      const files: DigestedFile[] = [];
      for (const [index, remote] of downloads.entries()) {
        this.#report(index, {
          stage: "unpacking",
          receivedBytes: remote.bytes,
        });
        const archive = archives[index]!;
        const entry = this.#entry;
        files.push(
          ...(await unpack({ entry, remote, archive, folder, signal })),
        );
      }
      await writeManifest(folder, {
        dataset: name,
        archives: downloads.map(({ name, bytes, sha256 }) => ({
          name,
          bytes,
          sha256,
        })),
        files,
      });
      await flushFolder(folder);
      signal.throwIfAborted();
      return folder;
    } catch (error) {
      await rm(folder, { recursive: true, force: true });
      throw error;
    }
  }

  /** Gives the unpacked folder its place. */
  async #install(unpacked: string): Promise<void> {
    // What is there is convnotes' own and not whole. Among the partial files it is removed with them.
    const old = path.join(this.#partial, `${UNPACKED_PREFIX}before`);
    await rename(this.#folder, old).catch(ignoreMissing);
    await rename(unpacked, this.#folder);
    await flushFolder(this.#options.cache);
  }

  #part(file: RemoteFile): string {
    return path.join(this.#partial, `${file.name}.part`);
  }

  #report(
    index: number,
    moment: Omit<FileMoment, "totalBytes"> & { totalBytes?: number },
  ): void {
    const { downloads, title } = this.#entry;
    const file = downloads[index]!;
    this.#options.report?.({
      title,
      file: file.name,
      fileNumber: index + 1,
      fileCount: downloads.length,
      totalBytes: file.bytes,
      ...moment,
    });
  }
}

/** What convnotes did not make, it does not replace. */
async function refuseForeign(
  folder: string,
  { title }: DatasetEntry,
): Promise<void> {
  const names = await readdir(folder).catch(ignoreMissing);
  if (names === undefined || names.length === 0) return;
  if (names.includes(MANIFEST_NAME)) return;
  throw new DatasetError({
    expected: `no folder there, or one that convnotes made for ${title}`,
    received: `a folder without ${MANIFEST_NAME}`,
    file: folder,
    advice:
      "It is left as it is: move it elsewhere and try again, or name the folder around it in CONVNOTES_DATA",
  });
}

function ignoreMissing(error: NodeJS.ErrnoException): undefined {
  if (error.code === "ENOENT") return undefined;
  throw error;
}

/** Size of a file, 0 if there is none. */
async function sizeOf(file: string): Promise<number> {
  const found = await stat(file).catch(() => undefined);
  return found?.isFile() === true ? found.size : 0;
}
