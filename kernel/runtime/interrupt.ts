/**
 * Interrupts waiting cells.
 *
 * Node ends synchronous code (`breakOnSigint`) when the guard sends a signal. A cell that awaits a
 * promise ends when the front process's message is read. A library's work, such as a training run,
 * is asked to stop and given time to do so, so that its results are complete.
 */
import { Interrupt } from "../interrupt-error";

/** How long a library's work may take to stop, in milliseconds. */
const GRACE_MILLISECONDS = 2000;

/** Work of libraries that can be asked to stop. */
interface Stoppable {
  /** Whether any is active. */
  readonly isActive: boolean;
  interrupt(reason: Error): void;
}

/** Ends waiting cells. */
export class InterruptHandler {
  readonly #work: Stoppable;
  readonly #run: () => number;
  /** The waiting cells: functions that end them, with their runs. */
  readonly #waiting = new Map<(error: Error) => void, number>();

  /**
   * @param work The work of libraries.
   * @param run Returns the run of the code that is executing.
   */
  constructor(work: Stoppable, run: () => number) {
    this.#work = work;
    this.#run = run;
  }

  /** Makes a SIGINT from outside, such as from a terminal, interrupt the waiting cells. */
  install(): void {
    process.on("SIGINT", () => this.interrupt());
  }

  /**
   * Waits for a cell's promise. Resolves to its value.
   *
   * @param run The run of the cell; by default that of the code that is executing.
   *
   * @throws {Interrupt} If the cell is interrupted first.
   */
  async race<Value>(
    promise: Promise<Value>,
    run = this.#run(),
  ): Promise<Value> {
    let end: (error: Error) => void = () => undefined;
    const interrupted = new Promise<never>((_resolve, reject) => {
      end = reject;
    });
    this.#waiting.set(end, run);
    try {
      return await Promise.race([promise, interrupted]);
    } finally {
      this.#waiting.delete(end);
      // Errors of the cell after its interrupt are not reported.
      promise.catch(() => undefined);
    }
  }

  /**
   * Ends the cell whose code is executing with another error, or all waiting cells if it is not
   * one of them. Returns false if no cell is waiting.
   */
  fail(error: Error): boolean {
    const run = this.#run();
    const own = [...this.#waiting].filter(([, each]) => each === run);
    for (const [end] of own.length > 0 ? own : this.#waiting) end(error);
    return this.#waiting.size > 0;
  }

  /** Forgets a cell that has ended, even if the promise that it waited for is never settled. */
  forget(run: number): void {
    for (const [end, each] of this.#waiting) {
      if (each === run) this.#waiting.delete(end);
    }
  }

  /**
   * Interrupts the waiting cells. Does nothing if no cell is waiting.
   *
   * @param latest The latest run to interrupt.
   */
  interrupt(latest = Infinity): void {
    const waiting = [...this.#waiting].filter(([, run]) => run <= latest);
    if (waiting.length === 0) return;
    const interrupt = () => {
      for (const [end] of waiting) end(new Interrupt());
    };
    if (!this.#work.isActive) {
      interrupt();
      return;
    }
    this.#work.interrupt(new Interrupt());
    setTimeout(interrupt, GRACE_MILLISECONDS).unref();
  }
}
