/**
 * How the steps of a model were run: natively, as a graph or operation by operation, and why.
 */
import type { CompiledStep } from "../functions/compiled-step";
import type { tf } from "../tfjs/library";
import { stepsOf } from "./install";
import type { Activity } from "./model-steps";

/** How steps of one kind were run so far. */
export interface StepCompilation {
  /** Steps that ran natively. */
  readonly native: number;
  /** Steps that ran as one TensorFlow graph. */
  readonly graph: number;
  /** Steps that ran operation by operation: of graphs at least the first of its kind, which is recorded. */
  readonly operations: number;
  /** Why steps were not compiled; empty if nothing stood in the way. */
  readonly reasons: readonly string[];
  /** Why compiled steps are graphs and not native; empty if they are native, or were not asked to be. */
  readonly notNative: readonly string[];
}

/** How a model's steps were run. As text, a line for each kind and then the programs. */
export class Compilation {
  readonly training: StepCompilation;
  readonly evaluation: StepCompilation;
  readonly prediction: StepCompilation;
  readonly #programs: readonly string[];

  constructor(
    steps: Readonly<Record<Activity, StepCompilation>>,
    programs: readonly string[],
  ) {
    this.training = steps.training;
    this.evaluation = steps.evaluation;
    this.prediction = steps.prediction;
    this.#programs = programs;
  }

  toString(): string {
    const lines = (["training", "evaluation", "prediction"] as const).map(
      (activity) => {
        const { native, graph, operations, reasons, notNative } =
          this[activity];
        const counts = `${native} steps native, ${graph} as a graph, ${operations} operation by operation`;
        const why = notNative.map((each) => `not native: ${each}`);
        return [`${activity}: ${counts}`, ...reasons, ...why].join("; ");
      },
    );
    return [...lines, ...this.#programs].join("\n");
  }

  [Symbol.for("nodejs.util.inspect.custom")](): string {
    return this.toString();
  }
}

/**
 * How the steps of a model were run so far.
 *
 * @param model A model, compiled or not, sequential or functional.
 */
export function compilation(model: tf.LayersModel): Compilation {
  const steps = stepsOf(model);
  const of = (some: readonly CompiledStep[]) => {
    const sum = (count: (step: CompiledStep) => number) =>
      some.reduce((total, step) => total + count(step), 0);
    return {
      native: sum(({ counts }) => counts.native),
      graph: sum(({ counts }) => counts.compiled - counts.native),
      operations: sum(({ counts }) => counts.stepByStep),
      reasons: [...new Set(some.flatMap(({ counts }) => [...counts.reasons]))],
      notNative: [
        ...new Set(some.flatMap(({ counts }) => [...counts.notNative])),
      ],
    };
  };
  const some = (...list: (CompiledStep | undefined)[]) =>
    list.filter((step) => step !== undefined);
  const training = some(steps?.train, steps?.trainGathered);
  return new Compilation(
    {
      training: of(training),
      evaluation: of(some(steps?.test, steps?.testGathered)),
      prediction: of(some(steps?.predict, steps?.predictGathered)),
    },
    training.flatMap((step) => step.print()),
  );
}
