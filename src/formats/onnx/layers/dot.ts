/**
 * The layer `Dot`: products of vectors or matrices, sample by sample.
 */
import { type Graph, int } from "../graph";
import { unsupported, writer } from "../layer-writer";
import { Value } from "../value";
import { reordered, reshaped } from "./arrangement";

/** The smallest square of a length by which TensorFlow.js divides. */
const smallestSquare = 1e-7;

/** Divides a value by its length along an axis. */
function normalized(graph: Graph, value: Value, axis: number): Value {
  const square = graph.add("Mul", [value.name, value.name]);
  const sum = graph.add("ReduceSum", [square, graph.integers([axis])], {
    keepdims: int(1),
  });
  const least = graph.add("Max", [sum, graph.number(smallestSquare)]);
  const length = graph.add("Sqrt", [least]);
  const given = graph.add("Div", [value.name, length]);
  return new Value(graph, value.shape, { given });
}

/** Inputs of two or three axes, batch included, multiplied along one axis of each. */
export const dot = writer<{
  readonly axes: number | readonly number[];
  readonly normalize: boolean;
}>(({ graph, layer, inputs, shapes }) => {
  const values = inputs.map((input) => input.asFloat) as [Value, Value];
  const axes = values.map((value, index) => {
    const axis = [layer.axes].flat()[index] ?? (layer.axes as number);
    return axis < 0 ? axis + value.rank : axis;
  }) as [number, number];
  if (axes.includes(0)) {
    throw unsupported(
      layer,
      "axes other than the batch",
      `axes ${axes.join()}`,
    );
  }
  const [x, y] = values.map((value, index) =>
    layer.normalize ? normalized(graph, value, axes[index]!) : value,
  ) as [Value, Value];
  if (x.rank === 2 && y.rank === 2) {
    const product = graph.add("Mul", [x.name, y.name]);
    const given = graph.add("ReduceSum", [product, graph.integers([1])], {
      keepdims: int(1),
    });
    return new Value(graph, shapes[0], { given });
  }
  const matrix = (value: Value) =>
    value.rank === 3 ? value : reshaped(graph, value, [...value.shape, 1]);
  const turned = (value: Value, isTurned: boolean) =>
    isTurned ? reordered(graph, value, [0, 2, 1]) : value;
  const left = turned(matrix(x), axes[0] !== 2);
  const right = turned(matrix(y), axes[1] === 2);
  const product = graph.add("MatMul", [left.name, right.name]);
  const extra = [x.rank < 3 ? [1] : [], y.rank < 3 ? [2] : []].flat();
  const given =
    extra.length === 0
      ? product
      : graph.add("Squeeze", [product, graph.integers(extra)]);
  return new Value(graph, shapes[0], { given });
});
