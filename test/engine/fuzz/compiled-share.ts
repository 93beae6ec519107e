/**
 * Counts how many steps of a program's models ran as compiled ones, according to the engine.
 */
import type { tf } from "../../../src/engine";
import { stepsOf } from "../../../src/engine/models/install";

interface Counts {
  readonly stepByStep: number;
  readonly compiled: number;
}

/** Counts of all steps seen; a changed model gets new ones. */
export class CompiledShare {
  readonly #counts = new Set<Counts>();

  /** Records the current steps of a model. */
  note(model: tf.LayersModel): void {
    const steps = stepsOf(model);
    if (steps === undefined) return;
    const { train, trainGathered, test, testGathered } = steps;
    const { predict, predictGathered } = steps;
    const all = [train, trainGathered, test, testGathered];
    for (const { counts } of [...all, predict, predictGathered]) {
      this.#counts.add(counts);
    }
  }

  get compiled(): number {
    return this.#sum(({ compiled }) => compiled);
  }

  get stepByStep(): number {
    return this.#sum(({ stepByStep }) => stepByStep);
  }

  #sum(count: (counts: Counts) => number): number {
    return [...this.#counts].reduce((sum, each) => sum + count(each), 0);
  }
}
