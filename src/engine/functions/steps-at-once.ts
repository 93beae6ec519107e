/**
 * How many steps are worth doing in one run of TensorFlow.
 *
 * A run costs about half a millisecond beside its operations, and a step leaves a core idle now and then. For steps of a few
 * milliseconds that is a good part of the time; longer ones gain nothing, and an interrupt waits for the whole run.
 */

/** Steps that are asked for. */
export interface StepsToCome {
  /** Steps that can be run now. */
  readonly now: number;
  /** The same, with one on what is left of the samples. */
  readonly withRest: number;
  /** Steps that will be run on such inputs, all in all. */
  readonly ahead: number;
  /** Steps that will be run without a break, such as those of one epoch. */
  readonly inARow: number;
}

/** Steps that are done in one run, at most. */
const mostStepsAtOnce = 8;

/** Milliseconds that a step may take to be run together with others. */
const shortStep = 8;

/** Steps by which it is seen how long they take. */
const stepsTimed = 8;

/** Steps that must be ahead for a program of several to be worth the time it takes to make. */
const worthwhileSteps = 200;

/** Operations in one run, at most: a graph of so many takes seconds to make, and memory with it. */
const mostOperations = 4000;

/** How long a program's first steps took. */
export class StepTimes {
  #count = 0;
  #shortest = Infinity;

  /** Notes one step, in milliseconds. */
  add(milliseconds: number): void {
    this.#count += 1;
    this.#shortest = Math.min(this.#shortest, milliseconds);
  }

  /** Notes that several steps in one run are not to be had. */
  giveUp(): void {
    this.#shortest = Infinity;
    this.#count = -Infinity;
  }

  /** Milliseconds of the shortest step; infinite before the first. */
  get shortest(): number {
    return this.#shortest;
  }

  /** Whether enough steps were seen, and the shortest, which other work on the machine has disturbed least, is a short one. */
  get areShort(): boolean {
    return this.#count >= stepsTimed && this.#shortest < shortStep;
  }
}

/** Milliseconds of a run of steps that cost nothing to be run together: long enough to begin seldom, short enough for an interrupt. */
const moment = 20;

/** How many steps to do in one run where any number can be, at no cost. */
export function stepsOfMoment(now: number, times: StepTimes): number {
  return Math.max(1, Math.min(now, Math.floor(moment / times.shortest)));
}

/**
 * How many steps to do in one run; 1 where more would not pay.
 *
 * `operations` is the number of operations in a step. Of half the most to the most, the number that leaves the fewest of a row to be run one by one.
 */
export function stepsTogether(
  { ahead, inARow }: StepsToCome,
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
