/**
 * What a step is run by when it no longer runs in tfjs: a program, whichever way it computes.
 */
import type { FusedUpdate } from "../optimizers/fused-update";
import type { Recording } from "../recording/recording";
import type { tf } from "../tfjs/library";
import { isAssignedAsInTfjs, isGone } from "../variables/variable-values";

/** The error of a run, of one step or several, that ended because a loss is not finite. */
export class LossNotFinite extends Error {
  /** `step` is the place of that step in its run, from 0; `outputs` those of the steps before, which were done. */
  constructor(
    readonly step: number,
    readonly outputs: readonly Float32Array[],
  ) {
    super("The loss is not finite");
  }
}

/** What a run is given beside its inputs, in the place of what was recorded. */
export type RunTensors = Pick<Recording, "outside" | "constants">;

/** What a run gives: the step's outputs, numbers if all are scalars, and what somebody keeps beyond the step. */
export interface RunResult {
  readonly outputs: Float32Array | readonly tf.Tensor[];
  readonly kept: readonly tf.Tensor[];
}

/** The error of a step that must be compiled in a way that it cannot be; the user is to see it. */
export class MustCompile extends Error {}

/** A compiled step. */
export interface StepProgram {
  /** How it computes: as one TensorFlow graph, or natively. */
  readonly path: "graph" | "native";
  /** Steps that {@link runAll} does in one run. */
  readonly steps: number;
  /** Whether {@link runAll} does any number of steps in one run. */
  readonly takesBatches: boolean;
  /** Whether the last of these may have fewer samples. */
  readonly takesRest: boolean;
  /** Number of operations in a step. */
  readonly size: number;
  /** The program as text, one line an operation or instruction. */
  print(): string;
  /** Lets go of what only further programs would need. */
  forgetOperations(): void;
  /**
   * Takes the optimizer's update as it is now. False if the program was made for other variables or another form of it, or if a
   * variable is gone or has a method of the user's; it is then of no use any more.
   */
  adopt(update: FusedUpdate | undefined): boolean;
  /**
   * Runs the step once.
   *
   * `inputs` have the types and shapes that the recorded step's had. If `guarded`, a {@link LossNotFinite} is thrown when the loss is not
   * finite, and no variable has changed then.
   */
  run(
    inputs: readonly tf.Tensor[],
    guarded: boolean,
    tensors?: RunTensors,
  ): RunResult;
  /** Runs as many steps as the program has, one after the other; the outputs of all. */
  runAll(
    inputs: readonly (readonly tf.Tensor[])[],
    guarded: boolean,
  ): Float32Array | readonly tf.Tensor[];
  /** A program that takes this one's place and can do so many steps in one run; this one, if it does one at a time. */
  withSteps(steps: number): StepProgram;
  /** Ends the program; values that only it has are brought home first. */
  dispose(): void;
}

/** The variables that an optimizer has for what it trains in a step; undefined for those that its first step will make. */
export function optimizerVariables(
  update: FusedUpdate,
  { updates = [] }: Pick<Recording, "updates">,
): readonly (tf.Variable | undefined)[] {
  // They are looked up by the places of the variables that they belong to.
  const places = updates.flatMap(({ gradient }, index) =>
    gradient === undefined ? [] : [index],
  );
  return update.state(places);
}

/** What of an optimizer a program is made for: its form and its variables. */
export function optimizerState(
  update: FusedUpdate | undefined,
  recording: Pick<Recording, "updates">,
): readonly unknown[] {
  return update === undefined
    ? []
    : [update.form, ...optimizerVariables(update, recording)];
}

/** Whether a program can still be used: its optimizer is as it was, and its variables are there and assigned as in tfjs. */
export function isUsableFor(
  variables: readonly tf.Variable[],
  before: readonly unknown[],
  now: readonly unknown[],
): boolean {
  return (
    now.length === before.length &&
    now.every((each, index) => each === before[index]) &&
    !variables.some(isGone) &&
    variables.every(isAssignedAsInTfjs)
  );
}
