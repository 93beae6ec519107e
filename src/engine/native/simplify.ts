/**
 * Simplifies recordings: leaves out operations whose result is known without them, and merges equal
 * operations.
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
import { simpleResult, uniform } from "./simple-result";
import { sizeOf, type Data, type StepNode, type Value } from "./values";

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
    const only = doubled ? undefined : simpleResult(operation, inputs);
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
