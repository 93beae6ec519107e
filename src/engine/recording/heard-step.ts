/**
 * What comes out of listening to a step.
 */
import type { tf } from "../tfjs/library";
import type { Recording } from "./recording";
import type { Inspection } from "./traced-step";

/** A step that was computed as it ran, and what was heard. */
export interface ComputedStep {
  readonly outputs: readonly tf.Tensor[];
  readonly recording: Recording;
}

/** A step that was traced, and not computed. One of the methods has to be called, once. */
export interface UncomputedStep {
  /** A program has done what the step would have done; `kept` are the tensors that somebody keeps, as recorded. */
  complete(kept: readonly tf.Tensor[]): void;
  /** Computes the step after all; gives its outputs. `inspect` is shown each operation and what it gave. */
  compute(inspect?: Inspection): readonly tf.Tensor[];
  /** Lets go of the step: nobody does what it would have done. */
  abandon(): void;
}

/** A step that agreed with a recording to its end. */
export interface TracedStep<Of> extends UncomputedStep {
  readonly candidate: Of;
  /** The constants that have other numbers than were recorded, now or earlier. */
  readonly varying: ReadonlySet<number>;
  /** What this step has in the place of the recording's constants and tensors from outside. */
  readonly constants: Recording["constants"];
  readonly outside: readonly tf.Tensor[];
}

/** A step that was recorded without being computed. */
export interface ForetoldStep extends UncomputedStep {
  readonly recording: Recording;
}
