/**
 * Another process that brings a data set in.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import path from "node:path";
import { createInterface } from "node:readline";
import type { TestContext } from "node:test";
import type { DatasetEntry } from "../../../src/data/catalogue/dataset-entry";
import type { DownloadMoment } from "../../../src/data/download/download-moment";
import { quickPatience } from "./small-set";

/** A running process; it ends with the test. */
export class FetchingProcess {
  readonly moments: DownloadMoment[] = [];
  readonly #process: ChildProcess;
  readonly #ended: Promise<number | null>;

  constructor(
    context: TestContext,
    entry: DatasetEntry,
    cache: string,
    /** Where it halts for good. */
    halt?: Pick<DownloadMoment, "stage" | "fileNumber">,
  ) {
    const script = path.join(__dirname, "fetch-in-child.ts");
    const task = JSON.stringify({
      entry,
      cache,
      patience: quickPatience,
      halt,
    });
    this.#process = spawn(
      process.execPath,
      ["--require", "ts-node/register/transpile-only", script, task],
      { stdio: ["ignore", "pipe", "inherit"] },
    );
    this.#ended = once(this.#process, "close").then(([code]) => code);
    createInterface({ input: this.#process.stdout! }).on("line", (line) =>
      this.moments.push(JSON.parse(line)),
    );
    context.after(() => this.#process.kill("SIGKILL"));
  }

  get stages(): string[] {
    return this.moments.map(({ stage }) => stage);
  }

  /** Waits until one of the moments is like that. */
  async until(isSo: (moment: DownloadMoment) => boolean): Promise<void> {
    while (!this.moments.some(isSo)) {
      if (this.#process.exitCode !== null) {
        throw new Error(`It ended after ${this.stages.join(", ")}.`);
      }
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  }

  /** The code that it ends with, null if a signal ended it. */
  ended(): Promise<number | null> {
    return this.#ended;
  }

  async kill(signal: NodeJS.Signals): Promise<void> {
    this.#process.kill(signal);
    await this.#ended;
  }
}
