/**
 * Reports how the steps of a model were run: natively, as a graph or operation by operation, and
 * why.
 */
import type { CompiledStep } from "../functions/compiled-step";
import { withFormerNames } from "../../notebook/former-names";
import type { tf } from "../tfjs/library";
import { stepsOf } from "./install";
import type { Activity } from "./model-steps";

/** How steps of one kind have been run so far. */
export interface StepCompilation {
  /** Number of steps that ran natively. */
  readonly native: number;
  /** Number of steps that ran as one TensorFlow graph. */
  readonly graph: number;
  /**
   * Number of steps that ran operation by operation. With graphs, this includes at least the first
   * step of each kind, which is recorded.
   */
  readonly eager: number;
  /** @deprecated Use `eager`. */
  readonly operations: number;
  /** Why steps were not compiled; empty if nothing prevented it. */
  readonly reasons: readonly string[];
  /**
   * Why compiled steps are graphs instead of native programs; empty if they are native, or native
   * programs were not requested.
   */
  readonly nativeObstacles: readonly string[];
  /** @deprecated Use `nativeObstacles`. */
  readonly notNative: readonly string[];
}

/**
 * How a model's steps were run. As text: one line for each kind of step, followed by the programs.
 */
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
        const { native, graph, eager, reasons, nativeObstacles } =
          this[activity];
        const counts = `${native} steps native, ${graph} as a graph, ${eager} operation by operation`;
        const why = nativeObstacles.map((each) => `not native: ${each}`);
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
 * Returns how the steps of a model have been run so far.
 *
 * @param model A model, compiled or not, sequential or functional.
 */
export function compilation(model: tf.LayersModel): Compilation {
  const steps = stepsOf(model);
  const of = (some: readonly CompiledStep[]) => {
    const sum = (count: (step: CompiledStep) => number) =>
      some.reduce((total, step) => total + count(step), 0);
    const found = {
      native: sum(({ counts }) => counts.native),
      graph: sum(({ counts }) => counts.compiled - counts.native),
      eager: sum(({ counts }) => counts.stepByStep),
      reasons: [...new Set(some.flatMap(({ counts }) => [...counts.reasons]))],
      nativeObstacles: [
        ...new Set(some.flatMap(({ counts }) => [...counts.nativeObstacles])),
      ],
    };
    return withFormerNames("StepCompilation", found, {
      operations: "eager",
      notNative: "nativeObstacles",
    });
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
