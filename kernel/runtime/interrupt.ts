/**
 * What an interrupt does to a cell that waits.
 *
 * Synchronous code is ended by Node itself (`breakOnSigint`) at a signal of the guard's. A cell that waits for a promise is let go
 * when the front process's message is read. A training run is told to stop and given a moment to do so,
 * so that its history and weights are whole.
 */

/** What an interrupted cell ends with. */
export class Interrupt extends Error {
  override name = "Interrupt";

  constructor() {
    super("The cell was interrupted. Variables keep their values.");
    // Where the kernel noticed says nothing about where the cell was.
    this.stack = `${this.name}: ${this.message}`;
  }
}

/** How long a training run may take to end by itself, in milliseconds. */
const GRACE_MILLISECONDS = 2000;

/** A running job that can be asked to stop. */
export interface Stoppable {
  readonly isTraining: boolean;
  stopTraining(): void;
}

/** Lets go of cells that wait. */
export class InterruptHandler {
  readonly #jobs: Stoppable;
  #letGo: ((error: Error) => void) | undefined;

  constructor(jobs: Stoppable) {
    this.#jobs = jobs;
  }

  /** From now on a SIGINT from outside, such as a terminal's, does what an interrupt does to a cell that waits. */
  install(): void {
    process.on("SIGINT", () => this.interrupt());
  }

  /**
   * Waits for a cell's promise.
   *
   * @throws {Interrupt} If an interrupt comes first.
   */
  async race<Value>(promise: Promise<Value>): Promise<Value> {
    let letGo: ((error: Error) => void) | undefined;
    const interrupted = new Promise<never>((_resolve, reject) => {
      this.#letGo = letGo = reject;
    });
    try {
      return await Promise.race([promise, interrupted]);
    } finally {
      // Not that of a later cell, if this one was ended in the middle and comes to its end only now.
      if (this.#letGo === letGo) this.#letGo = undefined;
      // What the cell does after it was let go has nobody left to report to.
      promise.catch(() => undefined);
    }
  }

  /** Lets go of the cell that waits, by an error of another kind; false if none does. */
  fail(error: Error): boolean {
    this.#letGo?.(error);
    return this.#letGo !== undefined;
  }

  /** Lets go of the cell that waits; does nothing if none does. */
  interrupt(): void {
    const letGo = this.#letGo;
    if (letGo === undefined) return; // Idle: nothing to stop.
    if (!this.#jobs.isTraining) {
      letGo(new Interrupt());
      return;
    }
    this.#jobs.stopTraining();
    setTimeout(() => letGo(new Interrupt()), GRACE_MILLISECONDS).unref();
  }
}
