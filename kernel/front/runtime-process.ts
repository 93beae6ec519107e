/**
 * The front process's view of the runtime: started, given cells one at a time, interrupted, replaced
 * when it has ended.
 */
import { type ChildProcess, fork } from "node:child_process";
import { join } from "node:path";
import type { Duplex } from "node:stream";
import { createInterface } from "node:readline";
import type {
  CommCommand,
  ExecuteCommand,
  GuardMessage,
  InputAnswer,
  InputQuestion,
  Outcome,
  RuntimeEvent,
  ShownEvent,
} from "../runtime/channel";
import { GUARD_SOCKET, WITHOUT_HOOKS } from "../runtime/guard";
import { endGroup, endMembers, killGroup } from "../runtime/process-group";
import { NO_RUN } from "../runtime/stop-flag";
import { jsonLine } from "../json-line";
import { StreamJoiner } from "../stream-joiner";
import { withoutStartUpLines } from "./native-noise";

/** How long a runtime may take to end by itself, in milliseconds. */
const END_MILLISECONDS = 500;

/** How long after an interrupt a cell that still runs is interrupted again, in milliseconds. */
const REPEAT_MILLISECONDS = 1000;

/** How many processes in a row may end before they are ready, until no further one is started. */
const MOST_FAILED_STARTS = 3;

/** What the owner of the runtime is told. */
export interface RuntimeListener {
  /** A cell has printed or shown something. */
  event(event: ShownEvent): void;
  /** What native code and child processes have printed, which cannot be told by cell. */
  printed(name: "stdout" | "stderr", text: string): void;
  /** A cell asks the user, and waits for {@link RuntimeProcess.answer}. */
  asked(question: InputQuestion): void;
  /**
   * The runtime has ended by itself and taken the variables along; a fresh one has been started.
   *
   * @param text What to tell the user, unless a cell was running: then it is that cell's error.
   */
  lost(text?: string): void;
}

interface RunningCell {
  readonly run: number;
  isInterrupted: boolean;
  begun(): void;
  resolve(outcome: Outcome): void;
}

/** The process in which cells run. */
export class RuntimeProcess {
  readonly #listener: RuntimeListener;
  readonly #joiner = new StreamJoiner((event) => this.#listener.event(event));
  #child: ChildProcess;
  #running: RunningCell | undefined;
  #interrupts = 0;
  #closing = false;
  #isReady = false;
  #generation = 0;
  /** Processes that have ended before they were ready, since one was. */
  #failedStarts = 0;

  constructor(listener: RuntimeListener) {
    this.#listener = listener;
    this.#child = this.#start();
  }

  /** Whether a cell is running. */
  get isBusy(): boolean {
    return this.#running !== undefined;
  }

  /** Which process this is, counted up: another one has none of the variables. */
  get generation(): number {
    return this.#generation;
  }

  /** Says which cell is being compiled, so that the libraries of the modules that it names can be loaded meanwhile. */
  expect(source: string): void {
    if (!/\b(?:import|export|require)\b/.test(source)) return;
    this.#child.send({ kind: "expect", source }, () => undefined);
  }

  /**
   * Runs a cell and waits for its end; never rejects. One at a time.
   *
   * @param begun Called once or twice when it is known that the cell's own code has begun to run: early for a cell that awaits, at its
   *   end for another.
   */
  execute(command: ExecuteCommand, begun: () => void): Promise<Outcome> {
    if (this.#running) {
      throw new Error("Expected an idle runtime, received a second cell.");
    }
    if (this.#failedStarts >= MOST_FAILED_STARTS) {
      // Whatever was wrong may have been mended meanwhile.
      this.#failedStarts = MOST_FAILED_STARTS - 1;
      this.#child = this.#start();
    }
    return new Promise((resolve) => {
      this.#running = {
        run: command.run,
        isInterrupted: false,
        begun,
        resolve,
      };
      // A failed send means the process has just ended; its exit event answers.
      this.#child.send(command, () => undefined);
    });
  }

  /**
   * Interrupts the running cell, or, if none runs, what an earlier one has left behind and keeps the process busy. Child processes
   * get the signal too, as at a terminal.
   *
   * A cell that waits reads the command. What keeps the thread busy does not: that is the guard's business.
   */
  interrupt(): void {
    this.#interrupt(true);
  }

  #interrupt(children: boolean): void {
    const running = this.#running;
    const run = running?.run ?? NO_RUN;
    this.#interrupts += 1;
    const interrupt = this.#interrupts;
    this.#child.send({ kind: "interrupt", run, interrupt }, () => undefined);
    this.#tellGuard({ stop: run, interrupt, children });
    if (running === undefined || running.isInterrupted) return;
    running.isInterrupted = true;
    setTimeout(() => {
      if (this.#running !== running) return;
      running.isInterrupted = false;
      this.#interrupt(false);
    }, REPEAT_MILLISECONDS).unref();
  }

  /** Hands a comm's message to its listeners. */
  comm(command: CommCommand): void {
    this.#child.send(command, () => undefined);
  }

  /** Answers what a cell has asked. */
  answer(answer: InputAnswer): void {
    this.#tellGuard({ answer });
  }

  #tellGuard(message: GuardMessage): void {
    const socket = this.#child.stdio[GUARD_SOCKET] as Duplex;
    socket.write(jsonLine(message), () => undefined);
  }

  /** Ends the process. */
  async close(): Promise<void> {
    this.#closing = true;
    const child = this.#child;
    if (child.exitCode !== null || child.signalCode !== null) return;
    const ended = new Promise<void>((resolve) =>
      child.once("exit", () => resolve()),
    );
    await endMembers(child.pid!);
    if (child.connected) child.disconnect(); // An idle runtime ends by this, a busy one by the signal.
    const timer = setTimeout(() => child.kill("SIGKILL"), END_MILLISECONDS);
    await ended;
    clearTimeout(timer);
    killGroup(child.pid!);
  }

  #start(): ChildProcess {
    this.#isReady = false;
    this.#generation += 1;
    const child = fork(join(__dirname, "..", "runtime", "main.js"), [], {
      execArgv: process.allowedNodeEnvironmentFlags.has(WITHOUT_HOOKS)
        ? [WITHOUT_HOOKS]
        : [],
      // The leader of a group of its own, to which the processes that cells start belong.
      detached: true,
      // The last one is the guard's.
      stdio: ["ignore", "pipe", "pipe", "ipc", "pipe"],
    });
    child.on("message", (event: RuntimeEvent) => this.#receive(event));
    const socket = child.stdio[GUARD_SOCKET] as Duplex;
    // A runtime that has just ended cannot be written to; its exit says so.
    socket.on("error", () => undefined);
    createInterface({ input: socket }).on("line", (line) => {
      // What was printed before the question comes another way, and is first in the notebook.
      setImmediate(() => {
        this.#joiner.flush();
        this.#listener.asked(JSON.parse(line) as InputQuestion);
      });
    });
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
    if (event.kind === "ready") {
      this.#failedStarts = 0;
      this.#isReady = true;
      return;
    }
    if (event.kind === "stream") {
      this.#joiner.add(event);
      return;
    }
    const running = this.#running;
    if (event.kind === "begun") {
      if (running?.run === event.run) running.begun();
      return;
    }
    this.#joiner.flush();
    if (event.kind !== "done") {
      this.#listener.event(event);
      return;
    }
    if (running?.run !== event.run) return;
    this.#running = undefined;
    if (event.hasBegun) running.begun();
    running.resolve(event.outcome);
  }

  #exited(
    child: ChildProcess,
    code: number | null,
    signal: NodeJS.Signals | null,
  ): void {
    if (this.#closing || child !== this.#child) return;
    if (child.pid !== undefined) void endGroup(child.pid);
    this.#joiner.flush();
    const running = this.#running;
    this.#running = undefined;
    const wasReady = this.#isReady;
    if (!wasReady) this.#failedStarts += 1;
    const isHopeless = this.#failedStarts >= MOST_FAILED_STARTS;
    if (!isHopeless) this.#child = this.#start();
    const how = signal === null ? `with exit code ${code}` : `by ${signal}`;
    const ended = `The process that runs the cells has ended ${how}`;
    const evalue = isHopeless
      ? `${ended} before it was ready, ${MOST_FAILED_STARTS} times in a row. The next cell tries again.`
      : wasReady
        ? `${ended}. All variables are gone; a fresh process is ready.`
        : `${ended} before it was ready. A fresh process is being started; the next cell runs in it.`;
    this.#listener.lost(running ? undefined : evalue);
    running?.resolve({
      status: "error",
      ename: "RuntimeEnded",
      evalue,
      traceback: [`RuntimeEnded: ${evalue}`],
    });
  }
}
