/**
 * State of a library that an interrupt may leave changed.
 *
 * An interrupt ends synchronous code at once, without its `finally` blocks: what the library has
 * set for the time of a call stays set.
 */

/** What a kernel needs to repair a library's state. */
export interface RepairableState<Mark = unknown> {
  /** Returns the state that must be restored. Called before each cell, so it must be fast. */
  mark(): Mark;
  /**
   * Restores the state after code was ended at once.
   *
   * @param mark The state before that code; undefined if it is not known, which means the initial
   *   state.
   */
  repair(mark: Mark | undefined): void;
}
