/**
 * A value between two layers, in the order of axes of TensorFlow.js, of ONNX, or both.
 *
 * Layers for images have channels last in TensorFlow.js; the operators of ONNX have them first.
 * A value is transposed when a layer first needs it in the other order, so two transpositions never
 * follow each other, and layers that act on each number keep the order that is there.
 */
import { type Graph, int } from "./graph";
import { elementTypes } from "./messages";

/** Lengths of the axes, batch first; null if unknown until the model runs. */
export type Shape = readonly (number | null)[];

/** The type of the numbers of a value. */
export type ValueType = "float32" | "int32" | "bool";

/** The order of a value's axes: as in TensorFlow.js, or with the last axis behind the first. */
export type Order = "given" | "channelsFirst";

/** A value between two layers. */
export class Value {
  readonly graph: Graph;
  /** The lengths of the axes in the order of TensorFlow.js. */
  readonly shape: Shape;
  readonly type: ValueType;
  readonly #names: Partial<Record<Order, string>>;

  constructor(
    graph: Graph,
    shape: Shape,
    names: Partial<Record<Order, string>>,
    type: ValueType = "float32",
  ) {
    this.graph = graph;
    this.shape = shape;
    this.type = type;
    this.#names = { ...names };
  }

  get rank(): number {
    return this.shape.length;
  }

  /** The name of the value in the order of TensorFlow.js. */
  get name(): string {
    return this.inOrder("given");
  }

  /** The name of the value with the last axis behind the first. */
  get channelsFirst(): string {
    return this.inOrder("channelsFirst");
  }

  /** Whether the value is there in an order without being transposed. */
  has(order: Order): boolean {
    return this.#names[order] !== undefined;
  }

  inOrder(order: Order): string {
    if (this.rank < 3) return (this.#names.given ?? this.#names.channelsFirst)!;
    const other = order === "given" ? "channelsFirst" : "given";
    return (this.#names[order] ??= this.graph.transpose(
      this.#names[other]!,
      permutation(this.rank, order),
    ));
  }

  /** The value as float32. */
  get asFloat(): Value {
    return this.type === "float32" ? this : this.cast("float32");
  }

  /** The value converted to another type; fractions are cut off as in TensorFlow. */
  cast(type: ValueType): Value {
    if (type === this.type) return this;
    const name = this.graph.add("Cast", [this.name], {
      to: int(elementTypes[type]),
    });
    return new Value(this.graph, this.shape, { given: name }, type);
  }

  /** Applies operators that act on each number, in whichever order the value is there. */
  map(apply: (name: string) => string, type: ValueType = this.type): Value {
    const order = this.has("channelsFirst") ? "channelsFirst" : "given";
    const names = { [order]: apply(this.inOrder(order)) };
    return new Value(this.graph, this.shape, names, type);
  }
}

/** The order of axes that `Transpose` needs to bring a value into an order from the other one. */
function permutation(rank: number, order: Order): number[] {
  const middle = Array.from({ length: rank - 2 }, (_, index) => index + 1);
  return order === "given"
    ? [0, ...middle.map((axis) => axis + 1), 1]
    : [0, rank - 1, ...middle];
}

/** The place of an axis of TensorFlow.js, counted from the end if negative, in an order. */
export function axisInOrder(axis: number, rank: number, order: Order): number {
  const place = axis < 0 ? axis + rank : axis;
  if (order === "given" || place === 0 || rank < 3) return place;
  return place === rank - 1 ? 1 : place + 1;
}
