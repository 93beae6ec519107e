/**
 * The interface of compiled steps, independent of how they compute.
 */
import type { ErrorCode } from "../../notebook/coded-error";
import type { FusedUpdate } from "../optimizers/fused-update";
import type { Recording } from "../recording/recording";
import type { tf } from "../tfjs/library";
import {
  isAssignedAsInTfjs,
  isVariableDisposed,
} from "../variables/variable-values";

/** Thrown by a run, of one step or several, that was aborted because a loss is not finite. */
export class LossNotFinite extends Error {
  readonly code = "ERR_NOT_FINITE" satisfies ErrorCode;

  /**
   * `step` is the index of that step within its run, from 0; `outputs` are those of the completed
   * steps before it.
   */
  constructor(
    readonly step: number,
    readonly outputs: readonly Float32Array[],
  ) {
    super("The loss is not finite");
  }
}

/** Tensors of a run that replace recorded ones, in addition to its inputs. */
export type RunTensors = Pick<Recording, "outside" | "constants">;

/**
 * Result of a run: the step's outputs, as numbers if all are scalars, and tensors kept beyond the
 * step.
 */
export interface RunResult {
  readonly outputs: Float32Array | readonly tf.Tensor[];
  readonly kept: readonly tf.Tensor[];
}

/** Thrown if a step cannot be compiled in the way that is required; the user sees this error. */
export class MustCompile extends Error {
  constructor(
    readonly code: ErrorCode,
    message: string,
  ) {
    super(message);
  }
}

/** A compiled step. */
export interface StepProgram {
  /** How the program computes: as one TensorFlow graph, or natively. */
  readonly path: "graph" | "native";
  /** Number of steps that {@link runAll} runs. */
  readonly steps: number;
  /** Whether {@link runAll} accepts any number of steps. */
  readonly takesBatches: boolean;
  /** Whether the last of these may have fewer samples. */
  readonly takesRest: boolean;
  /** Number of operations in a step. */
  readonly size: number;
  /** The program as text, one line per operation or instruction. */
  print(): string;
  /** Releases what only further programs would need. */
  forgetOperations(): void;
  /**
   * Adopts the current update of the optimizer. Returns false if the program can no longer be used:
   * it was compiled for other variables or another form of update, or a variable was disposed of or
   * has a method replaced by the user.
   */
  adopt(update: FusedUpdate | undefined): boolean;
  /**
   * Runs the step once.
   *
   * `inputs` have the types and shapes of the recorded inputs. If `guarded`, throws a
   * {@link LossNotFinite} if the loss is not finite; no variable has changed in that case.
   */
  run(
    inputs: readonly tf.Tensor[],
    guarded: boolean,
    tensors?: RunTensors,
  ): RunResult;
  /** Runs as many steps as the program has, in order, and returns the outputs of all. */
  runAll(
    inputs: readonly (readonly tf.Tensor[])[],
    guarded: boolean,
  ): Float32Array | readonly tf.Tensor[];
  /**
   * Returns a program that replaces this one and runs `steps` steps at once; this program, if it
   * supports only one at a time.
   */
  withSteps(steps: number): StepProgram;
  /** Releases the program; values held only by it are copied to tfjs first. */
  dispose(): void;
}

/**
 * Returns the variables that an optimizer has for those trained in a step; undefined for those that
 * its first step will create.
 */
export function optimizerVariables(
  update: FusedUpdate,
  { updates = [] }: Pick<Recording, "updates">,
): readonly (tf.Variable | undefined)[] {
  // They are looked up by the indices of the variables that they belong to.
  const indices = updates.flatMap(({ gradient }, index) =>
    gradient === undefined ? [] : [index],
  );
  return update.state(indices);
}

/** The state of an optimizer for which a program is compiled: its form and its variables. */
export function optimizerState(
  update: FusedUpdate | undefined,
  recording: Pick<Recording, "updates">,
): readonly unknown[] {
  return update === undefined
    ? []
    : [update.form, ...optimizerVariables(update, recording)];
}

/**
 * Whether a program can still be used: its optimizer is unchanged, and its variables exist and are
 * assigned as in tfjs.
 */
export function isUsableFor(
  variables: readonly tf.Variable[],
  before: readonly unknown[],
  now: readonly unknown[],
): boolean {
  return (
    now.length === before.length &&
    now.every((each, index) => each === before[index]) &&
    !variables.some(isVariableDisposed) &&
    variables.every(isAssignedAsInTfjs)
  );
}

/** Returns the variables that a step changes, including those of its optimizer. */
export function changedVariables(
  { assignments, updates = [] }: Recording,
  update: FusedUpdate | undefined,
): ReadonlySet<unknown> {
  return new Set<unknown>([
    ...assignments.map(({ variable }) => variable),
    ...updates.flatMap(({ variable, gradient }) =>
      gradient === undefined ? [] : [variable],
    ),
    ...(update ? optimizerVariables(update, { updates }) : []),
  ]);
}
