/**
 * Work of a library that goes on while a cell awaits it, such as a training run.
 *
 * An interrupt of the cell must not simply abandon such work, which would go on during later cells.
 */

/** What a kernel needs of a library whose work can be interrupted. */
export interface InterruptibleRuns {
  /**
   * Called once, before the other methods.
   *
   * @param changed To be called with the number of active runs whenever it has changed. While there
   *   are any, an interrupt gives them a few seconds to stop.
   */
  watch(changed: (activeRuns: number) => void): void;
  /** Asks all active runs to stop soon; their promises must then reject with the reason. */
  interrupt(reason: Error): void;
  /** Called after all active runs were ended at once, without their `finally` blocks. */
  ended(): void;
}
