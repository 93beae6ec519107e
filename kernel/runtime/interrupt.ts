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
  #rejectCell: ((error: Error) => void) | undefined;

  constructor(work: Stoppable) {
    this.#work = work;
  }

  /** Makes a SIGINT from outside, such as from a terminal, interrupt a waiting cell. */
  install(): void {
    process.on("SIGINT", () => this.interrupt());
  }

  /**
   * Waits for a cell's promise. Resolves to its value.
   *
   * @throws {Interrupt} If the cell is interrupted first.
   */
  async race<Value>(promise: Promise<Value>): Promise<Value> {
    let rejectCell: ((error: Error) => void) | undefined;
    const interrupted = new Promise<never>((_resolve, reject) => {
      this.#rejectCell = rejectCell = reject;
    });
    try {
      return await Promise.race([promise, interrupted]);
    } finally {
      // A later cell may have set it, if this one was terminated and finishes only now.
      if (this.#rejectCell === rejectCell) this.#rejectCell = undefined;
      // Errors of the cell after its interrupt are not reported.
      promise.catch(() => undefined);
    }
  }

  /** Ends the waiting cell with another error. Returns false if no cell is waiting. */
  fail(error: Error): boolean {
    this.#rejectCell?.(error);
    return this.#rejectCell !== undefined;
  }

  /** Interrupts the waiting cell. Does nothing if no cell is waiting. */
  interrupt(): void {
    const rejectCell = this.#rejectCell;
    if (rejectCell === undefined) return;
    if (!this.#work.isActive) {
      rejectCell(new Interrupt());
      return;
    }
    this.#work.interrupt(new Interrupt());
    setTimeout(() => rejectCell(new Interrupt()), GRACE_MILLISECONDS).unref();
  }
}
