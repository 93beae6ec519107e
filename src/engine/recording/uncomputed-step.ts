/**
 * A traced step that was not computed: lets a program complete it, computes it, or discards it.
 */
import { tf } from "../tfjs/library";
import type { UncomputedStep } from "./recorded-step";
import type { OperationSource } from "./recording";
import type { StepOperations } from "./step-operations";
import type { StepUpdate } from "./step-update";
import type { Inspection } from "./traced-step";
import type { VariablePlaceholders } from "./variable-placeholders";

/** What a trace holds until its step is completed, computed or discarded. */
interface Trace {
  readonly operations: StepOperations;
  readonly placeholders: VariablePlaceholders;
  readonly update: StepUpdate;
  /** Ends the trace without computing anything. */
  end(): void;
  /** Ends the trace and computes all of its operations. */
  compute(inspect?: Inspection): void;
}

/**
 * Returns the methods of a step that was not computed.
 *
 * @param trace What the trace holds.
 * @param outputs The step's outputs.
 * @param kept The outputs of operations that other code references.
 * @param spent The tensors that are no longer needed afterwards.
 */
export function uncomputedStep(
  trace: Trace,
  outputs: readonly tf.Tensor[],
  kept: readonly OperationSource[],
  spent: readonly tf.Tensor[],
): UncomputedStep {
  const release = () => {
    trace.placeholders.drop();
    trace.update.release();
    tf.dispose([...outputs, ...spent]);
  };
  return {
    complete: (tensors) => {
      trace.end();
      trace.operations.fill(kept, tensors);
      release();
    },
    compute: (inspect) => {
      trace.compute(inspect);
      tf.dispose([...spent]);
      return outputs;
    },
    abandon: () => {
      trace.end();
      release();
    },
  };
}
