/**
 * What a traced step follows: recordings of earlier steps, or shape inference.
 */
import type { Constant } from "../graph/graph-writer";
import type { Attribute } from "../tfjs/attribute";
import type { tf } from "../tfjs/library";
import { activeLayer } from "./active-layer";
import type {
  Operation,
  OperationSource,
  Recording,
  Source,
  TensorKind,
} from "./recording";

/** Is told of what a step uses for the first time. */
export interface FirstUses {
  /** Numbers that were made in JavaScript. */
  constant(index: number, constant: Constant): void;
  /** A tensor from outside the step. */
  outside(index: number, kind: TensorKind): void;
  /** A tensor that was disposed of. */
  gone(): void;
}

/** An operation that a step executes. */
export interface OperationCall {
  /** Place in the order of execution, from 0. */
  readonly index: number;
  readonly name: string;
  readonly attributes: readonly Attribute[];
  readonly inputs: readonly Source[];
}

/** Tells what the operations of a step give, so that they need not be computed. `Traced` describes the whole step. */
export interface Tracer<Traced> extends FirstUses {
  /** Whether the step can be traced so far. */
  readonly isOpen: boolean;
  /** The operation with its outputs; undefined if it has to be computed. */
  next(call: OperationCall): Operation | undefined;
  /** What the step was; undefined if it has to be computed. */
  end(recording: Recording): Traced | undefined;
  /** Tensors from outside that nobody needs after a traced step. */
  spent(recording: Recording): readonly tf.Tensor[];
}

/** The operation of a call, with outputs of the kinds given. */
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
