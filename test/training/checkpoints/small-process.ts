/**
 * Starts and kills processes of `small-run.ts`.
 */
import assert from "node:assert/strict";
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { SmallRun, SmallRunResult } from "./small-run";

const project = join(__dirname, "..", "..", "..");
const register = join(project, "kernel", "dist", "typescript-register.js");

/** How the steps are computed. */
export type Engine = "native" | "graph";

/** A process that trains. */
export class SmallProcess {
  readonly #child: ChildProcess;
  /** Settles when the process has ended. */
  readonly ended: Promise<unknown>;
  stdout = "";
  stderr = "";

  constructor(engine: Engine, run: SmallRun) {
    const parameters = [join(__dirname, "small-run.ts"), JSON.stringify(run)];
    this.#child = spawn(
      process.execPath,
      ["--require", register, ...parameters],
      {
        cwd: project,
        env: {
          ...process.env,
          CONVNOTES_ENGINE: engine,
          TF_CPP_MIN_LOG_LEVEL: "3",
        },
      },
    );
    this.#child.stdout!.setEncoding("utf8").on("data", (text: string) => {
      this.stdout += text;
    });
    this.#child.stderr!.setEncoding("utf8").on("data", (text: string) => {
      this.stderr += text;
    });
    this.ended = once(this.#child, "close");
  }

  get isRunning(): boolean {
    return this.#child.exitCode === null && this.#child.signalCode === null;
  }

  get exitCode(): number | null {
    return this.#child.exitCode;
  }

  /** Waits until training begins, or the process ends. */
  async begun(): Promise<void> {
    while (this.isRunning && !this.stdout.includes("begun\n")) await sleep(5);
  }

  /** Sends a signal, and waits for the end. */
  async signal(signal: NodeJS.Signals): Promise<void> {
    this.#child.kill(signal);
    await this.ended;
  }

  /** Waits for the end, and returns the result. */
  async result(): Promise<SmallRunResult> {
    await this.ended;
    assert.equal(this.exitCode, 0, this.stderr);
    const line = this.stdout.trim().split("\n").at(-1)!;
    return JSON.parse(line) as SmallRunResult;
  }
}

/**
 * Starts a run again and again, and kills it at random moments. Returns the result of the last
 * process, which is left alone, and the number of kills: fewer than wanted if the run ended before.
 *
 * @param most Number of kills that are wanted.
 * @param random Returns numbers from 0 to 1.
 */
export async function runWithKills(
  engine: Engine,
  run: SmallRun,
  most: number,
  random: () => number,
): Promise<{ readonly result: SmallRunResult; readonly kills: number }> {
  for (let kills = 0; kills < most; kills += 1) {
    const child = new SmallProcess(engine, run);
    // Also before training begins, while the checkpoint is read.
    if (kills % 5 === 4) await sleep(random() * 1500);
    else {
      await child.begun();
      await sleep(random() * 400);
    }
    if (!child.isRunning) return { result: await child.result(), kills };
    await child.signal("SIGKILL");
  }
  const last = new SmallProcess(engine, run);
  return { result: await last.result(), kills: most };
}
