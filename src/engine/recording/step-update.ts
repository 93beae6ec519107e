/**
 * Tracks the gradients that a step passes to its optimizer, which a program applies by TensorFlow's
 * own operation.
 */
import { variableOf } from "../tfjs/engine-state";
import { tf } from "../tfjs/library";
import type { Recording } from "./recording";
import type { StepTensors } from "./step-tensors";

/** A gradient as tfjs passes it to an optimizer. */
export interface NamedGradient {
  readonly name: string;
  readonly tensor: tf.Tensor | null | undefined;
}

/** Applies gradients as the optimizer does. */
export type Apply = (gradients: readonly NamedGradient[]) => void;

/** The only optimizer update of a step. */
export class StepUpdate {
  readonly #tensors: StepTensors;
  #updates: Recording["updates"];
  #held: readonly tf.Tensor[] = [];
  #applyLater: (() => void) | undefined;

  constructor(tensors: StepTensors) {
    this.#tensors = tensors;
  }

  /** The gradients passed to the optimizer; undefined if it was not applied. */
  get updates(): Recording["updates"] {
    return this.#updates;
  }

  /** Gradients whose application is postponed. */
  get held(): readonly tf.Tensor[] {
    return this.#held;
  }

  /** Whether a variable was passed to the optimizer. */
  concerns(variable: tf.Variable): boolean {
    return (
      this.#updates?.some((update) => update.variable === variable) ?? false
    );
  }

  /** Records the gradients. */
  note(gradients: readonly NamedGradient[]): void {
    this.#updates = gradients.map(({ name, tensor }) => ({
      variable: variableOf(name)!,
      // tfjs does not change a variable that has no gradient.
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

  /** Applies postponed gradients. */
  applyPostponed(): void {
    this.#applyLater?.();
    this.release();
  }

  /** Releases the gradients. */
  release(): void {
    this.#applyLater = undefined;
    tf.dispose([...this.#held]);
  }
}
