/**
 * The definition of a step, before it is compiled.
 */
import type { ModelParts } from "../parts/model-parts";
import type { TracedStep } from "../recording/recorded-step";
import type { Recording } from "../recording/recording";
import { tf } from "../tfjs/library";
import type { StepOptions } from "./step-body";
import type { StepProgram } from "./step-program";

/** The tensors of a step; optional ones, such as sample weights, may be missing. */
export type StepInputs = readonly (tf.Tensor | null | undefined)[];

/** The outputs of a step if all of them are scalars. */
export type ScalarOutputs = number[] | Float32Array;

/** A step of training, evaluation or prediction. */
export interface StepDefinition {
  /** The step's purpose, for messages: "training". */
  readonly activity: string;
  /** Runs the step in tfjs, operation by operation. */
  run(inputs: StepInputs): readonly tf.Tensor[];
  /** Returns the current parts of the step. If undefined, the step's JavaScript always runs. */
  parts?(): ModelParts;
  /** The optimizer that the step applies, if any; the first output is then the loss. */
  optimizer?(): tf.Optimizer;
  /** Runs a step whose loss is not finite in tfjs, and reports the cause. */
  explainLoss?(inputs: StepInputs): readonly tf.Tensor[];
  /** Computes a traced step whose loss is not finite, and reports the cause. */
  explainTraced?(
    inputs: readonly tf.Tensor[],
    step: Pick<TracedStep<unknown>, "compute">,
  ): readonly tf.Tensor[];
  /**
   * Compiles a recorded step to something other than a TensorFlow graph, or returns the reason why
   * that is not possible. Returns undefined if it was not requested. Throws a `MustCompile` if it
   * is required but not possible.
   */
  compile?(
    recording: Recording,
    options: StepOptions,
  ): StepProgram | { readonly reason: string } | undefined;
  /** Name of the current compilation mode; programs compiled in another mode are recompiled. */
  mode?(): string;
  /**
   * Indices of the inputs that differ from step to step, if all others are constant. Several such
   * steps can run at once.
   */
  perStep?(): readonly number[];
}

/**
 * Returns a key for the types and shapes of inputs. A variable is identified by its id, because the
 * step may train it.
 */
export function keyOf(inputs: StepInputs): string {
  return inputs.map(kindOf).join("; ");
}

function kindOf(tensor: tf.Tensor | null | undefined): string {
  if (tensor == null) return "none";
  const kind = `${tensor.dtype} ${tensor.shape.join("×")}`;
  return tensor instanceof tf.Variable ? `${kind} of ${tensor.id}` : kind;
}

/** The kind of an input: what its part of {@link keyOf} says. */
type Kind =
  | {
      readonly dtype: tf.DataType;
      readonly shape: readonly number[];
      readonly variable: number | undefined;
    }
  | undefined;

/** Recognizes inputs of the same kinds as given ones, faster than {@link keyOf} would. */
export class InputKinds {
  readonly #kinds: readonly Kind[];

  constructor(inputs: StepInputs) {
    this.#kinds = inputs.map((tensor) =>
      tensor == null
        ? undefined
        : {
            dtype: tensor.dtype,
            shape: [...tensor.shape],
            variable: tensor instanceof tf.Variable ? tensor.id : undefined,
          },
    );
  }

  /** Whether inputs are of these kinds. */
  areThoseOf(inputs: StepInputs): boolean {
    const kinds = this.#kinds;
    if (inputs.length !== kinds.length) return false;
    for (let index = 0; index < kinds.length; index += 1) {
      if (!isOfKind(inputs[index], kinds[index])) return false;
    }
    return true;
  }
}

function isOfKind(tensor: tf.Tensor | null | undefined, kind: Kind): boolean {
  if (tensor == null || kind === undefined) {
    return tensor == null && kind === undefined;
  }
  const { dtype, shape } = tensor;
  if (dtype !== kind.dtype || shape.length !== kind.shape.length) return false;
  for (let axis = 0; axis < shape.length; axis += 1) {
    if (shape[axis] !== kind.shape[axis]) return false;
  }
  const variable = tensor instanceof tf.Variable ? tensor.id : undefined;
  return variable === kind.variable;
}

/** Returns the inputs that are present. */
export function presentInputs(inputs: StepInputs): tf.Tensor[] {
  return inputs.filter((tensor): tensor is tf.Tensor => tensor != null);
}

/** Returns inputs in which the present ones are replaced by other tensors. */
export function replaceInputs(
  inputs: StepInputs,
  tensors: readonly tf.Tensor[],
): StepInputs {
  let next = 0;
  return inputs.map((tensor) => (tensor == null ? tensor : tensors[next++]!));
}
