/**
 * Where the numbers of a native program are while it is being written, and what its instructions are given.
 */

/** A buffer's numbers, and when they are ready. */
export interface Location {
  /** Rows of samples; or what is shared; or sums of the slots, which are not added yet. */
  readonly domain: "rows" | "shared" | "slots";
  readonly buffer: number;
  /** Numbers of a sample, or in all. */
  readonly size: number;
  readonly level: number;
  /** Of what is shared: the wave in which it is computed; −1 for what is there from the start. */
  readonly wave: number;
  /** Of sums: what they are to be multiplied by. */
  readonly factor?: number;
}

/** The operands of an instruction. */
export interface Operands {
  readonly integers?: readonly number[];
  readonly numbers?: readonly number[];
}

/** What an instruction on all samples at once gives. */
export interface Output {
  readonly domain: "rows" | "shared";
  readonly size: number;
}
