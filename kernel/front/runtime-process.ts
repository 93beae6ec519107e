/**
 * Manages the runtime process: starts it, runs cells in it, interrupts it, and replaces it when it
 * has ended.
 */
import type { ChildProcess } from "node:child_process";
import type {
  CommCommand,
  ExecuteCommand,
  InputAnswer,
  InputQuestion,
  Outcome,
  RuntimeEvent,
  ShownEvent,
} from "../runtime/channel";
import type { DebugCommand, DebugNotice } from "../debugger/channel";
import { endGroup, endMembers, killGroup } from "../runtime/process-group";
import { NO_RUN } from "../runtime/stop-flag";
import { StreamJoiner } from "../stream-joiner";
import type { DeclaringPackages } from "../extensions/declaring-packages";
import { outOfMemory, watchMemory } from "./memory-limit";
import { withoutQuietLines } from "./native-noise";
import { forkRuntime, sendToGuard } from "./runtime-child";

/** How long a runtime may take to exit before it is killed, in milliseconds. */
const END_MILLISECONDS = 500;

/** Delay after which a cell that is still running is interrupted again, in milliseconds. */
const REPEAT_MILLISECONDS = 1000;

/** Number of consecutive failed starts after which no further process is started automatically. */
const MOST_FAILED_STARTS = 3;

/** Callbacks for events of the runtime. */
interface RuntimeListener {
  /** Called when a cell has printed or displayed something. */
  event(event: ShownEvent): void;
  /** Called with output of native code and child processes, whose cell is unknown. */
  printed(name: "stdout" | "stderr", text: string): void;
  /** Called when a cell asks the user and waits for {@link RuntimeProcess.answer}. */
  asked(question: InputQuestion): void;
  /** Called with what the guard reports to the debugger. */
  debugged(notice: DebugNotice): void;
  /**
   * Called when the runtime has ended unexpectedly. The variables are lost and a new process has
   * been started.
   *
   * @param text A message for the user; undefined if a cell was running, which then reports the
   *   error itself.
   */
  lost(text?: string): void;
}

interface RunningCell {
  isInterrupted: boolean;
  begun(): void;
  resolve(outcome: Outcome): void;
}

/** The process that runs the cells. */
export class RuntimeProcess {
  readonly #listener: RuntimeListener;
  readonly #packages: DeclaringPackages;
  /** The limit of the resident memory in bytes; undefined for none. */
  readonly #memory: number | undefined;
  readonly #joiner = new StreamJoiner((event) => this.#listener.event(event));
  #child: ChildProcess;
  /** The running cells, by run: at most one of each shell. */
  readonly #running = new Map<number, RunningCell>();
  #interrupts = 0;
  #closing = false;
  #isReady = false;
  #generation = 0;
  /** Number of consecutive processes that have ended before they were ready. */
  #failedStarts = 0;
  /** The memory for which the current process is being ended, in bytes. */
  #memorySeen: number | undefined;

  /**
   * @param listener Called with the events.
   * @param packages The packages that declare which lines of native code are not shown.
   * @param memory The limit of the process's resident memory in bytes; none by default.
   */
  constructor(
    listener: RuntimeListener,
    packages: DeclaringPackages,
    memory?: number,
  ) {
    this.#listener = listener;
    this.#packages = packages;
    this.#memory = memory;
    this.#child = this.#start();
  }

  /** Number of the current process, counted up. A new process has none of the variables. */
  get generation(): number {
    return this.#generation;
  }

  /**
   * Announces the cell that is being compiled, so that the runtime can load libraries of its
   * modules meanwhile.
   */
  expect(source: string): void {
    if (!/\b(?:import|export|require)\b/.test(source)) return;
    this.#child.send({ kind: "expect", source }, () => undefined);
  }

  /**
   * Runs a cell. Resolves to its outcome and never rejects.
   *
   * @param begun Called when the cell's own code is known to have begun to run: early for a cell
   *   that awaits, at its end for other cells.
   */
  execute(command: ExecuteCommand, begun: () => void): Promise<Outcome> {
    if (this.#failedStarts >= MOST_FAILED_STARTS) {
      // The cause may have been fixed meanwhile.
      this.#failedStarts = MOST_FAILED_STARTS - 1;
      this.#child = this.#start();
    }
    return new Promise((resolve) => {
      let hasBegun = false;
      this.#running.set(command.run, {
        isInterrupted: false,
        begun: () => {
          if (!hasBegun) begun();
          hasBegun = true;
        },
        resolve,
      });
      // If sending fails, the process has just ended, and its exit event settles the promise.
      this.#child.send(command, () => undefined);
    });
  }

  /**
   * Interrupts the running cells or, if there is none, code of an earlier cell that keeps the
   * process busy. Child processes also receive the signal, as in a terminal.
   *
   * A waiting cell reads the command. Code that keeps the thread busy does not, so the guard thread
   * interrupts it.
   */
  interrupt(): void {
    this.#interrupt(true);
  }

  #interrupt(children: boolean): void {
    // The thread takes the latest of the running cells for the one that it runs.
    const run = Math.max(NO_RUN, ...this.#running.keys());
    this.#interrupts += 1;
    const interrupt = this.#interrupts;
    this.#child.send({ kind: "interrupt", run, interrupt }, () => undefined);
    sendToGuard(this.#child, { stop: run, interrupt, children });
    const cells = [...this.#running.values()].filter(
      (cell) => !cell.isInterrupted,
    );
    if (cells.length === 0) return;
    for (const cell of cells) cell.isInterrupted = true;
    setTimeout(() => {
      const running = [...this.#running.values()];
      const left = cells.filter((cell) => running.includes(cell));
      for (const cell of left) cell.isInterrupted = false;
      if (left.length > 0) this.#interrupt(false);
    }, REPEAT_MILLISECONDS).unref();
  }

  /** Passes a comm message to its listeners. */
  comm(command: CommCommand): void {
    this.#child.send(command, () => undefined);
  }

  /** Sends the answer to a cell's question. */
  answer(answer: InputAnswer): void {
    sendToGuard(this.#child, { answer });
  }

  /** Sends a command of the debugger. */
  debug(command: DebugCommand): void {
    sendToGuard(this.#child, { debug: command });
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
    if (child.connected) child.disconnect(); // Ends an idle runtime; a busy one needs the signal.
    const timer = setTimeout(() => child.kill("SIGKILL"), END_MILLISECONDS);
    await ended;
    clearTimeout(timer);
    killGroup(child.pid!);
  }

  #start(): ChildProcess {
    this.#isReady = false;
    this.#generation += 1;
    const child: ChildProcess = forkRuntime({
      event: (event) => this.#receive(event),
      asked: (question) => {
        this.#joiner.flush();
        this.#listener.asked(question);
      },
      debugged: (notice) => {
        // An ended process may still have sent some.
        if (child === this.#child) this.#listener.debugged(notice);
      },
      printed: (name, text) => {
        const shown =
          name === "stderr"
            ? withoutQuietLines(text, () => this.#packages.quietLines)
            : text;
        if (shown !== "") this.#listener.printed(name, shown);
      },
    });
    const unwatch = this.#limitMemory(child);
    child.on("exit", (code, signal) => {
      unwatch();
      this.#exited(child, code, signal);
    });
    return child;
  }

  /** Ends a process that exceeds the limit. Returns a function that ends the watch. */
  #limitMemory(child: ChildProcess): () => void {
    this.#memorySeen = undefined;
    const limit = this.#memory;
    if (limit === undefined || child.pid === undefined) return () => undefined;
    return watchMemory(child.pid, limit, (seen) => {
      if (child !== this.#child) return;
      this.#memorySeen = seen;
      child.kill("SIGKILL");
    });
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
    if (event.kind === "begun") {
      this.#running.get(event.run)?.begun();
      return;
    }
    this.#joiner.flush();
    if (event.kind !== "done") {
      this.#listener.event(event);
      return;
    }
    const cell = this.#running.get(event.run);
    this.#running.delete(event.run);
    if (event.hasBegun) cell?.begun();
    cell?.resolve(event.outcome);
  }

  #exited(
    child: ChildProcess,
    code: number | null,
    signal: NodeJS.Signals | null,
  ): void {
    if (this.#closing || child !== this.#child) return;
    if (child.pid !== undefined) void endGroup(child.pid);
    this.#joiner.flush();
    const running = [...this.#running.values()];
    this.#running.clear();
    const wasReady = this.#isReady;
    const seen = this.#memorySeen;
    if (!wasReady) this.#failedStarts += 1;
    const hasFailedRepeatedly = this.#failedStarts >= MOST_FAILED_STARTS;
    if (!hasFailedRepeatedly) this.#child = this.#start();
    const how =
      signal === null ? `exited with code ${code}` : `was killed by ${signal}`;
    const ended = `The process that runs the cells ${how}`;
    const evalue = hasFailedRepeatedly
      ? `${ended} before it was ready, ${MOST_FAILED_STARTS} times in a row. Run a cell to try again.`
      : wasReady
        ? `${ended}. All variables are lost; a new process has been started.`
        : `${ended} before it was ready. A new process is being started; the next cell runs in it.`;
    const error =
      seen !== undefined && wasReady
        ? outOfMemory(this.#memory!, seen)
        : {
            ename: "RuntimeEnded",
            evalue,
            traceback: [`RuntimeEnded: ${evalue}`],
          };
    this.#listener.lost(running.length > 0 ? undefined : error.evalue);
    for (const cell of running) cell.resolve({ status: "error", ...error });
  }
}
