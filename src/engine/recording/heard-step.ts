/**
 * What comes out of listening to a step.
 */
import type { tf } from "../tfjs/library";
import type { Match } from "./matcher";
import type { Recording } from "./recording";
import type { InferredRecording } from "./shape-tracer";
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
export type TracedStep<Of> = Match<Of> & UncomputedStep;

/** A step that was recorded by shape inference, without being computed. */
export type InferredStep = InferredRecording & UncomputedStep;
