/**
 * The order of a native program's instructions.
 *
 * A *level* is one pass over the samples. Shared values are computed before it, in *waves* that
 * wait for each other. A sum over samples of one level is a shared value of the next.
 */
import type { Instruction, Phase } from "./program-encoding";

interface Level {
  readonly waves: Instruction[][];
  readonly rows: Instruction[];
  readonly cleared: Set<number>;
}

/** The instructions of one program. */
export class Schedule {
  readonly #levels: Level[] = [];
  readonly #last: Instruction[] = [];
  /** The buffer of the loss that is checked before the last instructions, if any. */
  guard: number | undefined;

  /**
   * Adds an instruction that runs on each group of samples.
   *
   * @param level The pass over the samples in which it runs.
   * @param sums The buffers of partial sums that it adds to, which the pass sets to 0 first.
   */
  addOfSamples(
    level: number,
    instruction: Instruction,
    sums: readonly number[],
  ): void {
    const { rows, cleared } = this.#level(level);
    rows.push(instruction);
    for (const buffer of sums) cleared.add(buffer);
  }

  /** Adds an instruction that runs once, in a wave before a level's pass over the samples. */
  addOfAll(level: number, wave: number, instruction: Instruction): void {
    const { waves } = this.#level(level);
    while (waves.length <= wave) waves.push([]);
    waves[wave]!.push(instruction);
  }

  /** Adds an instruction that runs after all others. */
  addAtEnd(instruction: Instruction): void {
    this.#last.push(instruction);
  }

  /** Returns the instructions in phases that wait for each other. */
  phases(): Phase[] {
    const phases = this.#levels.flatMap(({ waves, rows, cleared }) => [
      ...waves.map((instructions) => phase(false, instructions)),
      ...(rows.length > 0 ? [phase(true, rows, [...cleared])] : []),
    ]);
    const guarded = phases.at(-1);
    if (guarded && this.guard !== undefined) guarded.guard = this.guard;
    phases.push(phase(false, this.#last));
    return phases.filter(({ instructions }) => instructions.length > 0);
  }

  #level(level: number): Level {
    while (this.#levels.length <= level) {
      this.#levels.push({ waves: [], rows: [], cleared: new Set() });
    }
    return this.#levels[level]!;
  }
}

function phase(
  isOfSamples: boolean,
  instructions: readonly Instruction[],
  cleared: readonly number[] = [],
): Phase {
  return { isOfSamples, instructions, cleared, guard: -1 };
}
