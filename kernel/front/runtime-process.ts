/**
 * The front process's view of the runtime: started, given cells one at a time, interrupted, replaced
 * when it has ended.
 */
import { type ChildProcess, fork } from "node:child_process";
import { join } from "node:path";
import { StreamJoiner } from "../stream-joiner";
import type { ExecuteCommand, Outcome, RuntimeEvent } from "../runtime/channel";
import { withoutStartUpLines } from "./native-noise";

/** How long a runtime may take to end by itself, in milliseconds. */
const END_MILLISECONDS = 500;

/** How long after an interrupt a cell that still runs is interrupted again, in milliseconds. */
const INTERRUPT_MILLISECONDS = 250;

/** What the owner of the runtime is told. */
export interface RuntimeListener {
  /** A cell has printed or shown something. */
  event(event: Exclude<RuntimeEvent, { kind: "ready" | "done" }>): void;
  /** What native code and child processes have printed, which cannot be told by cell. */
  printed(name: "stdout" | "stderr", text: string): void;
  /**
   * The runtime has ended by itself and taken the variables along; a fresh one has been started.
   *
   * @param text What to tell the user, unless a cell was running: then it is that cell's error.
   */
  lost(text?: string): void;
}

/** The process in which cells run. */
export class RuntimeProcess {
  readonly #listener: RuntimeListener;
  readonly #joiner = new StreamJoiner((event) => this.#listener.event(event));
  #child: ChildProcess;
  #running: { run: number; resolve(outcome: Outcome): void } | undefined;
  #closing = false;

  constructor(listener: RuntimeListener) {
    this.#listener = listener;
    this.#child = this.#start();
  }

  /** Whether a cell is running. */
  get isBusy(): boolean {
    return this.#running !== undefined;
  }

  /** Runs a cell and waits for its end; never rejects. One at a time. */
  execute(command: ExecuteCommand): Promise<Outcome> {
    if (this.#running) {
      throw new Error("Expected an idle runtime, received a second cell.");
    }
    return new Promise((resolve) => {
      this.#running = { run: command.run, resolve };
      // A failed send means the process has just ended; its exit event answers.
      this.#child.send(command, () => undefined);
    });
  }

  /** Interrupts the running cell; does nothing if none runs. */
  interrupt(): void {
    const running = this.#running;
    if (running === undefined) return;
    this.#child.kill("SIGINT");
    // A signal that comes before the runtime has begun the cell finds nothing to stop.
    setTimeout(() => {
      if (this.#running === running) this.interrupt();
    }, INTERRUPT_MILLISECONDS).unref();
  }

  /** Ends the process. */
  async close(): Promise<void> {
    this.#closing = true;
    const child = this.#child;
    if (child.exitCode !== null || child.signalCode !== null) return;
    const ended = new Promise<void>((resolve) =>
      child.once("exit", () => resolve()),
    );
    if (child.connected) child.disconnect(); // An idle runtime ends by this, a busy one by the signal.
    const timer = setTimeout(() => child.kill("SIGKILL"), END_MILLISECONDS);
    await ended;
    clearTimeout(timer);
  }

  #start(): ChildProcess {
    const child = fork(join(__dirname, "..", "runtime", "main.js"), [], {
      stdio: ["ignore", "pipe", "pipe", "ipc"],
    });
    child.on("message", (event: RuntimeEvent) => this.#receive(event));
    child.on("exit", (code, signal) => this.#exited(child, code, signal));
    for (const name of ["stdout", "stderr"] as const) {
      child[name]?.setEncoding("utf8");
      child[name]?.on("data", (text: string) => {
        const shown = name === "stderr" ? withoutStartUpLines(text) : text;
        if (shown !== "") this.#listener.printed(name, shown);
      });
    }
    return child;
  }

  #receive(event: RuntimeEvent): void {
    if (event.kind === "ready") return;
    if (event.kind === "stream") {
      this.#joiner.add(event);
      return;
    }
    this.#joiner.flush();
    if (event.kind !== "done") {
      this.#listener.event(event);
      return;
    }
    const running = this.#running;
    if (running?.run !== event.run) return;
    this.#running = undefined;
    running.resolve(event.outcome);
  }

  #exited(
    child: ChildProcess,
    code: number | null,
    signal: NodeJS.Signals | null,
  ): void {
    if (this.#closing || child !== this.#child) return;
    this.#joiner.flush();
    const running = this.#running;
    this.#running = undefined;
    this.#child = this.#start();
    const how = signal === null ? `with exit code ${code}` : `by ${signal}`;
    const evalue = `The process that runs the cells has ended ${how}. All variables are gone; a fresh process is ready.`;
    this.#listener.lost(running ? undefined : evalue);
    running?.resolve({
      status: "error",
      ename: "RuntimeEnded",
      evalue,
      traceback: [`RuntimeEnded: ${evalue}`],
    });
  }
}
