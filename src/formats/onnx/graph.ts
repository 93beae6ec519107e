/**
 * An ONNX graph under construction: operators, constants and weights, with unique names.
 */
import { tf } from "../../engine/tensorflow";
import type { Attribute, NodeMessage, TensorMessage } from "./messages";

/** How a weight is arranged in the graph: its axes are reordered, then it is reshaped. */
export interface Arrangement {
  readonly order?: readonly number[];
  readonly shape?: readonly number[];
}

/** A weight of a layer: a `tf.LayerVariable`, or a constant in its place. */
export interface Weight {
  readonly id?: number;
  read(): tf.Tensor;
}

type Ints = Extract<Attribute, { readonly ints: unknown }>;

/** The attributes of an operator. */
export type Attributes = Readonly<Record<string, Attribute>>;

/** The operators, constants and weights of a model. */
export class Graph {
  readonly #nodes: NodeMessage[] = [];
  readonly #tensors: TensorMessage[] = [];
  readonly #names = new Set<string>();
  /** Names of the weights and constants that are already there, by identity and arrangement. */
  readonly #known = new Map<string, string>();
  #scope = "";

  /** Reserves a name, with a number behind it if it is taken, and returns it. */
  reserve(name: string): string {
    let free = name;
    for (let count = 1; this.#names.has(free); count += 1) {
      free = `${name}_${count}`;
    }
    this.#names.add(free);
    return free;
  }

  /** Prefixes the names of everything that `build` adds with the name of a layer. */
  within<Result>(layerName: string, build: () => Result): Result {
    const outer = this.#scope;
    this.#scope = `${outer}${layerName}/`;
    try {
      return build();
    } finally {
      this.#scope = outer;
    }
  }

  /** Adds an operator with one output and returns the output's name. */
  add(
    operator: string,
    inputs: readonly string[],
    attributes: Attributes = {},
  ): string {
    return this.addSeveral(operator, inputs, attributes, 1)[0]!;
  }

  /** Adds an operator with several outputs and returns their names. */
  addSeveral(
    operator: string,
    inputs: readonly string[],
    attributes: Attributes,
    count: number,
  ): string[] {
    const name = this.reserve(this.#scope + operator);
    const outputs = Array.from({ length: count }, (_, index) =>
      index === 0 ? name : this.reserve(`${name}_output`),
    );
    this.#nodes.push({ name, operator, inputs, outputs, attributes });
    return outputs;
  }

  /**
   * Reorders the axes of a value and returns the result's name. Follows another reordering by
   * replacing it, so that two never follow each other.
   */
  transpose(value: string, order: readonly number[]): string {
    const former = this.#nodes.find(({ outputs }) => outputs[0] === value);
    if (former?.operator === "Transpose") {
      const { perm } = former.attributes as { readonly perm: Ints };
      const combined = order.map((axis) => perm.ints[axis]!);
      return this.transpose(former.inputs[0]!, combined);
    }
    if (order.every((axis, index) => axis === index)) return value;
    return this.add("Transpose", [value], { perm: ints(order) });
  }

  /** Adds a vector of integers, int64, unless the graph has it, and returns its name. */
  integers(values: readonly number[]): string {
    return this.#once(`integers ${values.join()}`, "constant", () => ({
      type: "int64",
      shape: [values.length],
      bytes: bytesOf(BigInt64Array.from(values, BigInt)),
    }));
  }

  /** Adds a scalar, float32, unless the graph has it, and returns its name. */
  number(value: number): string {
    return this.#once(`number ${value}`, "constant", () => ({
      type: "float32",
      shape: [],
      bytes: bytesOf(Float32Array.of(value)),
    }));
  }

  /** Adds an array of constants and returns its name. */
  array(
    name: string,
    values: Float32Array | Int32Array,
    shape: readonly number[],
  ): string {
    const free = this.reserve(this.#scope + name);
    const type = values instanceof Float32Array ? "float32" : "int32";
    this.#tensors.push({ name: free, type, shape, bytes: bytesOf(values) });
    return free;
  }

  /**
   * Adds a weight, float32, and returns its name. A weight that several layers share is added once
   * for each arrangement.
   */
  weight(name: string, weight: Weight, arrangement: Arrangement = {}): string {
    const { order, shape } = arrangement;
    const build = () => {
      const tensor = tf.tidy(() => {
        const given = tf.cast(weight.read(), "float32");
        const ordered =
          order === undefined ? given : tf.transpose(given, [...order]);
        return tf.keep(
          shape === undefined
            ? ordered.clone()
            : tf.reshape(ordered, [...shape]),
        );
      });
      const bytes = bytesOf(tensor.dataSync<"float32">());
      tensor.dispose();
      return { type: "float32", shape: tensor.shape, bytes } as const;
    };
    if (weight.id === undefined) {
      const free = this.reserve(this.#scope + name);
      this.#tensors.push({ name: free, ...build() });
      return free;
    }
    const key = `weight ${weight.id} ${order?.join()} ${shape?.join()}`;
    return this.#once(key, this.#scope + name, build);
  }

  /**
   * Returns the operators and tensors that lead to the outputs, each of which gets a new name.
   * Values that are not computed, or that are outputs twice, are copied for that.
   */
  finish(outputs: readonly (readonly [value: string, name: string])[]): {
    readonly nodes: NodeMessage[];
    readonly tensors: TensorMessage[];
  } {
    const computed = new Set(this.#nodes.flatMap((node) => node.outputs));
    const names = new Map<string, string>();
    const copies: NodeMessage[] = [];
    for (const [value, name] of outputs) {
      if (computed.has(value) && !names.has(value)) {
        names.set(value, name);
      } else {
        copies.push({
          name: this.reserve(`${name}/Identity`),
          operator: "Identity",
          inputs: [value],
          outputs: [name],
          attributes: {},
        });
      }
    }
    const renamed = (name: string) => names.get(name) ?? name;
    const all = [...this.#nodes, ...copies].map((node) => ({
      ...node,
      inputs: node.inputs.map(renamed),
      outputs: node.outputs.map(renamed),
    }));
    const needed = new Set(outputs.map(([, name]) => name));
    const nodes: NodeMessage[] = [];
    for (const node of all.reverse()) {
      if (!node.outputs.some((output) => needed.has(output))) continue;
      nodes.unshift(node);
      for (const input of node.inputs) needed.add(input);
    }
    return {
      nodes,
      tensors: this.#tensors.filter(({ name }) => needed.has(name)),
    };
  }

  #once(
    key: string,
    name: string,
    build: () => Omit<TensorMessage, "name">,
  ): string {
    let known = this.#known.get(key);
    if (known === undefined) {
      known = this.reserve(name);
      this.#tensors.push({ name: known, ...build() });
      this.#known.set(key, known);
    }
    return known;
  }
}

function bytesOf(
  values: Float32Array | Int32Array | BigInt64Array,
): Uint8Array {
  return new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
}

/** Attributes of one integer, a list of integers, a number, and a text. */
export const int = (value: number): Attribute => ({ int: value });
export const ints = (values: readonly number[]): Attribute => ({
  ints: values,
});
export const float = (value: number): Attribute => ({ float: value });
export const string = (value: string): Attribute => ({ string: value });
