/**
 * The interface by which a step is traced: by recordings of earlier steps, or by shape inference.
 */
import type { Constant } from "../tfjs/constant";
import type { tf } from "../tfjs/library";
import { activeLayer } from "./active-layer";
import type {
  Operation,
  OperationSource,
  Recording,
  TensorKind,
} from "./recording";

/** Notified of what a step uses for the first time. */
export interface FirstUses {
  /** A constant created in JavaScript. */
  constant(index: number, constant: Constant): void;
  /** A tensor from outside the step. */
  outside(index: number, kind: TensorKind): void;
  /** A tensor that was disposed of. */
  disposed(): void;
}

/** An operation that a step executes, before its outputs are known. */
export type OperationCall = Omit<Operation, "layer" | "outputs">;

/**
 * Provides the outputs of a step's operations, so they need not be computed. `Traced` describes the
 * whole step.
 */
export interface Tracer<Traced> extends FirstUses {
  /** Whether the step can still be traced. */
  readonly isOpen: boolean;
  /** Returns the operation with its outputs; undefined if it has to be computed. */
  next(call: OperationCall): Operation | undefined;
  /** Returns the description of the step; undefined if it has to be computed. */
  end(recording: Recording): Traced | undefined;
  /** Returns tensors from outside that are no longer needed after a traced step. */
  spent(recording: Recording): readonly tf.Tensor[];
}

/** Returns the operation of a call, with outputs of the given types and shapes. */
export function operationOf(
  { index, name, attributes, inputs }: OperationCall,
  kinds: readonly TensorKind[],
): Operation {
  const outputs: OperationSource[] = [];
  const layer = activeLayer();
  const operation = { index, name, layer, attributes, inputs, outputs };
  for (const [output, { dtype, shape }] of kinds.entries()) {
    outputs.push({ from: "operation", operation, output, dtype, shape });
  }
  return operation;
}
