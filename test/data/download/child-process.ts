/**
 * Runs a download in a child process.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import path from "node:path";
import { createInterface } from "node:readline";
import type { TestContext } from "node:test";
import type { DatasetEntry } from "../../../src/data/catalog/dataset-entry";
import type { DownloadEvent } from "../../../src/data/download/download-event";
import { until } from "../../until";
import { quickLimits } from "./small-set";

/** Child process that downloads a data set. It is killed after the test. */
export class FetchingProcess {
  readonly events: DownloadEvent[] = [];
  readonly #process: ChildProcess;
  readonly #ended: Promise<number | null>;

  constructor(
    context: TestContext,
    entry: DatasetEntry,
    cache: string,
    /** Event at which the process halts forever. */
    halt?: Pick<DownloadEvent, "stage" | "fileNumber">,
  ) {
    const script = path.join(__dirname, "fetch-in-child.ts");
    const task = JSON.stringify({
      entry,
      cache,
      limits: quickLimits,
      halt,
    });
    this.#process = spawn(
      process.execPath,
      ["--require", "ts-node/register/transpile-only", script, task],
      { stdio: ["ignore", "pipe", "inherit"] },
    );
    this.#ended = once(this.#process, "close").then(([code]) => code);
    createInterface({ input: this.#process.stdout! }).on("line", (line) =>
      this.events.push(JSON.parse(line)),
    );
    context.after(() => this.#process.kill("SIGKILL"));
  }

  get stages(): string[] {
    return this.events.map(({ stage }) => stage);
  }

  /** Waits for an event that satisfies the condition. Throws an Error if the process ends first. */
  async until(condition: (event: DownloadEvent) => boolean): Promise<void> {
    await until(() => {
      if (this.events.some(condition)) return true;
      if (this.#process.exitCode !== null) {
        throw new Error(`The process ended after ${this.stages.join(", ")}.`);
      }
      return false;
    }, "an event");
  }

  /** Waits for the end and returns the exit code, or null if the process was killed by a signal. */
  ended(): Promise<number | null> {
    return this.#ended;
  }

  async kill(signal: NodeJS.Signals): Promise<void> {
    this.#process.kill(signal);
    await this.#ended;
  }
}
