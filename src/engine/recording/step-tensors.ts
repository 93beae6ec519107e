/**
 * The tensors of a step, and where each came from.
 */
import type { Constant } from "../graph/graph-writer";
import { engineMode } from "../mode";
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
import { numbersHere } from "../tfjs/tensor-numbers";
import type { OperationSource, Source, TensorKind } from "./recording";
import type { FirstUses } from "./tracer";

/** Whole numbers from outside the step of at most so many elements are constants, since they may decide a shape. */
const largestShape = 1024;

/** The tensors of one step. */
export class StepTensors {
  /** The step's inputs, as they were given. */
  readonly inputs: readonly tf.Tensor[];
  readonly constants: Constant[] = [];
  /** Tensors from outside the step: handles that belong to whoever takes the list. */
  readonly outside: tf.Tensor[] = [];
  /** Why some tensor cannot be part of a graph. */
  obstacle: string | undefined;
  readonly #firstUses: FirstUses;
  readonly #sources = new Map<DataId, Source>();
  readonly #made = new WeakSet<DataId>();
  #standIns: readonly tf.Tensor[] = [];

  constructor(inputs: readonly tf.Tensor[], firstUses: FirstUses) {
    this.inputs = inputs;
    this.#firstUses = firstUses;
  }

  get inputKinds(): TensorKind[] {
    return this.inputs.map(({ dtype, shape }) => ({ dtype, shape }));
  }

  /**
   * Tensors to be used in the place of the inputs, in the scope that is open. Each has data of its own, since an input may share its data with
   * another, with a variable, or with a tensor from outside.
   */
  begin(isTracing: boolean): readonly tf.Tensor[] {
    this.#standIns = this.inputs.map((input, index) => {
      const { dtype, shape } = input;
      // A variable is known by itself, and a gradient may flow to it.
      if (input instanceof tf.Variable) return input;
      if (dataTypeOf(dtype) === undefined) return input;
      const source = { from: "input", index, dtype, shape } as const;
      if (isTracing) return this.makeEmpty(source);
      // Where the next steps may be native, TensorFlow need not be given all data for the first.
      const here =
        engineMode() === "graph" ? undefined : numbersHere(input.dataId);
      if (here !== undefined) {
        const standIn = this.makeEmpty(source);
        dataOf(standIn.dataId)!.values = here;
        return standIn;
      }
      const type = typeAttribute("T", dtype as "float32");
      const copy = execute("Identity", [type], [input]);
      this.set(copy.dataId, source);
      return copy;
    });
    return this.#standIns;
  }

  /** Gives the stand-ins of the inputs their numbers. */
  fillInputs(): void {
    for (const [index, { dataId }] of this.#standIns.entries()) {
      const data = dataOf(dataId);
      if (data !== undefined && this.isEmpty(dataId)) {
        data.id = copyNative(this.inputs[index]!);
      }
    }
  }

  /** Whether somebody keeps one of the inputs beyond the step, whose `outputs` may be inputs themselves. */
  areInputsKept(outputs: readonly tf.Tensor[]): boolean {
    return this.#standIns.some((standIn, index) => {
      if (standIn === this.inputs[index]) return false;
      const { dataId } = standIn;
      const own = outputs.filter((output) => output.dataId === dataId).length;
      return (dataOf(dataId)?.refCount ?? 0) > own;
    });
  }

  /** The source of a tensor; one that is not known comes from JavaScript or from outside the step. */
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

  /** Notes that numbers were made in the step. */
  noteMade(dataId: DataId): void {
    this.#made.add(dataId);
  }

  /** A tensor with no numbers yet. */
  makeEmpty(source: OperationSource | (Source & { from: "input" })): tf.Tensor {
    const { dtype, shape } = source;
    const dataId = addEmptyData(shape, dataTypeOf(dtype) ?? 0);
    this.#sources.set(dataId, source);
    return tensorOn({ dataId, dtype, shape: [...shape] });
  }

  /** Whether data has no numbers yet. */
  isEmpty(dataId: DataId): boolean {
    const data = dataOf(dataId);
    return data !== undefined && data.id < 0 && data.values === null;
  }

  /** Gives data the numbers of a tensor, which is used up. */
  fill(dataId: DataId, tensor: tf.Tensor): void {
    const data = dataOf(dataId);
    if (data === undefined) tensor.dispose();
    else data.id = takeNative(tensor);
  }

  /** A second tensor on the data of one, which no scope disposes of. */
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
      // Disposed of: tfjs, or TensorFlow, will say so where it is used.
      this.#firstUses.gone();
      return { from: "outside", index: -1, dtype, shape };
    }
    const kind = { dtype, shape: [...shape] };
    if (this.#made.has(dataId) || isSmallInteger(tensor)) {
      const index = this.constants.length;
      const known = data.values as Values | null;
      // Copied, as the array may be used again by whoever made it.
      const values = (known ?? backend().readSync(dataId)).slice();
      // From its first use on, a tensor has the numbers of that moment.
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

/** Whole numbers that may be a shape, or decide one. */
function isSmallInteger({ dtype, shape }: tf.TensorInfo): boolean {
  return dtype === "int32" && tf.util.sizeFromShape(shape) <= largestShape;
}
