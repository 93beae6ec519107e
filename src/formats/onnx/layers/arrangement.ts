/**
 * Layers that rearrange, repeat, pad or crop, and those that do nothing in prediction.
 */
import type { Graph } from "../graph";
import { writer } from "../layer-writer";
import { type Shape, Value } from "../value";
import type { DataFormat } from "./images";

/** Layers that act in training only. */
export const identity = writer(({ inputs: [input] }) => input);

/** Reshapes a value. Axes of unknown length follow from the others. */
export function reshaped(graph: Graph, value: Value, shape: Shape): Value {
  const [batch, ...rest] = shape;
  const isKnown = rest.every((length) => length !== null);
  // 0 copies the length of the same axis, −1 computes it.
  const first = batch ?? (isKnown ? -1 : 0);
  const lengths = [first, ...rest.map((length) => length ?? -1)];
  const given = graph.add("Reshape", [value.name, graph.integers(lengths)]);
  return new Value(graph, shape, { given }, value.type);
}

/** Reorders the axes of a value. */
export function reordered(
  graph: Graph,
  value: Value,
  order: readonly number[],
): Value {
  const given = graph.transpose(value.name, order);
  const shape = order.map((axis) => value.shape[axis]!);
  return new Value(graph, shape, { given }, value.type);
}

export const flatten = writer<{ readonly dataFormat?: DataFormat }>(
  ({ graph, layer, inputs: [input], shapes }) => {
    const axes = input.shape.map((_, axis) => axis);
    const ordered =
      layer.dataFormat === "channelsFirst" && input.rank > 2
        ? reordered(graph, input, [0, ...axes.slice(2), 1])
        : input;
    return reshaped(graph, ordered, shapes[0]);
  },
);

export const reshape = writer(({ graph, inputs: [input], shapes }) =>
  reshaped(graph, input, shapes[0]),
);

export const permute = writer<{ readonly dims: readonly number[] }>(
  ({ graph, layer, inputs: [input] }) =>
    reordered(graph, input, [0, ...layer.dims]),
);

export const repeatVector = writer<{ readonly n: number }>(
  ({ graph, layer, inputs: [input], shapes }) => {
    const [batch, width] = input.shape as [number | null, number];
    const row = reshaped(graph, input, [batch, 1, width]);
    const repeats = graph.integers([1, layer.n, 1]);
    const given = graph.add("Tile", [row.name, repeats]);
    return new Value(graph, shapes[0], { given }, input.type);
  },
);

/** Numbers of rows or columns at the beginning and at the end. */
type Sides = readonly [number, number];

/** Returns the amounts at both ends of all axes of images, axis by axis. */
function onAxes(format: DataFormat, rows: Sides, columns: Sides): Sides[] {
  const none: Sides = [0, 0];
  return format === "channelsFirst"
    ? [none, none, rows, columns]
    : [none, rows, columns, none];
}

export const zeroPadding = writer<{
  readonly padding: readonly [Sides, Sides];
  readonly dataFormat: DataFormat;
}>(({ graph, layer, inputs: [value], shapes }) => {
  const input = value.asFloat;
  const sides = onAxes(layer.dataFormat, ...layer.padding);
  const order =
    input.has("channelsFirst") && layer.dataFormat !== "channelsFirst"
      ? "channelsFirst"
      : "given";
  const [batch, rows, columns, channels] = sides as [
    Sides,
    Sides,
    Sides,
    Sides,
  ];
  const ordered = order === "given" ? sides : [batch, channels, rows, columns];
  const pads = [0, 1].flatMap((end) => ordered.map((each) => each[end]!));
  const name = graph.add("Pad", [input.inOrder(order), graph.integers(pads)]);
  return new Value(graph, shapes[0], { [order]: name });
});

export const cropping = writer<{
  readonly cropping: readonly [Sides, Sides];
  readonly dataFormat: DataFormat;
}>(({ graph, layer, inputs: [input], shapes }) => {
  const sides = onAxes(layer.dataFormat, ...layer.cropping);
  return sliced(graph, input, sides, shapes[0]);
});

/** Cuts amounts off both ends of the axes of a value. */
export function sliced(
  graph: Graph,
  value: Value,
  sides: readonly Sides[],
  shape: Shape,
): Value {
  const axes = sides.flatMap((each, axis) =>
    each.some((amount) => amount !== 0) ? [axis] : [],
  );
  if (axes.length === 0) return value;
  const starts = axes.map((axis) => sides[axis]![0]);
  // An end of −n leaves out the last n; the largest integer stands for the end.
  const ends = axes.map((axis) => -sides[axis]![1] || 2 ** 31 - 1);
  const given = graph.add("Slice", [
    value.name,
    ...[starts, ends, axes].map((each) => graph.integers(each)),
  ]);
  return new Value(graph, shape, { given }, value.type);
}

/** Reverses a value along an axis. */
export function reversed(graph: Graph, name: string, axis: number): string {
  // From the last index down to and with the first; the least integer stands for "before it".
  const ranges = [[-1], [-(2 ** 31)], [axis], [-1]];
  return graph.add("Slice", [
    name,
    ...ranges.map((each) => graph.integers(each)),
  ]);
}
