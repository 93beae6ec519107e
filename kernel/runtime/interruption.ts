/**
 * Handles interrupts: ends the cells that wait, and completes work that a termination has cut off.
 *
 * A termination is an interrupt of code that does not return: V8 ends it, and pending promise
 * reactions are lost.
 */
import { Interrupt } from "../interrupt-error";
import type { Outcome } from "./channel";
import type { Extensions } from "./extensions";
import type { InterruptHandler } from "./interrupt";
import type { Output } from "./output";
import type { RunningCells } from "./running-cells";
import { HANDLED_INTERRUPT, type StopFlag, WAS_TERMINATED } from "./stop-flag";
import type { Termination } from "./termination";
import { toCellError, type TracebackContext } from "./traceback";

/** The parts of the runtime that an interrupt concerns. */
interface InterruptedRuntime {
  readonly stopFlag: StopFlag;
  readonly termination: Termination;
  readonly extensions: Extensions;
  readonly interrupts: InterruptHandler;
  readonly output: Output;
  readonly tracebackContext: TracebackContext;
  /** The cells that are running. */
  cells(): RunningCells;
}

/** The interrupts of one runtime. */
export class Interruption {
  readonly #runtime: InterruptedRuntime;
  /** The ended run whose interrupt has already been reported. */
  #reportedRun: number | undefined;
  /** Ticket of the comm message that is being delivered to listeners. */
  #delivered: number | undefined;

  constructor(runtime: InterruptedRuntime) {
    this.#runtime = runtime;
  }

  /**
   * Handles an interrupt, once.
   *
   * @param interrupt The number of the interrupt.
   * @param latest The latest run that it ends.
   */
  handle(interrupt: number, latest?: number): void {
    const { stopFlag, termination, extensions, interrupts } = this.#runtime;
    if (Atomics.load(stopFlag, HANDLED_INTERRUPT) >= interrupt) return;
    Atomics.store(stopFlag, HANDLED_INTERRUPT, interrupt);
    const endedRun = termination.settle();
    const wasEnded = Atomics.exchange(stopFlag, WAS_TERMINATED, 0) === 1;
    if (wasEnded) extensions.repair();
    interrupts.interrupt(latest);
    if (wasEnded) this.#recover(endedRun);
  }

  /** Returns the outcome of an interrupted cell. */
  outcome(): Outcome {
    return {
      status: "error",
      ...toCellError(new Interrupt(), this.#runtime.tracebackContext),
    };
  }

  /** Notes that the interrupt of a run is shown already. */
  report(run: number | undefined): void {
    this.#reportedRun = run;
  }

  /** Delivers a comm message to its listeners, which a termination may end. */
  deliver(ticket: number, deliver: () => void): void {
    this.#delivered = ticket;
    deliver();
    this.#delivered = undefined;
  }

  /** Completes work that cannot continue after a termination. */
  #recover(endedRun: number | undefined): void {
    const { output, tracebackContext } = this.#runtime;
    const cells = this.#runtime.cells();
    const running = cells.all;
    const cell = cells.get(endedRun);
    if (cell) cell.wasInterrupted = true;
    else if (endedRun !== undefined && endedRun !== this.#reportedRun) {
      const { traceback } = toCellError(new Interrupt(), tracebackContext);
      const text = `${traceback.join("\n")}\n`;
      output.send({ kind: "stream", run: endedRun, name: "stderr", text });
    }
    this.#reportedRun = undefined;
    if (this.#delivered !== undefined) {
      output.send({ kind: "comm-handled", ticket: this.#delivered });
      this.#delivered = undefined;
    }
    // An interrupted waiting cell has reported its outcome by then.
    setImmediate(() => {
      for (const each of running) each.finish(this.outcome());
    });
  }
}
