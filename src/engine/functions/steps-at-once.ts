/**
 * Decides how many steps to compute in one TensorFlow run.
 *
 * A run costs about half a millisecond in addition to its operations, and a step occasionally
 * leaves a core idle. That is a considerable share of the time of steps that take a few
 * milliseconds. Longer steps gain nothing, and an interrupt waits for the whole run.
 */

/** The steps that remain. */
export interface UpcomingSteps {
  /** Steps that can run now. */
  readonly now: number;
  /** As `now`, plus one step on the remaining samples. */
  readonly withRest: number;
  /** Total number of steps that will run on such inputs. */
  readonly ahead: number;
  /** Steps that will run without interruption, such as those of one epoch. */
  readonly inARow: number;
}

/** Maximum number of steps in one run. */
const mostStepsAtOnce = 8;

/** Maximum duration in milliseconds of a step that is run together with others. */
const shortStep = 8;

/** Number of steps that are timed first. */
const stepsTimed = 8;

/** Minimum number of remaining steps for which a program of several steps pays off. */
const worthwhileSteps = 200;

/** Maximum number of operations in one run: larger graphs take seconds and much memory to build. */
const mostOperations = 4000;

/** Durations of a program's first steps. */
export class StepTimes {
  #count = 0;
  #shortest = Infinity;

  /** Records the duration of one step, in milliseconds. */
  add(milliseconds: number): void {
    this.#count += 1;
    this.#shortest = Math.min(this.#shortest, milliseconds);
  }

  /** Records that several steps in one run are not possible. */
  giveUp(): void {
    this.#shortest = Infinity;
    this.#count = -Infinity;
  }

  /** Duration of the shortest step in milliseconds; infinite before the first. */
  get shortest(): number {
    return this.#shortest;
  }

  /**
   * Whether enough steps were timed and the shortest one is below the limit. The shortest is the
   * one least disturbed by other work on the machine.
   */
  get areShort(): boolean {
    return this.#count >= stepsTimed && this.#shortest < shortStep;
  }
}

/**
 * Duration in milliseconds of a run of steps that can be combined at no cost: long enough to make
 * starts rare, short enough for an interrupt.
 */
const freeRunDuration = 20;

/** Number of steps in one run if any number can be combined at no cost. */
export function stepsPerFreeRun(now: number, times: StepTimes): number {
  return Math.max(
    1,
    Math.min(now, Math.floor(freeRunDuration / times.shortest)),
  );
}

/**
 * Number of steps in one run; 1 if more would not pay off.
 *
 * `operations` is the number of operations in a step. Of the numbers from half the maximum to the
 * maximum, chooses the one that leaves the fewest steps of a row to be run individually.
 */
export function stepsPerRun(
  { ahead, inARow }: UpcomingSteps,
  times: StepTimes,
  operations: number,
): number {
  if (ahead < worthwhileSteps || !times.areShort) return 1;
  if (operations * mostStepsAtOnce > mostOperations) return 1;
  let best = Math.min(mostStepsAtOnce, inARow);
  for (let steps = best - 1; steps >= mostStepsAtOnce / 2; steps -= 1) {
    if (inARow % steps < inARow % best) best = steps;
  }
  return best;
}
