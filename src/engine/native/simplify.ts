/**
 * Simplifies recordings: removes reshapes, sums with 0 and products with 1, folds constants whose
 * values are all equal, and merges equal operations.
 */
import { neededBy } from "../functions/step-body";
import {
  kindOf,
  type Operation,
  type Recording,
  type Source,
} from "../recording/recording";
import { attributeText } from "../tfjs/attribute";
import type { tf } from "../tfjs/library";
import {
  integersOf,
  sizeOf,
  type Data,
  type StepNode,
  type Value,
} from "./values";

/** A simplified step. */
export interface SimplifiedStep {
  readonly nodes: readonly StepNode[];
  readonly outputs: readonly Value[];
  readonly assignments: readonly {
    readonly variable: tf.Variable;
    readonly value: Value;
  }[];
  /** Gradients for the optimizer. `index` is the position among all its variables. */
  readonly updates: readonly {
    readonly variable: tf.Variable;
    readonly gradient: Value;
    readonly index: number;
  }[];
}

/** Operations that return their first input in another shape. */
const views = new Set([
  "Reshape",
  "Identity",
  "ExpandDims",
  "Squeeze",
  "StopGradient",
]);

/** Reductions that leave values unchanged along an axis of size 1. */
const reductions = new Set(["Sum", "Mean", "Max", "Min", "Prod"]);

type BinaryFunction = (a: number, b: number) => number;

const binaryFunctions: Readonly<Record<string, BinaryFunction>> = {
  Add: (a, b) => a + b,
  AddV2: (a, b) => a + b,
  Sub: (a, b) => a - b,
  Mul: (a, b) => a * b,
  RealDiv: (a, b) => a / b,
  Maximum: Math.max,
  Minimum: Math.min,
  Pow: Math.pow,
};

const unaryFunctions: Readonly<Record<string, (x: number) => number>> = {
  Neg: (x) => -x,
  Square: (x) => x * x,
  Sqrt: Math.sqrt,
  Exp: Math.exp,
  Log: Math.log,
  Floor: Math.floor,
};

/** Simplifies a recording. */
export function simplify(recording: Recording): SimplifiedStep {
  return new Simplifier(recording).step();
}

class Simplifier {
  readonly #recording: Recording;
  readonly #nodes: StepNode[] = [];
  readonly #outputs = new Map<Operation, readonly Value[]>();
  readonly #data = new Map<unknown, Data>();
  readonly #known = new Map<string, StepNode>();
  readonly #ids = new Map<Data, number>();

  constructor(recording: Recording) {
    this.#recording = recording;
  }

  step(): SimplifiedStep {
    const { outputs, assignments, updates = [] } = this.#recording;
    const needed = neededBy(this.#recording);
    for (const operation of this.#recording.operations) {
      if (needed.has(operation)) this.#add(operation);
    }
    const step = {
      outputs: outputs.map((source) => this.#value(source)),
      assignments: assignments.map(({ variable, value }) => ({
        variable,
        value: this.#value(value),
      })),
      updates: updates.flatMap(({ variable, gradient }, index) =>
        gradient === undefined
          ? []
          : [{ variable, gradient: this.#value(gradient), index }],
      ),
    };
    return { nodes: this.#nodesFor(step), ...step };
  }

  /**
   * Returns the nodes that compute the given values, in order. Nodes that were merged into others
   * are left out.
   */
  #nodesFor(wanted: Omit<SimplifiedStep, "nodes">): StepNode[] {
    const needed = new Set<StepNode>();
    const need = ({ data }: Value) => {
      if (data.kind === "output") needed.add(data.node);
    };
    wanted.outputs.forEach(need);
    for (const { value } of wanted.assignments) need(value);
    for (const { gradient } of wanted.updates) need(gradient);
    for (const node of [...this.#nodes].reverse()) {
      if (needed.has(node)) node.inputs.forEach(need);
    }
    return this.#nodes.filter((node) => needed.has(node));
  }

  #value(source: Source): Value {
    const { dtype, shape } = kindOf(source);
    switch (source.from) {
      case "operation":
        return this.#outputs.get(source.operation)![source.output]!;
      case "variable": {
        const { variable } = source;
        const data = () => ({ kind: "variable", variable }) as const;
        return { data: this.#unique(variable, data), shape, dtype };
      }
      case "constant": {
        const { values } = this.#recording.constants[source.index]!;
        const [first = 0] = values;
        // An empty constant is the shape of a scalar.
        const isUniform = values.length > 0 && values.every((x) => x === first);
        const data: Data = isUniform
          ? { kind: "uniform", value: first }
          : { kind: "constant", values };
        return {
          data: this.#unique(`constant ${source.index}`, () => data),
          shape,
          dtype,
        };
      }
      default: {
        const { from, index } = source;
        const place =
          from === "input" ? index : this.#recording.inputs.length + index;
        const data = () => ({ kind: "input", index: place }) as const;
        return {
          data: this.#unique(`input ${place}`, data),
          shape,
          dtype,
        };
      }
    }
  }

  #unique(key: unknown, make: () => Data): Data {
    const known = this.#data.get(key);
    if (known !== undefined) return known;
    const data = make();
    this.#data.set(key, data);
    return data;
  }

  #add(operation: Operation): void {
    const given = operation.inputs.map((source) => this.#value(source));
    const doubled = doubledProduct(operation, given);
    const inputs = doubled ?? given;
    const name = doubled ? "Mul" : operation.name;
    const outputs = operation.outputs.map(({ shape, dtype }) => ({
      shape,
      dtype,
    }));
    const only = doubled ? undefined : this.#simple(operation, inputs);
    if (only !== undefined) {
      this.#outputs.set(operation, [{ ...only, ...outputs[0]! }]);
      return;
    }
    const text = operation.attributes.map(attributeText).join(" ");
    const key = `${name} ${text} ${inputs.map((each) => this.#keyOf(each)).join(" ")} ${outputs.map(({ shape }) => shape.join("×")).join(" ")}`;
    const known = this.#known.get(key);
    if (known !== undefined) {
      this.#outputs.set(operation, known.outputs);
      return;
    }
    const node: StepNode = {
      name,
      inputs,
      operation,
      outputs: [],
    };
    for (const [output, kind] of outputs.entries()) {
      node.outputs.push({ data: { kind: "output", node, output }, ...kind });
    }
    this.#known.set(key, node);
    this.#nodes.push(node);
    this.#outputs.set(operation, node.outputs);
  }

  #keyOf({ data, shape }: Value): string {
    if (data.kind === "uniform") return `${data.value}[${shape.join("×")}]`;
    const number = this.#ids.get(data) ?? this.#ids.size;
    this.#ids.set(data, number);
    return `%${number}[${shape.join("×")}]`;
  }

  /** Returns the result of an operation if it is a constant or an existing value. */
  #simple(
    operation: Operation,
    inputs: readonly Value[],
  ): { readonly data: Data } | undefined {
    const { name, outputs } = operation;
    const [a, b] = inputs;
    const size = sizeOf(outputs[0]!.shape);
    const isWhole = (value: Value) => sizeOf(value.shape) === size;
    if (views.has(name) && a) return a;
    if (a && keepsOrder(operation, inputs)) return a;
    // For computed values this would be wrong: a sum over one sample is not a row of samples.
    const isUniform = a?.data.kind === "uniform";
    if (isUniform && reductions.has(name) && isWhole(a)) return a;
    if (name === "Cast" && a && isFreeCast(operation, a)) return a;
    if (name === "Fill" && b?.data.kind === "uniform") return b;
    if (name === "ZerosLike") return uniform(0);
    if (name === "OnesLike") return uniform(1);
    if (!a) return undefined;
    const one = a.data.kind === "uniform" ? a.data.value : undefined;
    const unary = unaryFunctions[name];
    if (one !== undefined && unary) return uniform(Math.fround(unary(one)));
    const binary = binaryFunctions[name];
    if (!binary || !b || outputs[0]!.dtype !== "float32") return undefined;
    const other = b.data.kind === "uniform" ? b.data.value : undefined;
    if (one !== undefined && other !== undefined) {
      return uniform(Math.fround(binary(one, other)));
    }
    const isProduct = name === "Mul";
    const isSum = name === "Add" || name === "AddV2";
    if ((isProduct && one === 1) || (isSum && one === 0)) {
      return isWhole(b) ? b : undefined;
    }
    const leaves =
      ((isProduct || name === "RealDiv") && other === 1) ||
      ((isSum || name === "Sub") && other === 0);
    return leaves && isWhole(a) ? a : undefined;
  }
}

/**
 * Rewrites c · x + c · x with a constant c. Returns the factors 2c and x, or undefined for other
 * operations.
 */
function doubledProduct(
  { name }: Operation,
  [a, b]: readonly Value[],
): readonly Value[] | undefined {
  const isSum = name === "Add" || name === "AddV2";
  if (!isSum || a?.data !== b?.data || a?.data.kind !== "output") {
    return undefined;
  }
  const { node } = a.data;
  const [factor, other] = node.inputs;
  if (node.name !== "Mul" || factor?.data.kind !== "uniform") return undefined;
  if (sizeOf(other!.shape) !== sizeOf(a.shape)) return undefined;
  return [{ ...factor, ...uniform(2 * factor.data.value) }, other!];
}

/** Returns whether a slice or a transposition leaves all elements in their order. */
function keepsOrder(
  { name, outputs }: Operation,
  [a, b]: readonly Value[],
): boolean {
  if (name === "Slice") return sizeOf(outputs[0]!.shape) === sizeOf(a!.shape);
  const axes = name === "Transpose" ? integersOf(b!) : undefined;
  const long = axes?.filter((axis) => a!.shape[axis] !== 1);
  return (
    long?.every((axis, place) => place === 0 || axis > long[place - 1]!) ??
    false
  );
}

function uniform(value: number): { readonly data: Data } {
  return { data: { kind: "uniform", value } };
}

/**
 * Returns whether a cast leaves the values unchanged. All values are stored as float32, regardless
 * of their type.
 */
function isFreeCast(operation: Operation, { dtype, data }: Value): boolean {
  const to = operation.outputs[0]!.dtype;
  if (data.kind === "uniform") {
    return to !== "bool" && (to !== "int32" || Number.isInteger(data.value));
  }
  if (to === "bool") return dtype === "bool";
  if (to !== "int32") return true;
  return (
    dtype !== "float32" ||
    (data.kind === "output" && data.node.name === "Floor")
  );
}
