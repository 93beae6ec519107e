/**
 * Results of recording or tracing a step.
 */
import type { tf } from "../tfjs/library";
import type { Match } from "./matcher";
import type { Recording } from "./recording";
import type { InferredRecording } from "./shape-tracer";
import type { Inspection } from "./traced-step";

/** A step that was computed while it ran, with its recording. */
export interface ComputedStep {
  readonly outputs: readonly tf.Tensor[];
  readonly recording: Recording;
}

/**
 * A step that was traced without being computed. One of the methods must be called, exactly once.
 */
export interface UncomputedStep {
  /**
   * Completes the step after a program has run it; `kept` are the tensors in the recording's
   * `kept`.
   */
  complete(kept: readonly tf.Tensor[]): void;
  /**
   * Computes the step and returns its outputs. `inspect` is called with each operation and its
   * outputs.
   */
  compute(inspect?: Inspection): readonly tf.Tensor[];
  /** Discards the step; it will not be computed. */
  abandon(): void;
}

/** A traced step that agreed with a recording to its end. */
export type TracedStep<Of> = Match<Of> & UncomputedStep;

/** A step that was recorded by shape inference, without being computed. */
export type InferredStep = InferredRecording & UncomputedStep;
