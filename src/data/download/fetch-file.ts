/**
 * Downloads one file, switching between mirrors as needed.
 */
import { setTimeout as sleep } from "node:timers/promises";
import type { RemoteFile } from "../catalog/dataset-entry";
import { DatasetError } from "../dataset-error";
import {
  type DownloadEvent,
  type DownloadStage,
  formatBytes,
} from "./download-event";
import { receive } from "./mirror";
import { hostOf, MirrorFailure } from "./mirror-failure";
import type { PartialFile } from "./partial-file";
import type { DownloadLimits } from "./download-limits";
import { proxyHint } from "./proxy";
import { RateMeter } from "./rate-meter";

const REPORT_MILLISECONDS = 100;
const RATE_SECONDS = 5;

/** Progress event without the fields that locate the file in its data set. */
export type FileEvent = Omit<
  DownloadEvent,
  "title" | "file" | "fileNumber" | "fileCount"
>;

/** Options of {@link fetchFile}. */
interface FetchOptions {
  readonly limits: DownloadLimits;
  readonly signal?: AbortSignal;
  readonly report: (event: FileEvent) => void;
  /** Advice for the error if all mirrors fail, as a sentence. */
  readonly advice: string;
}

/**
 * Completes a partial file and verifies its SHA-256.
 *
 * Tries the mirrors in turn, in rounds with pauses between them. A mirror with a different file is
 * not tried again. A slow mirror is tried again only if no other provides the file. Bytes from
 * several mirrors may be combined, because the digest verifies the result. If the digest is wrong,
 * the download starts over without combining mirrors.
 *
 * Throws a {@link DatasetError} that lists the failure of each mirror, and the signal's reason if
 * it is aborted.
 */
export async function fetchFile(
  file: RemoteFile,
  part: PartialFile,
  options: FetchOptions,
): Promise<void> {
  await new FileFetch(file, part, options).run();
}

class FileFetch {
  readonly #file: RemoteFile;
  readonly #part: PartialFile;
  readonly #options: FetchOptions;
  readonly #failures = new Map<string, MirrorFailure>();
  readonly #tried = new Set<string>();
  readonly #excluded = new Set<string>();
  readonly #displayRate = new RateMeter(RATE_SECONDS);
  #received = 0;
  /** Maximum length so far. Bytes received again after a restart do not count as progress. */
  #maxLength: number;
  #mayCombine = true;
  #lastReport = -Infinity;

  constructor(file: RemoteFile, part: PartialFile, options: FetchOptions) {
    this.#file = file;
    this.#part = part;
    this.#maxLength = part.length;
    this.#options = options;
  }

  async run(): Promise<void> {
    const { limits } = this.#options;
    if (this.#part.length === this.#file.bytes && (await this.#isVerified())) {
      return;
    }
    let failedRounds = 0;
    while (failedRounds < limits.rounds) {
      const before = this.#maxLength;
      if (await this.#round()) return;
      const gain = this.#maxLength - before;
      // Any new byte is progress: the length only grows, so that the rounds end.
      failedRounds = gain === 0 ? failedRounds + 1 : 0;
      if (this.#isOffline()) throw this.#offline();
      const areAllExcluded = this.#excluded.size === this.#file.mirrors.length;
      if (areAllExcluded || failedRounds >= limits.rounds) break;
      await this.#pause(
        limits.pauseSeconds * 2 ** Math.max(0, failedRounds - 1),
      );
    }
    throw this.#failed();
  }

  /** Tries the mirrors in turn. Returns true when the file is complete. */
  async #round(): Promise<boolean> {
    const queue = this.#file.mirrors.filter(
      (mirror) => !this.#excluded.has(mirror),
    );
    let last: string | undefined;
    for (let mirror = queue.shift(); mirror; mirror = queue.shift()) {
      if (last !== undefined && last !== mirror) {
        const note = this.#failures.get(last)?.message;
        this.#report("changing mirror", { host: hostOf(mirror), note });
      }
      last = mirror;
      const isConclusive = await this.#attempt(mirror);
      const failure = this.#failures.get(mirror);
      if (failure === undefined) return true;
      if (failure.kind === "slow") queue.push(mirror);
      if (failure.kind === "wrong" && !isConclusive) queue.unshift(mirror);
      if (failure.kind === "wrong" && isConclusive) this.#excluded.add(mirror);
    }
    return false;
  }

  /**
   * Tries one mirror and records its failure, if any.
   *
   * Returns false if bytes from other sources may have caused the failure.
   */
  async #attempt(mirror: string): Promise<boolean> {
    this.#failures.delete(mirror);
    this.#tried.add(mirror);
    try {
      if (!this.#mayCombine && this.#part.isMixedFor(mirror)) {
        await this.#part.restart();
      }
      await this.#receiveFrom(mirror);
    } catch (error) {
      if (!(error instanceof MirrorFailure)) throw error;
      this.#failures.set(mirror, error);
      return true;
    }
    const isConclusive = this.#part.isOnlyFrom(mirror);
    const digest = await this.#digest(hostOf(mirror));
    if (digest === this.#file.sha256) return true;
    await this.#discard();
    this.#mayCombine = false;
    const rule = `SHA-256 ${this.#file.sha256}`;
    this.#failures.set(mirror, new MirrorFailure("wrong", rule, digest));
    return isConclusive;
  }

  async #receiveFrom(mirror: string): Promise<void> {
    const host = hostOf(mirror);
    const { limits, signal } = this.#options;
    await receive(mirror, this.#file, this.#part, {
      limits,
      signal,
      leaveIfSlow: this.#file.mirrors.some((other) => !this.#tried.has(other)),
      onRequest: () => {
        const stage = this.#part.length > 0 ? "resuming" : "connecting";
        this.#report(stage, { host });
      },
      onBytes: (bytes) => this.#count(bytes, host),
      onRestart: (note) => this.#report("restarting", { host, note }),
    });
  }

  #count(bytes: number, host: string): void {
    this.#received += bytes;
    this.#maxLength = Math.max(this.#maxLength, this.#part.length);
    this.#displayRate.add(bytes);
    const now = performance.now();
    const isWhole = this.#part.length === this.#file.bytes;
    if (!isWhole && now - this.#lastReport < REPORT_MILLISECONDS) return;
    this.#lastReport = now;
    const bytesPerSecond = this.#displayRate.bytesPerSecond(now);
    const left = this.#file.bytes - this.#part.length;
    const secondsLeft = bytesPerSecond ? left / bytesPerSecond : undefined;
    this.#report("receiving", { host, bytesPerSecond, secondsLeft });
  }

  #report(stage: DownloadStage, more: Partial<FileEvent> = {}): void {
    this.#options.report({
      stage,
      receivedBytes: this.#part.length,
      totalBytes: this.#file.bytes,
      ...more,
    });
  }

  async #digest(host?: string): Promise<string> {
    this.#report("verifying", { host });
    await this.#part.flush();
    return this.#part.digest(this.#options.signal);
  }

  /**
   * Returns whether a complete file from an earlier run has the right digest. Discards it
   * otherwise.
   */
  async #isVerified(): Promise<boolean> {
    if ((await this.#digest()) === this.#file.sha256) return true;
    await this.#discard();
    return false;
  }

  async #discard(): Promise<void> {
    await this.#part.restart();
    this.#maxLength = 0;
    this.#report("restarting", {
      note: "the received file has a wrong SHA-256",
    });
  }

  async #pause(seconds: number): Promise<void> {
    const { signal } = this.#options;
    const note = `no mirror is available, retrying in ${seconds} s`;
    this.#report("pausing", { note });
    await sleep(seconds * 1_000, undefined, { signal }).catch(() => undefined);
    signal?.throwIfAborted();
  }

  /**
   * Returns whether no server was reached and nothing was received, in which case retrying is
   * pointless.
   */
  #isOffline(): boolean {
    const failures = [...this.#failures.values()];
    return (
      this.#received === 0 &&
      failures.every(({ kind }) => kind === "unreachable")
    );
  }

  #offline(): DatasetError {
    const reasons = [...this.#failures].map(
      ([mirror, { received }]) => `${hostOf(mirror)}: ${received}`,
    );
    return new DatasetError({
      code: "ERR_DOWNLOAD",
      expected: `a network connection to download ${this.#file.name} (${formatBytes(this.#file.bytes)})`,
      received: `no connection to any of its mirrors (${reasons.join("; ")})`,
      advice: `${proxyHint()}${this.#options.advice}`,
    });
  }

  #failed(): DatasetError {
    const reasons = [...this.#failures].map(
      ([mirror, { message }]) => `\n  ${hostOf(mirror)}: ${message}`,
    );
    const isRefused = [...this.#failures.values()].every(
      ({ kind }) => kind === "wrong",
    );
    const kept = this.#part.length;
    const keeping =
      kept === 0
        ? ""
        : `The ${formatBytes(kept)} received so far are kept for the next attempt. `;
    return new DatasetError({
      code: "ERR_DOWNLOAD",
      expected: `a complete ${this.#file.name} from one of its mirrors`,
      received: `a failure from each:${reasons.join("")}`,
      advice: `${keeping}${isRefused ? "" : proxyHint()}${this.#options.advice}`,
    });
  }
}
