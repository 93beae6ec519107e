/**
 * Getting one file whole, from whichever mirror gives it.
 */
import { setTimeout as sleep } from "node:timers/promises";
import type { RemoteFile } from "../catalogue/dataset-entry";
import { DatasetError } from "../dataset-error";
import {
  type DownloadMoment,
  type DownloadStage,
  formatBytes,
} from "./download-moment";
import { receive } from "./mirror";
import { hostOf, MirrorFailure } from "./mirror-failure";
import type { PartialFile } from "./partial-file";
import type { Patience } from "./patience";
import { RateMeter } from "./rate-meter";

const REPORT_MILLISECONDS = 100;
const RATE_SECONDS = 5;
// A round that brought less than this part of the file counts as one without success, so that rounds come to an end.
const LEAST_GAIN = 1 / 100;

/** What a moment says beyond the place that this file has in its data set. */
export type FileMoment = Omit<
  DownloadMoment,
  "title" | "file" | "fileNumber" | "fileCount"
>;

/** How a file is fetched. */
export interface FetchOptions {
  readonly patience: Patience;
  readonly signal?: AbortSignal;
  readonly report: (moment: FileMoment) => void;
  /** What to do if no mirror can be had: a sentence. */
  readonly advice: string;
}

/**
 * Completes `part` and makes sure that its SHA-256 is the publisher's.
 *
 * Mirrors are asked in turn, in rounds with pauses. One that has another file is not asked again, one that is slow is only if no
 * other gives the file. Bytes of several mirrors go together, as it is the digest that counts; if that is wrong, it begins anew and
 * no longer mixes.
 *
 * Throws a {@link DatasetError} that tells what became of each mirror, and the signal's reason if that is given first.
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
  readonly #ruledOut = new Set<string>();
  readonly #shown = new RateMeter(RATE_SECONDS);
  #received = 0;
  /** The most that was there: bytes that come a second time, after a restart, are no gain. */
  #furthest: number;
  #mayMix = true;
  #lastReport = -Infinity;

  constructor(file: RemoteFile, part: PartialFile, options: FetchOptions) {
    this.#file = file;
    this.#part = part;
    this.#furthest = part.length;
    this.#options = options;
  }

  async run(): Promise<void> {
    const { patience } = this.#options;
    if (this.#part.length === this.#file.bytes && (await this.#isRight())) {
      return;
    }
    let fruitless = 0;
    while (fruitless < patience.rounds) {
      const before = this.#furthest;
      if (await this.#round()) return;
      const gain = this.#furthest - before;
      fruitless = gain < this.#file.bytes * LEAST_GAIN ? fruitless + 1 : 0;
      if (this.#isOffline()) throw this.#offline();
      const isHopeless = this.#ruledOut.size === this.#file.mirrors.length;
      if (isHopeless || fruitless >= patience.rounds) break;
      await this.#pause(
        patience.pauseSeconds * 2 ** Math.max(0, fruitless - 1),
      );
    }
    throw this.#failed();
  }

  /** Asks each mirror; true as soon as the file is there. */
  async #round(): Promise<boolean> {
    const queue = this.#file.mirrors.filter(
      (mirror) => !this.#ruledOut.has(mirror),
    );
    let last: string | undefined;
    for (let mirror = queue.shift(); mirror; mirror = queue.shift()) {
      if (last !== undefined && last !== mirror) {
        const note = this.#failures.get(last)?.message;
        this.#report("changing mirror", { host: hostOf(mirror), note });
      }
      last = mirror;
      const wasPure = await this.#attempt(mirror);
      const failure = this.#failures.get(mirror);
      if (failure === undefined) return true;
      if (failure.kind === "slow") queue.push(mirror);
      if (failure.kind === "wrong" && !wasPure) queue.unshift(mirror);
      if (failure.kind === "wrong" && wasPure) this.#ruledOut.add(mirror);
    }
    return false;
  }

  /** Leaves a failure, if it is one, in the list; false if other bytes than this mirror's may have brought it about. */
  async #attempt(mirror: string): Promise<boolean> {
    this.#failures.delete(mirror);
    this.#tried.add(mirror);
    try {
      if (!this.#mayMix && this.#part.isMixedFor(mirror)) {
        await this.#part.restart();
      }
      await this.#receiveFrom(mirror);
    } catch (error) {
      if (!(error instanceof MirrorFailure)) throw error;
      this.#failures.set(mirror, error);
      return true;
    }
    const isPure = this.#part.isOnlyFrom(mirror);
    const digest = await this.#digest(hostOf(mirror));
    if (digest === this.#file.sha256) return true;
    await this.#discard();
    this.#mayMix = false;
    const rule = `SHA-256 ${this.#file.sha256}`;
    this.#failures.set(mirror, new MirrorFailure("wrong", rule, digest));
    return isPure;
  }

  async #receiveFrom(mirror: string): Promise<void> {
    const host = hostOf(mirror);
    const { patience, signal } = this.#options;
    await receive(mirror, this.#file, this.#part, {
      patience,
      signal,
      leaveIfSlow: this.#file.mirrors.some((other) => !this.#tried.has(other)),
      onAsk: () => {
        const stage = this.#part.length > 0 ? "resuming" : "connecting";
        this.#report(stage, { host });
      },
      onBytes: (bytes) => this.#count(bytes, host),
      onRestart: (note) => this.#report("restarting", { host, note }),
    });
  }

  #count(bytes: number, host: string): void {
    this.#received += bytes;
    this.#furthest = Math.max(this.#furthest, this.#part.length);
    this.#shown.add(bytes);
    const now = performance.now();
    const isWhole = this.#part.length === this.#file.bytes;
    if (!isWhole && now - this.#lastReport < REPORT_MILLISECONDS) return;
    this.#lastReport = now;
    const bytesPerSecond = this.#shown.bytesPerSecond(now);
    const left = this.#file.bytes - this.#part.length;
    const secondsLeft = bytesPerSecond ? left / bytesPerSecond : undefined;
    this.#report("receiving", { host, bytesPerSecond, secondsLeft });
  }

  #report(stage: DownloadStage, more: Partial<FileMoment> = {}): void {
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

  /** Whether what an earlier run left whole is the publisher's. */
  async #isRight(): Promise<boolean> {
    if ((await this.#digest()) === this.#file.sha256) return true;
    await this.#discard();
    return false;
  }

  async #discard(): Promise<void> {
    await this.#part.restart();
    this.#furthest = 0;
    this.#report("restarting", { note: "what came has a wrong SHA-256" });
  }

  async #pause(seconds: number): Promise<void> {
    const { signal } = this.#options;
    const note = `no mirror gives it just now, asking again in ${seconds} s`;
    this.#report("pausing", { note });
    await sleep(seconds * 1_000, undefined, { signal }).catch(() => undefined);
    signal?.throwIfAborted();
  }

  /** Nothing has come and no server was reached: waiting would help only if somebody plugs in a cable. */
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
      expected: `a network, to download ${this.#file.name} (${formatBytes(this.#file.bytes)})`,
      received: `no connection to any of its mirrors (${reasons.join("; ")})`,
      advice: `${proxyHint()}${this.#options.advice}`,
    });
  }

  #failed(): DatasetError {
    const reasons = [...this.#failures].map(
      ([mirror, { message }]) => `\n  ${hostOf(mirror)}: ${message}`,
    );
    const kept = this.#part.length;
    const keeping =
      kept === 0
        ? ""
        : `The ${formatBytes(kept)} that came are kept, and gone on with next time. `;
    return new DatasetError({
      expected: `a mirror that gives ${this.#file.name} whole`,
      received: `from each a failure:${reasons.join("")}`,
      advice: `${keeping}${this.#options.advice}`,
    });
  }
}

/** Node does not use a proxy by itself, in which case nothing but this tells why there seems to be no network. */
function proxyHint(): string {
  const { env } = process;
  const names = ["HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy"];
  const name = names.find((candidate) => env[candidate]);
  if (name === undefined || env["NODE_USE_ENV_PROXY"]) return "";
  return `${name} is set: Node 24 uses it if NODE_USE_ENV_PROXY=1 is set too, older ones do not. `;
}
