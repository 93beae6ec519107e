/**
 * Tracks the tensors of a step and their origins.
 */
import type { Constant } from "../tfjs/constant";
import { runtime } from "../engine-runtime";
import { dataTypeOf, typeAttribute } from "../tfjs/attribute";
import { backend, execute, type DataId, type Values } from "../tfjs/backend";
import { tf } from "../tfjs/library";
import {
  addEmptyData,
  copyNative,
  dataOf,
  holdData,
  takeNative,
  tensorOn,
} from "../tfjs/tensor-data";
import { localValues } from "../tfjs/tensor-values";
import type { OperationSource, Source, TensorKind } from "./recording";
import type { FirstUses } from "./tracer";

/**
 * Maximum size of an int32 tensor from outside the step to be treated as a constant, because it may
 * determine a shape.
 */
const largestShape = 1024;

/** The tensors of one step. */
export class StepTensors {
  /** The step's inputs, as they were passed. */
  readonly inputs: readonly tf.Tensor[];
  readonly constants: Constant[] = [];
  /** Tensors from outside the step; the clones belong to the recording. */
  readonly outside: tf.Tensor[] = [];
  /** Why some tensor cannot be part of a graph. */
  obstacle: string | undefined;
  readonly #firstUses: FirstUses;
  readonly #sources = new Map<DataId, Source>();
  readonly #created = new WeakSet<DataId>();
  #placeholders: readonly tf.Tensor[] = [];

  constructor(inputs: readonly tf.Tensor[], firstUses: FirstUses) {
    this.inputs = inputs;
    this.#firstUses = firstUses;
  }

  get inputKinds(): TensorKind[] {
    return this.inputs.map(({ dtype, shape }) => ({ dtype, shape }));
  }

  /**
   * Returns tensors to be used in place of the inputs, in the open scope. Each has separate data,
   * because an input may share its data with another one, with a variable, or with a tensor from
   * outside.
   */
  begin(isTracing: boolean): readonly tf.Tensor[] {
    this.#placeholders = this.inputs.map((input, index) => {
      const { dtype, shape } = input;
      // A variable is identified as such, and a gradient may be computed for it.
      if (input instanceof tf.Variable) return input;
      if (dataTypeOf(dtype) === undefined) return input;
      const source = { from: "input", index, dtype, shape } as const;
      if (isTracing) return this.makeEmpty(source);
      // If later steps may be native, TensorFlow need not receive all data for the first one.
      const here =
        runtime.mode === "graph" ? undefined : localValues(input.dataId);
      if (here !== undefined) {
        const placeholder = this.makeEmpty(source);
        dataOf(placeholder.dataId)!.values = here;
        return placeholder;
      }
      const type = typeAttribute("T", dtype as "float32");
      const copy = execute("Identity", [type], [input]);
      this.set(copy.dataId, source);
      return copy;
    });
    return this.#placeholders;
  }

  /** Copies the values of the inputs into their placeholders. */
  fillInputs(): void {
    for (const [index, { dataId }] of this.#placeholders.entries()) {
      const data = dataOf(dataId);
      if (data !== undefined && this.isEmpty(dataId)) {
        data.id = copyNative(this.inputs[index]!);
      }
    }
  }

  /** Whether an input is referenced beyond the step, whose `outputs` may themselves be inputs. */
  areInputsKept(outputs: readonly tf.Tensor[]): boolean {
    return this.#placeholders.some((placeholder, index) => {
      if (placeholder === this.inputs[index]) return false;
      const { dataId } = placeholder;
      const own = outputs.filter((output) => output.dataId === dataId).length;
      return (dataOf(dataId)?.refCount ?? 0) > own;
    });
  }

  /** Returns the source of a tensor; an unknown one is from JavaScript or from outside the step. */
  sourceOf(tensor: tf.TensorInfo): Source {
    const known = this.#sources.get(tensor.dataId);
    if (known !== undefined) return known;
    const source = this.#newSource(tensor);
    this.#sources.set(tensor.dataId, source);
    return source;
  }

  known(dataId: DataId): Source | undefined {
    return this.#sources.get(dataId);
  }

  set(dataId: DataId, source: Source): void {
    this.#sources.set(dataId, source);
  }

  /** Marks data as created within the step. */
  noteCreated(dataId: DataId): void {
    this.#created.add(dataId);
  }

  /** Creates a tensor without values. */
  makeEmpty(source: OperationSource | (Source & { from: "input" })): tf.Tensor {
    const { dtype, shape } = source;
    const dataId = addEmptyData(shape, dataTypeOf(dtype) ?? 0);
    this.#sources.set(dataId, source);
    return tensorOn({ dataId, dtype, shape: [...shape] });
  }

  /** Whether data has no values yet. */
  isEmpty(dataId: DataId): boolean {
    const data = dataOf(dataId);
    return data !== undefined && data.id < 0 && data.values === null;
  }

  /** Moves the values of a tensor to the data; consumes the tensor. */
  fill(dataId: DataId, tensor: tf.Tensor): void {
    const data = dataOf(dataId);
    if (data === undefined) tensor.dispose();
    else data.id = takeNative(tensor);
  }

  /** Returns a second tensor on the same data, which no scope disposes of. */
  hold(tensor: tf.TensorInfo): tf.Tensor {
    holdData(tensor.dataId);
    return tf.keep(tensorOn(tensor));
  }

  #newSource(tensor: tf.TensorInfo): Source {
    const { dataId, dtype, shape } = tensor;
    if (dataTypeOf(dtype) === undefined) {
      this.obstacle ??= `a tensor of type ${dtype} takes part in the step`;
    }
    const data = dataOf(dataId);
    if (data === undefined) {
      // It was disposed of; tfjs or TensorFlow will throw an error where it is used.
      this.#firstUses.disposed();
      return { from: "outside", index: -1, dtype, shape };
    }
    const kind = { dtype, shape: [...shape] };
    if (this.#created.has(dataId) || isSmallInteger(tensor)) {
      const index = this.constants.length;
      const known = data.values as Values | null;
      // Copied, because the caller may reuse the array.
      const values = (known ?? backend().readSync(dataId)).slice();
      // From its first use on, the tensor keeps these values.
      if (known !== null) data.values = values;
      const constant = { ...kind, values } as Constant;
      this.constants.push(constant);
      this.#firstUses.constant(index, constant);
      return { from: "constant", index, ...kind };
    }
    const index = this.outside.length;
    this.outside.push(this.hold(tensor));
    this.#firstUses.outside(index, kind);
    return { from: "outside", index, ...kind };
  }
}

/** Whether a tensor contains integers that may be a shape, or determine one. */
function isSmallInteger({ dtype, shape }: tf.TensorInfo): boolean {
  return dtype === "int32" && tf.util.sizeFromShape(shape) <= largestShape;
}
