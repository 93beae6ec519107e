/**
 * Types for the locations of values in a native program, and for the operands of its instructions.
 */

/** The buffer of a value, and when in the program the value is ready. */
export interface Location {
  /**
   * `rows`: a row for each sample; `shared`: one value for all samples; `slots`: a partial sum for
   * each slot.
   */
  readonly domain: "rows" | "shared" | "slots";
  readonly buffer: number;
  /** Number of elements, of one sample if the domain is `rows`. */
  readonly size: number;
  readonly level: number;
  /**
   * For shared values, the wave in which they are computed; −1 if they are available from the
   * start.
   */
  readonly wave: number;
  /** For partial sums, the factor that their total is multiplied by. */
  readonly factor?: number;
}

/** The operands of an instruction. */
export interface Operands {
  readonly integers?: readonly number[];
  readonly numbers?: readonly number[];
}

/** A result of an instruction on the whole batch. */
export interface Output {
  readonly domain: "rows" | "shared";
  readonly size: number;
}
