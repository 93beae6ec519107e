/**
 * The gradients that a step hands to its optimizer, which a program applies by an operation of TensorFlow's own.
 */
import { tf } from "../tfjs/library";
import type { Recording } from "./recording";
import type { StepTensors } from "./step-tensors";

/** A gradient as tfjs hands it to an optimizer. */
export interface NamedGradient {
  readonly name: string;
  readonly tensor: tf.Tensor | null | undefined;
}

/** Applies gradients, as the optimizer does. */
export type Apply = (gradients: readonly NamedGradient[]) => void;

/** The one update of a step. */
export class StepUpdate {
  readonly #tensors: StepTensors;
  #updates: Recording["updates"];
  #held: readonly tf.Tensor[] = [];
  #applyLater: (() => void) | undefined;

  constructor(tensors: StepTensors) {
    this.#tensors = tensors;
  }

  /** What the optimizer was given; undefined if it was not applied. */
  get updates(): Recording["updates"] {
    return this.#updates;
  }

  /** Gradients that wait to be applied. */
  get held(): readonly tf.Tensor[] {
    return this.#held;
  }

  /** Whether a variable was handed to the optimizer. */
  concerns(variable: tf.Variable): boolean {
    return (
      this.#updates?.some((update) => update.variable === variable) ?? false
    );
  }

  /** Notes the gradients. */
  note(gradients: readonly NamedGradient[]): void {
    this.#updates = gradients.map(({ name, tensor }) => ({
      variable: tf.engine().registeredVariables[name]!,
      // tfjs leaves a variable alone to which no gradient flows.
      gradient: tensor == null ? undefined : this.#tensors.sourceOf(tensor),
    }));
  }

  /** Keeps the gradients, to be applied only if the step has to be computed. */
  postpone(gradients: readonly NamedGradient[], apply: Apply): void {
    const held = gradients.map(({ name, tensor }) => ({
      name,
      tensor: tensor == null ? tensor : this.#tensors.hold(tensor),
    }));
    this.#held = held.flatMap(({ tensor }) => tensor ?? []);
    this.#applyLater = () => apply(held);
  }

  /** Applies what was postponed. */
  applyPostponed(): void {
    this.#applyLater?.();
    this.release();
  }

  /** Lets go of the gradients. */
  release(): void {
    this.#applyLater = undefined;
    tf.dispose([...this.#held]);
  }
}
