/**
 * The message for a cell that overflows TypeScript's stack; tsc ends with a RangeError here.
 */

/** The message. */
export const TOO_DEEP =
  "A cell's expressions and statements must not be nested too deeply for TypeScript's stack. Split this cell.";
