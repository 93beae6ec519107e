/**
 * Tracks the values of a simplified step while it is lowered: which are rows of samples, and in
 * which buffer each is.
 *
 * The operations are lowered in `lower-*.ts`, by family. They throw {@link NotNative} with the
 * reason if they cannot be lowered.
 */
import type { ErrorCode } from "../../notebook/coded-error";
import type { TensorKind } from "../recording/recording";
import type { SimplifiedStep } from "./simplify";
import { binaryFunction, mode } from "./operations";
import type { Location } from "./location";
import { ProgramWriter } from "./program-writer";
import { sizeOf, type Data, type StepNode, type Value } from "./values";
import type { tf } from "../tfjs/library";

/** Thrown with the reason why a step cannot run natively. */
export class NotNative extends Error {
  readonly code = "ERR_UNSUPPORTED" satisfies ErrorCode;
}

/** A buffer whose values are outside of the program, and their source. */
export type Binding =
  | {
      readonly buffer: number;
      readonly from: "variable";
      readonly variable: tf.Variable;
    }
  | { readonly buffer: number; readonly from: "input"; readonly index: number }
  | {
      readonly buffer: number;
      readonly from: "constant";
      readonly values: Float32Array;
    };

/** The state of a lowering. */
export class Lowering {
  readonly writer = new ProgramWriter();
  readonly bindings: Binding[] = [];
  /**
   * Random keys. JavaScript computes two integers of each in every step, which become the program's
   * step integers.
   */
  readonly keys: Value[] = [];
  readonly samples: number;
  /** Shapes of the values of which only the first rows and columns are computed. */
  readonly parts = new Map<Data, readonly number[]>();
  readonly #step: SimplifiedStep;
  readonly #locations = new Map<Data, Location>();
  readonly #finished = new Set<StepNode>();
  readonly #users = new Map<Data, StepNode[]>();
  readonly #copies = new Map<number, Location>();
  readonly #derived = new Map<string, Location>();
  /** Index of the input that holds the samples' row indices. */
  readonly rowsInput: number | undefined;

  /** The step's inputs. Higher input indices refer to tensors from outside of the step. */
  readonly inputs: readonly TensorKind[];

  constructor(
    step: SimplifiedStep,
    inputs: readonly TensorKind[],
    { samples, rowsInput }: Pick<Lowering, "samples" | "rowsInput">,
  ) {
    this.#step = step;
    this.inputs = inputs;
    this.samples = samples;
    this.rowsInput = rowsInput;
    for (const node of step.nodes) {
      for (const { data } of new Set(node.inputs)) {
        this.#users.set(data, [...(this.#users.get(data) ?? []), node]);
      }
    }
  }

  /** Returns the nodes that use a value, in any shape. */
  usersOf({ data }: Value): readonly StepNode[] {
    return this.#users.get(data) ?? [];
  }

  /**
   * Returns the node that uses a value if it is the only use of the value and has this name.
   * Outputs, assignments and updates count as uses.
   */
  onlyUser(value: Value, name: string): StepNode | undefined {
    const users = this.usersOf(value);
    const [user] = users;
    if (users.length !== 1 || user?.name !== name) return undefined;
    const { outputs, assignments, updates } = this.#step;
    const isWanted =
      outputs.some(({ data }) => data === value.data) ||
      assignments.some((each) => each.value.data === value.data) ||
      updates.some(({ gradient }) => gradient.data === value.data);
    return isWanted ? undefined : user;
  }

  /** Marks a node as lowered together with another. */
  finish(node: StepNode): void {
    this.#finished.add(node);
  }

  /** Returns whether a node has been lowered, alone or together with another. */
  isFinished(node: StepNode): boolean {
    return (
      this.#finished.has(node) ||
      node.outputs.some(({ data }) => this.#locations.has(data))
    );
  }

  /** Sets the location of a value. */
  put(value: Value, location: Location): void {
    this.#locations.set(value.data, location);
  }

  /** Returns whether a value is rows of samples. */
  isRows(value: Value): boolean {
    const { data } = value;
    if (data.kind === "input") return this.raw(value).domain === "rows";
    return this.#locations.get(data)?.domain === "rows";
  }

  /** Returns the location of a value, which may be partial sums of the slots. */
  raw(value: Value): Location {
    const { data } = value;
    const known = this.#locations.get(data);
    if (known !== undefined) return known;
    const made = this.#bind(value);
    this.#locations.set(data, made);
    return made;
  }

  /** Returns the location of a variable. */
  variable(variable: tf.Variable): Location {
    const known = this.bindings.find(
      (each) => each.from === "variable" && each.variable === variable,
    );
    const size = sizeOf(variable.shape);
    if (known) return { ...shared, buffer: known.buffer, size };
    const location = this.writer.bound(size);
    this.bindings.push({ buffer: location.buffer, from: "variable", variable });
    return location;
  }

  /** Returns the location of a value that all samples share. */
  shared(value: Value): Location {
    const added = this.repeating(value);
    return sizeOf(value.shape) === added.size
      ? added
      : this.#repeated(value, added);
  }

  /** As {@link shared}, but a periodic value may be stored as its first period only. */
  repeating(value: Value): Location {
    const location = this.raw(value);
    if (location.domain === "rows") {
      throw new NotNative("a value of single samples is used for all samples");
    }
    const added = this.writer.added(location);
    this.#locations.set(value.data, added);
    return added;
  }

  /** Expands a shared value of which only one period is stored. */
  #repeated(value: Value, location: Location): Location {
    const size = sizeOf(value.shape);
    const integers = [binaryFunction["Add"]!, size];
    const forms = [mode.periodic, location.size, mode.number, 0];
    return this.derived(value, "repeated", () =>
      this.writer.shared("sharedBinary", size, [location, location], {
        integers: [...integers, ...forms],
        numbers: [0, 0],
      }),
    );
  }

  /**
   * Returns the location of a shared value before any change: for a variable, a copy, since the
   * step may change it.
   */
  valueBefore(value: Value): Location {
    const location = this.shared(value);
    if (value.data.kind !== "variable") return location;
    const { size } = location;
    return this.derived(value, "copied", () =>
      this.writer.shared("copy", size, [location], { integers: [size] }),
    );
  }

  /**
   * Returns the location of a value's rows in contiguous memory. Rows of the data are gathered
   * first.
   */
  rows(value: Value): Location {
    const location = this.raw(value);
    if (location.domain !== "rows") {
      throw new NotNative(
        "a value that all samples share is used for each sample",
      );
    }
    const isData = this.bindings.some(
      ({ buffer, from }) => buffer === location.buffer && from === "input",
    );
    if (!isData) return location;
    const known = this.#copies.get(location.buffer);
    if (known !== undefined) return known;
    const { size } = location;
    const copy = this.writer.rows("gather", size, [location], {
      integers: [size],
    });
    this.#copies.set(location.buffer, copy);
    return copy;
  }

  /** Returns a location that is derived from a value once, such as packed weights. */
  derived(value: Value, what: string, make: () => Location): Location {
    const { buffer } = this.raw(value);
    const key = `${buffer} ${what}`;
    const known = this.#derived.get(key);
    if (known !== undefined) return known;
    const made = make();
    this.#derived.set(key, made);
    return made;
  }

  /** Binds a value to the rows of an input: all of them, or those that the row indices pick. */
  bindRows(value: Value, index: number): Location {
    const size = this.rowSize(value);
    const location = this.writer.bound(size, true);
    this.bindings.push({ buffer: location.buffer, from: "input", index });
    this.#locations.set(value.data, location);
    return location;
  }

  /** Returns the size of one sample of a value that is rows. */
  rowSize({ shape }: Value): number {
    const size = sizeOf(shape) / this.samples;
    if (!Number.isInteger(size) || size === 0) {
      throw new NotNative(
        "the size of a value is not a multiple of the samples",
      );
    }
    return size;
  }

  #bind(value: Value): Location {
    const { data, shape } = value;
    const size = sizeOf(shape);
    if (data.kind === "variable") {
      const { variable } = data;
      if (variable.dtype !== "float32") {
        throw new NotNative(`a variable is of type ${variable.dtype}`);
      }
      return this.variable(variable);
    }
    if (data.kind === "input") return this.#bindInput(value, data.index);
    const { buffer, ...location } = this.writer.bound(size);
    if (data.kind === "constant" || data.kind === "uniform") {
      const values =
        data.kind === "constant"
          ? Float32Array.from(data.values)
          : new Float32Array(size).fill(data.value);
      this.bindings.push({ buffer, from: "constant", values });
    } else {
      throw new NotNative("a value is used that is not computed natively");
    }
    return { buffer, ...location };
  }

  /**
   * Whether all samples share a tensor from outside of the step, which may be different in each
   * run.
   */
  hasSharedInputs = false;

  /** Binds an input that is the batch's rows, or a tensor from outside of the step. */
  #bindInput(value: Value, index: number): Location {
    if (this.#isBatch(index)) return this.bindRows(value, index);
    const location = this.writer.bound(sizeOf(value.shape));
    const { buffer } = location;
    this.hasSharedInputs = true;
    this.bindings.push({ buffer, from: "input", index });
    return location;
  }

  #isBatch(index: number): boolean {
    const input = this.inputs[index];
    if (input && this.rowsInput !== undefined) {
      throw new NotNative("an input is used whose samples are not picked");
    }
    return input?.shape[0] === this.samples;
  }
}

const shared = { domain: "shared", level: 0, wave: -1 } as const;
