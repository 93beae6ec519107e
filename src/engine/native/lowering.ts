/**
 * From a simplified step to a native program: which values are rows of samples, where each is, and what computes it.
 *
 * The operations themselves are in `lower-*.ts`, by family. What cannot be lowered throws {@link NotNative} with the reason.
 */
import type { TensorKind } from "../recording/recording";
import type { SimplifiedStep } from "./simplify";
import { binaryFunction, mode } from "./operations";
import type { Location } from "./location";
import { ProgramWriter } from "./program-writer";
import { sizeOf, type Data, type StepNode, type Value } from "./values";
import type { tf } from "../tfjs/library";

/** Why a step is not native. */
export class NotNative extends Error {}

/** Something outside of the program that a buffer stands for. */
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
  /** Values of which two whole numbers, computed by JavaScript in each step, are the program's step integers. */
  readonly keys: Value[] = [];
  readonly samples: number;
  readonly #step: SimplifiedStep;
  readonly #locations = new Map<Data, Location>();
  readonly #finished = new Set<StepNode>();
  readonly #users = new Map<Data, StepNode[]>();
  readonly #copies = new Map<number, Location>();
  readonly #derived = new Map<string, Location>();
  /** Inputs of which only some rows are used, by number. */
  readonly rowsInput: number | undefined;

  /** The step's inputs; what comes behind them is from outside of the step. */
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

  /** The nodes that use some numbers, in any shape. */
  usersOf({ data }: Value): readonly StepNode[] {
    return this.#users.get(data) ?? [];
  }

  /** The only node that uses some numbers, if there is but one and nothing outside of the nodes uses them. */
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

  /** Notes that a node is done, together with another. */
  finish(node: StepNode): void {
    this.#finished.add(node);
  }

  /** Whether a node has been done, perhaps together with another. */
  isFinished(node: StepNode): boolean {
    return (
      this.#finished.has(node) ||
      node.outputs.some(({ data }) => this.#locations.has(data))
    );
  }

  /** Notes where a value is. */
  put(value: Value, location: Location): void {
    this.#locations.set(value.data, location);
  }

  /** Whether a value is rows of samples. */
  isRows(value: Value): boolean {
    const { data } = value;
    if (data.kind === "input") return this.raw(value).domain === "rows";
    return this.#locations.get(data)?.domain === "rows";
  }

  /** Where a value is, sums of slots not added. */
  raw(value: Value): Location {
    const { data } = value;
    const known = this.#locations.get(data);
    if (known !== undefined) return known;
    const made = this.#bind(value);
    this.#locations.set(data, made);
    return made;
  }

  /** Where a variable's numbers are. */
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

  /** Where a value that all samples share is. */
  shared(value: Value): Location {
    const added = this.repeating(value);
    return sizeOf(value.shape) === added.size
      ? added
      : this.#repeated(value, added);
  }

  /** As {@link shared}; of a value that repeats its first numbers, these alone. */
  repeating(value: Value): Location {
    const location = this.raw(value);
    if (location.domain === "rows") {
      throw new NotNative("something of single samples is used for all");
    }
    const added = this.writer.added(location);
    this.#locations.set(value.data, added);
    return added;
  }

  /** All numbers of a shared value of which only those that repeat are kept. */
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

  /** Where a shared value is as it was before the step: of a variable, which the step may change, a copy. */
  valueBefore(value: Value): Location {
    const location = this.shared(value);
    if (value.data.kind !== "variable") return location;
    const { size } = location;
    return this.derived(value, "copied", () =>
      this.writer.shared("copy", size, [location], { integers: [size] }),
    );
  }

  /** Where the rows of a value are, one behind the other. */
  rows(value: Value): Location {
    const location = this.raw(value);
    if (location.domain !== "rows") {
      throw new NotNative("something that samples share is used for each");
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

  /** Something that is made of a value once, such as packed weights. */
  derived(value: Value, what: string, make: () => Location): Location {
    const { buffer } = this.raw(value);
    const key = `${buffer} ${what}`;
    const known = this.#derived.get(key);
    if (known !== undefined) return known;
    const made = make();
    this.#derived.set(key, made);
    return made;
  }

  /** Rows of an input's data, whole or picked by number. */
  bindRows(value: Value, index: number): Location {
    const size = this.rowSize(value);
    const location = this.writer.bound(size, true);
    this.bindings.push({ buffer: location.buffer, from: "input", index });
    this.#locations.set(value.data, location);
    return location;
  }

  /** Numbers of a sample in a value of rows. */
  rowSize({ shape }: Value): number {
    const size = sizeOf(shape) / this.samples;
    if (!Number.isInteger(size) || size === 0) {
      throw new NotNative("rows of a batch are not as many as its samples");
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
      throw new NotNative("a value is used that is not rows of samples");
    }
    return { buffer, ...location };
  }

  /** Whether a tensor from outside of the step, which may be another in each run, is shared by all samples. */
  hasSharedInputs = false;

  /** An input that is the batch's rows, or a tensor from outside of the step. */
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
      throw new NotNative("samples are used that were not picked");
    }
    return input?.shape[0] === this.samples;
  }
}

const shared = { domain: "shared", level: 0, wave: -1 } as const;
