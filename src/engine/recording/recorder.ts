/**
 * The recording studio: listens to the backend while a step runs.
 *
 * The step runs as ever, operation by operation; the backend's two methods by which every operation passes are wrapped
 * meanwhile, on the backend's instance. What tfjs does not pass through the backend (gradients, layers, losses) needs
 * no attention: it is JavaScript that decides which operations to execute, and the decisions are what is recorded.
 */
import { dataTypeOf, typeAttribute, type Attribute } from "../tfjs/attribute";
import { backend, type Backend, type DataId } from "../tfjs/backend";
import { activeScope, isOpen } from "../tfjs/engine-state";
import { tf } from "../tfjs/library";
import { observeVariables, valueOf } from "../variables/variable-values";
import {
  dtypeOf,
  type Assignment,
  type Operation,
  type Recording,
  type Source,
  type Update,
} from "./recording";

/** Numbers from outside the step with more elements than this are fed at each run, not written into the graph. */
const largestConstant = 1024;

let current: Recorder | undefined;

/** Whether a step is being recorded. */
export function isRecording(): boolean {
  return current?.isAlive ?? false;
}

/** Listens to one step. */
export class Recorder {
  readonly #backend: Backend = backend();
  readonly #operations: Operation[] = [];
  readonly #sources = new Map<DataId, Source>();
  readonly #made = new WeakSet<DataId>();
  readonly #assigned = new Set<tf.Variable>();
  #updates: Update[] | undefined;
  #obstacle: string | undefined;
  readonly #atEnd: (() => void)[] = [];
  #scope: object | undefined;
  #paused = 0;

  readonly #inputs: Recording["inputs"];

  /** `inputs` are the tensors that each run will be given anew. */
  constructor(inputs: readonly tf.Tensor[]) {
    this.#inputs = inputs.map(({ dtype, shape }) => ({ dtype, shape }));
    for (const [input, tensor] of inputs.entries()) {
      const { dataId, dtype, shape } = tensor;
      this.#sources.set(dataId, { from: "input", input, dtype, shape });
    }
  }

  /**
   * Whether the step still runs. An interrupt in a notebook ends synchronous code without running any `finally`; the
   * kernel then closes tfjs's scopes, and by that it is seen here.
   */
  get isAlive(): boolean {
    if (this.#scope !== undefined && isOpen(this.#scope)) return true;
    this.stop();
    return false;
  }

  /**
   * Runs a step and listens. Whatever it throws is thrown on, and nothing is left wrapped.
   *
   * `step` gives the tensors whose values are wanted; all others are disposed of.
   */
  record(step: () => readonly tf.Tensor[]): {
    outputs: readonly tf.Tensor[];
    recording: Recording;
  } {
    current?.stop();
    let recording: Recording | undefined;
    try {
      const outputs = tf.tidy(() => {
        this.#scope = activeScope();
        this.#start();
        const wanted = [...step()];
        recording = this.#finish(wanted);
        return wanted;
      });
      return { outputs, recording: recording! };
    } finally {
      this.stop();
    }
  }

  /** Has something done when the recording ends, however it ends. */
  atEnd(run: () => void): void {
    this.#atEnd.push(run);
  }

  /** Runs something that is no part of the graph. */
  pause<Result>(run: () => Result): Result {
    this.#paused += 1;
    try {
      return run();
    } finally {
      this.#paused -= 1;
    }
  }

  /**
   * Notes the gradients that the optimizer is given, and lets it apply them unheard: the graph will do that by an operation
   * of TensorFlow's own.
   */
  update(
    gradients: readonly { readonly name: string; readonly tensor: tf.Tensor }[],
    apply: () => void,
  ): void {
    if (this.#updates !== undefined) {
      this.#obstacle ??= "the optimizer is applied more than once in a step";
    }
    this.#updates = gradients.map(({ name, tensor }) => ({
      variable: tf.engine().registeredVariables[name]!,
      // tfjs leaves a variable alone to which no gradient flows.
      gradient:
        (tensor as tf.Tensor | null | undefined) == null
          ? undefined
          : this.#sourceOf(tensor),
    }));
    this.pause(apply);
  }

  /** Takes the wrappers off. */
  stop(): void {
    for (const run of this.#atEnd.splice(0)) run();
    if (current !== this) return;
    current = undefined;
    observeVariables(undefined);
    const wrapped = this.#backend as Partial<Backend>;
    delete wrapped.executeSingleOutput;
    delete wrapped.executeMultipleOutputs;
    delete wrapped.readSync;
    delete wrapped.write;
  }

  #start(): void {
    // eslint-disable-next-line @typescript-eslint/no-this-alias -- there is one recorder at a time
    current = this;
    const target = this.#backend;
    const { executeSingleOutput, executeMultipleOutputs, readSync, write } =
      target;
    target.executeSingleOutput = (name, attributes, inputs) =>
      this.#hear(name, attributes, inputs, () => [
        executeSingleOutput.call(target, name, attributes, inputs),
      ])[0]!;
    target.executeMultipleOutputs = (name, attributes, inputs, outputs) =>
      this.#hear(name, attributes, inputs, () =>
        executeMultipleOutputs.call(target, name, attributes, inputs, outputs),
      );
    target.readSync = (dataId) => {
      this.#noteRead(dataId);
      return readSync.call(target, dataId);
    };
    target.write = (values, shape, dtype) => {
      const dataId = write.call(target, values, shape, dtype);
      this.#made.add(dataId);
      return dataId;
    };
    observeVariables({
      variableRead: (variable, dataId) => this.#noteVariable(variable, dataId),
      variableAssigned: (variable) => {
        if (this.#paused === 0) this.#assigned.add(variable);
      },
    });
  }

  #hear(
    name: string,
    attributes: readonly Attribute[],
    inputs: readonly tf.TensorInfo[],
    execute: () => tf.Tensor[],
  ): tf.Tensor[] {
    if (this.#paused > 0 || !this.isAlive) return execute();
    const sources = inputs.map((tensor) => this.#sourceOf(tensor));
    const outputs = execute();
    const operation: Operation = {
      index: this.#operations.length,
      name,
      attributes: truthful(name, attributes, sources),
      inputs: sources,
    };
    this.#operations.push(operation);
    for (const [output, tensor] of outputs.entries()) {
      this.#sources.set(tensor.dataId, {
        from: "operation",
        operation,
        output,
        dtype: tensor.dtype,
        shape: tensor.shape,
      });
    }
    return outputs;
  }

  #sourceOf(tensor: tf.TensorInfo): Source {
    const { dataId } = tensor;
    const known = this.#sources.get(dataId);
    if (known !== undefined) return known;
    const source = this.#sourceFromJavaScript(tensor);
    this.#sources.set(dataId, source);
    return source;
  }

  #sourceFromJavaScript(tensor: tf.TensorInfo): Source {
    const { dataId, dtype, shape } = tensor;
    if (dataTypeOf(dtype) === undefined) {
      this.#obstacle ??= `a tensor of type ${dtype} takes part in the step`;
    }
    const size = tf.util.sizeFromShape(shape);
    if (!this.#made.has(dataId) && size > largestConstant) {
      const outside = this.pause(() => tf.keep((tensor as tf.Tensor).clone()));
      return { from: "outside", tensor: outside, id: dataId };
    }
    const values = this.pause(() => this.#backend.readSync(dataId)).slice();
    return {
      from: "constant",
      constant: {
        dtype: dtype as "float32" | "int32" | "bool",
        shape: [...shape],
        values,
      },
    };
  }

  #noteVariable(variable: tf.Variable, dataId: DataId): void {
    if (this.#paused > 0 || this.#sources.has(dataId)) return;
    if (this.#assigned.has(variable)) return;
    if (this.#updates?.some((update) => update.variable === variable)) {
      this.#obstacle ??= `the variable ${variable.name} is read after the optimizer has changed it`;
    }
    this.#sources.set(dataId, { from: "variable", variable });
  }

  #noteRead(dataId: DataId): void {
    const from = this.#sources.get(dataId)?.from;
    if (this.#paused > 0 || from === undefined || from === "constant") return;
    this.#obstacle ??=
      from === "operation"
        ? "a tensor's numbers are read in JavaScript in the middle of the step"
        : "the numbers of the data or of a variable are read in JavaScript in the middle of the step";
  }

  #finish(outputs: readonly tf.Tensor[]): Recording {
    const updated = new Set(this.#updates?.map(({ variable }) => variable));
    const assignments: Assignment[] = [];
    for (const variable of this.#assigned) {
      if (updated.has(variable) || variable.isDisposed) continue;
      const { dtype, shape } = variable;
      const { dataId } = valueOf(variable);
      assignments.push({
        variable,
        value: this.#sourceOf({ dataId, dtype, shape }),
      });
    }
    return {
      inputs: this.#inputs,
      operations: this.#operations,
      outputs: outputs.map((tensor) => this.#sourceOf(tensor)),
      assignments,
      updates: this.#updates,
      obstacle: this.#obstacle,
    };
  }
}

/** Reductions whose attribute `T` tfjs sets to the type that its tensor had before a cast. */
const reductions = new Set(["Max", "Mean", "Min", "Prod", "Sum"]);

/**
 * Attributes as they are, where tfjs's differ: executed one by one, an operation lets the true type of its input win over
 * the attribute; loaded as a graph, it is refused.
 */
function truthful(
  name: string,
  attributes: readonly Attribute[],
  [first]: readonly Source[],
): readonly Attribute[] {
  if (name === "ExpandDims" && first !== undefined) {
    // tfjs gives none, and an operation that is executed by itself finds them out.
    const dtype = dtypeOf(first) as "float32";
    return [typeAttribute("T", dtype), typeAttribute("Tdim", "int32")];
  }
  const wrong =
    name === "Cast" ? "SrcT" : reductions.has(name) ? "T" : undefined;
  if (wrong === undefined || first === undefined) return attributes;
  const value = dataTypeOf(dtypeOf(first));
  return attributes.map((each) =>
    each.name === wrong && each.value !== value && value !== undefined
      ? { ...each, value }
      : each,
  );
}
