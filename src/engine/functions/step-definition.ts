/**
 * What a step is, before it is compiled.
 */
import type { ModelParts } from "../parts/model-parts";
import type { TracedStep } from "../recording/heard-step";
import type { Recording } from "../recording/recording";
import { tf } from "../tfjs/library";
import type { StepOptions } from "./step-body";
import type { StepProgram } from "./step-program";

/** Tensors of which some may be missing, such as the weights of samples. */
export type StepInputs = readonly (tf.Tensor | null | undefined)[];

/** The outputs of a step that are all scalars. */
export type Numbers = number[] | Float32Array;

/** A step of training, evaluation or prediction. */
export interface StepDefinition {
  /** What is done, for messages: "training". */
  readonly activity: string;
  /** The step in tfjs, operation by operation. */
  run(inputs: StepInputs): readonly tf.Tensor[];
  /** What the step is made of now; if it does not say, its JavaScript runs in each step. */
  parts?(): ModelParts;
  /** The optimizer that the step applies, if it does; its first output is then the loss. */
  optimizer?(): tf.Optimizer;
  /** Runs the step, whose loss is not finite, in tfjs, and tells where that came from. */
  explainLoss?(inputs: StepInputs): readonly tf.Tensor[];
  /** Computes a step that was traced, whose loss is not finite, and tells where that came from. */
  explainTraced?(
    inputs: readonly tf.Tensor[],
    step: Pick<TracedStep<unknown>, "compute">,
  ): readonly tf.Tensor[];
  /**
   * Makes a program of a recorded step in another way than as a TensorFlow graph, or says why that is not to be had; undefined if it is not
   * wanted. Throws a `MustCompile` if it has to be.
   */
  compile?(
    recording: Recording,
    options: StepOptions,
  ): StepProgram | { readonly reason: string } | undefined;
  /** A word for how programs are to be made now; those made under another word are made again. */
  mode?(): string;
  /** Places of the inputs that change from step to step, if the others do not; such steps can be run several at once. */
  own?(): readonly number[];
}

/** Text by which inputs of the same types and shapes are known. A variable is itself: the step may train it. */
export function keyOf(inputs: StepInputs): string {
  return inputs.map(kindOf).join("; ");
}

function kindOf(tensor: tf.Tensor | null | undefined): string {
  if (tensor == null) return "none";
  const kind = `${tensor.dtype} ${tensor.shape.join("×")}`;
  return tensor instanceof tf.Variable ? `${kind} of ${tensor.id}` : kind;
}

/** The inputs that there are. */
export function present(inputs: StepInputs): tf.Tensor[] {
  return inputs.filter((tensor): tensor is tf.Tensor => tensor != null);
}

/** Inputs with other tensors in the place of those that there are. */
export function replaced(
  inputs: StepInputs,
  tensors: readonly tf.Tensor[],
): StepInputs {
  let next = 0;
  return inputs.map((tensor) => (tensor == null ? tensor : tensors[next++]!));
}
