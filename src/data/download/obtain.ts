/**
 * Downloads a data set and installs it in the cache.
 */
import { randomUUID } from "node:crypto";
import { mkdir, readdir, rename, rm } from "node:fs/promises";
import path from "node:path";
import type { DatasetEntry, RemoteFile } from "../catalog/dataset-entry";
import { DatasetError } from "../dataset-error";
import { sizeOf } from "../stored-file";
import { unpack } from "./archive";
import { withLock } from "./dataset-lock";
import type { DownloadEvent } from "./download-event";
import { completeLimits, type DownloadLimits } from "./download-limits";
import { fetchFile, type FileEvent } from "./fetch-file";
import { flushFolder, createFolder } from "./folder";
import { isIntact, MANIFEST_NAME, writeManifest } from "./manifest";
import { isOwnFolder } from "./own-folder";
import { digestOf, PartialFile } from "./partial-file";
import { PARTIAL_FOLDER, removeRemains } from "./remains";
import { checkSpace, storageFailure } from "./storage-failure";
import type { DigestedFile } from "./unpacked-file";

const UNPACKED_PREFIX = "unpacked-";

/** Options of {@link obtain}. */
interface ObtainOptions {
  /** Cache folder. It is created if it does not exist. */
  readonly cache: string;
  /** Aborts the download; partial files are kept and resumed next time. */
  readonly signal?: AbortSignal | undefined;
  /** Called with progress events, at most ten times per second. */
  readonly report?: (event: DownloadEvent) => void;
  readonly limits?: Partial<DownloadLimits>;
}

/**
 * Downloads a data set into the cache unless it is already there undamaged, and returns its folder.
 *
 * An archive that the user has put into the cache is used instead of a download if its SHA-256
 * matches. Archives are downloaded to `.partial/` and verified by SHA-256. They are unpacked into a
 * temporary folder, which is renamed once all its contents are on disk. If another process is
 * downloading the same data set, the function waits for it.
 *
 * Throws a {@link DatasetError} if no mirror delivers an archive, if an archive differs from the
 * catalog, if the disk is too small or not writable, or if the data set's folder exists but was
 * not created by convnotes. Throws the signal's reason if it is aborted.
 */
export async function obtain(
  entry: DatasetEntry,
  options: ObtainOptions,
): Promise<string> {
  const limits = completeLimits(options.limits);
  const { signal } = options;
  signal?.throwIfAborted();
  const cache = path.resolve(options.cache);
  const folder = path.join(cache, entry.folder);
  try {
    const partial = path.join(cache, PARTIAL_FOLDER);
    if (await isIntact(entry, folder, signal)) {
      await removeRemains(entry, cache);
      return folder;
    }
    await createFolder(path.join(partial, entry.folder));
    const lock = path.join(partial, `${entry.folder}.lock`);
    const installer = new Installer(entry, { ...options, cache, limits });
    const onWait = () => installer.reportWaiting();
    const { lockSeconds } = limits;
    await withLock(lock, { lockSeconds, signal, onWait }, (held) =>
      installer.run(held),
    );
    return folder;
  } catch (error) {
    signal?.throwIfAborted();
    throw storageFailure(error, cache);
  }
}

type InstallerOptions = ObtainOptions & { readonly limits: DownloadLimits };

class Installer {
  readonly #entry: DatasetEntry;
  readonly #options: InstallerOptions;
  /** Final folder of the data set. */
  readonly #folder: string;
  /** Folder for its incomplete files. */
  readonly #partial: string;

  constructor(entry: DatasetEntry, options: InstallerOptions) {
    this.#entry = entry;
    this.#options = options;
    this.#folder = path.join(options.cache, entry.folder);
    this.#partial = path.join(options.cache, PARTIAL_FOLDER, entry.folder);
  }

  reportWaiting(): void {
    this.#report(0, { stage: "waiting", receivedBytes: 0 });
  }

  async run(signal: AbortSignal): Promise<void> {
    const { downloads } = this.#entry;
    // Another process may have downloaded it while this one waited.
    if (!(await isIntact(this.#entry, this.#folder, signal))) {
      await rejectForeignFolder(this.#entry, this.#folder);
      await this.#prepare();
      const archives: string[] = [];
      for (const index of downloads.keys()) {
        archives.push(await this.#fetchArchive(index, signal));
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

  /** Removes the remains of a crash and checks the free disk space. */
  async #prepare(): Promise<void> {
    await createFolder(this.#partial);
    for (const name of await readdir(this.#partial)) {
      if (!name.startsWith(UNPACKED_PREFIX)) continue;
      await rm(path.join(this.#partial, name), { recursive: true });
    }
    const { cache } = this.#options;
    let needed = this.#entry.files.reduce((sum, { bytes }) => sum + bytes, 0);
    for (const file of this.#entry.downloads) {
      const places = [this.#part(file), path.join(cache, file.name)];
      const sizes = await Promise.all(places.map(sizeOf));
      const existing = Math.max(...sizes.map((size) => size ?? 0));
      needed += Math.max(0, file.bytes - existing);
    }
    await checkSpace(cache, this.#entry.title, needed);
  }

  /** Returns the path of a verified archive, downloading it if needed. */
  async #fetchArchive(index: number, signal: AbortSignal): Promise<string> {
    const file = this.#entry.downloads[index]!;
    const placed = path.join(this.#options.cache, file.name);
    const reason = await this.#reasonNotUsed(placed, index, signal);
    if (reason === undefined) return placed;
    const part = await PartialFile.open(this.#part(file), file.bytes);
    try {
      await fetchFile(file, part, {
        limits: this.#options.limits,
        signal,
        report: (event) => this.#report(index, event),
        advice: `${reason}${this.#advice(file)}`,
      });
      return part.path;
    } finally {
      await part.close();
    }
  }

  /**
   * Returns why an archive placed in the cache by the user is not used, as a sentence for the
   * advice.
   *
   * Returns undefined if it is used, and an empty string if there is none.
   */
  async #reasonNotUsed(
    placed: string,
    index: number,
    signal: AbortSignal,
  ): Promise<string | undefined> {
    const file = this.#entry.downloads[index]!;
    const size = await sizeOf(placed);
    if (size === undefined || size === 0) return "";
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
    return `Without a network connection: download ${file.name} on another computer and put it into ${cache}, or put the unpacked folder ${this.#entry.folder} into any folder and set CONVNOTES_DATA to that folder`;
  }

  /** Unpacks the archives into a new folder, then writes the manifest. Returns the folder. */
  async #unpackAll(
    archives: readonly string[],
    signal: AbortSignal,
  ): Promise<string> {
    const { downloads, name } = this.#entry;
    // Not mkdtemp: only its owner can read such a folder, but a cache may be shared.
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

  /** Moves the unpacked folder to its final path. */
  async #install(unpacked: string): Promise<void> {
    // An existing folder is convnotes' own but incomplete or damaged. It is later removed with the
    // partial files.
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
    event: Omit<FileEvent, "totalBytes"> & { totalBytes?: number },
  ): void {
    const { downloads, title } = this.#entry;
    const file = downloads[index]!;
    this.#options.report?.({
      title,
      file: file.name,
      fileNumber: index + 1,
      fileCount: downloads.length,
      totalBytes: file.bytes,
      ...event,
    });
  }
}

/**
 * Throws a {@link DatasetError} if the folder was not created by convnotes and must not be
 * replaced.
 */
async function rejectForeignFolder(
  entry: DatasetEntry,
  folder: string,
): Promise<void> {
  const names = await readdir(folder).catch(ignoreMissing);
  if (names === undefined || (await isOwnFolder(entry, folder, names))) return;
  throw new DatasetError({
    code: "ERR_INVALID_STATE",
    expected: `no existing folder, or one created by convnotes for ${entry.title}`,
    received: `a folder without ${MANIFEST_NAME}`,
    file: folder,
    advice:
      "It was left unchanged: move it elsewhere and try again, or set CONVNOTES_DATA to its parent folder",
  });
}

function ignoreMissing(error: NodeJS.ErrnoException): undefined {
  if (error.code === "ENOENT") return undefined;
  throw error;
}
