/**
 * Traces a step without recordings by inferring the outputs of its operations.
 */
import type { Constant } from "../tfjs/constant";
import { inferKinds } from "../shape-inference/infer-kinds";
import { kindOf, type Operation, type Recording } from "./recording";
import { operationOf, type OperationCall, type Tracer } from "./tracer";

/** A step that was recorded by shape inference. */
export interface InferredRecording {
  readonly recording: Recording;
}

/** Traces a step by shape inference. */
export class ShapeTracer implements Tracer<InferredRecording> {
  readonly #constants: Constant[] = [];
  #isOpen = true;

  get isOpen(): boolean {
    return this.#isOpen;
  }

  next(call: OperationCall): Operation | undefined {
    const { name, attributes, inputs } = call;
    const known = inputs.map((source) => {
      const { dtype, shape } = kindOf(source);
      const values =
        source.from === "constant"
          ? this.#constants[source.index]!.values
          : undefined;
      return { dtype, shape, values };
    });
    const kinds = this.#isOpen
      ? inferKinds(name, attributes, known)
      : undefined;
    return kinds && operationOf(call, kinds);
  }

  constant(index: number, constant: Constant): void {
    this.#constants[index] = constant;
  }

  outside(): void {
    // Only their types and shapes are needed.
  }

  disposed(): void {
    this.#isOpen = false;
  }

  end(recording: Recording): InferredRecording | undefined {
    return recording.obstacle === undefined ? { recording } : undefined;
  }

  spent(): readonly [] {
    // They belong to the recording.
    return [];
  }
}
