/**
 * Batch and layer normalization.
 */
import { tf } from "../../../engine/tensorflow";
import { float, type Graph, int, ints, type Weight } from "../graph";
import { writer } from "../layer-writer";
import { type Order, Value } from "../value";

interface BatchNormalization {
  readonly axis: number;
  readonly epsilon: number;
  readonly gamma?: Weight | null;
  readonly beta?: Weight | null;
  readonly movingMean: Weight;
  readonly movingVariance: Weight;
}

/** A weight in place of one that a layer lacks. */
function constant(value: number, shape: readonly number[]): Weight {
  return { read: () => tf.fill([...shape], value) };
}

/**
 * `BatchNormalization` with its moving averages. ONNX's operator normalizes the second axis;
 * another one than the last or the second is brought there and back.
 */
export const batchNormalization = writer<BatchNormalization>(
  ({ graph, layer, inputs: [value] }) => {
    const input = value.asFloat;
    const axis = layer.axis < 0 ? layer.axis + input.rank : layer.axis;
    const size = [input.shape[axis]!];
    const weights = [
      graph.weight("gamma", layer.gamma ?? constant(1, size)),
      graph.weight("beta", layer.beta ?? constant(0, size)),
      graph.weight("moving_mean", layer.movingMean),
      graph.weight("moving_variance", layer.movingVariance),
    ];
    const normalize = (name: string) =>
      graph.add("BatchNormalization", [name, ...weights], {
        epsilon: float(layer.epsilon),
      });
    if (axis === input.rank - 1 || axis === 1) {
      const order: Order = axis === 1 ? "given" : "channelsFirst";
      const name = normalize(input.inOrder(order));
      return new Value(graph, input.shape, { [order]: name });
    }
    const swap = input.shape.map((_, index) => index);
    [swap[1], swap[axis]] = [axis, 1];
    const swapped = (name: string) => graph.transpose(name, swap);
    const given = swapped(normalize(swapped(input.name)));
    return new Value(graph, input.shape, { given });
  },
);

interface LayerNormalization {
  readonly axis: readonly number[];
  readonly epsilon: number;
  readonly gamma?: Weight | null;
  readonly beta?: Weight | null;
}

/** `LayerNormalization`: one operator for the last axes, its formula for others. */
export const layerNormalization = writer<LayerNormalization>(
  ({ graph, layer, inputs: [value] }) => {
    const input = value.asFloat;
    const { rank, shape } = input;
    const axes = layer.axis;
    const isLast = axes.every(
      (axis, index) => axis === rank - axes.length + index,
    );
    const sizes = shape.map((length, axis) =>
      axes.includes(axis) ? length! : 1,
    );
    const weights = (name: string, weight: Weight | null | undefined) =>
      weight ? [graph.weight(name, weight, { shape: sizes })] : [];
    if (isLast) {
      const scale =
        layer.gamma ??
        constant(
          1,
          axes.map((axis) => shape[axis]!),
        );
      const bias = layer.beta ? [graph.weight("beta", layer.beta)] : [];
      const given = graph.add(
        "LayerNormalization",
        [input.name, graph.weight("gamma", scale), ...bias],
        { axis: int(axes[0]!), epsilon: float(layer.epsilon) },
      );
      return new Value(graph, shape, { given });
    }
    const scaled = weights("gamma", layer.gamma).reduce(
      (x, gamma) => graph.add("Mul", [x, gamma]),
      standardized(graph, input.name, axes, layer.epsilon),
    );
    const given = weights("beta", layer.beta).reduce(
      (x, beta) => graph.add("Add", [x, beta]),
      scaled,
    );
    return new Value(graph, shape, { given });
  },
);

/** Subtracts the mean over axes and divides by the standard deviation. */
function standardized(
  graph: Graph,
  x: string,
  axes: readonly number[],
  epsilon: number,
): string {
  const mean = (name: string) =>
    graph.add("ReduceMean", [name], { axes: ints(axes), keepdims: int(1) });
  const centered = graph.add("Sub", [x, mean(x)]);
  const variance = mean(graph.add("Mul", [centered, centered]));
  const sum = graph.add("Add", [variance, graph.number(epsilon)]);
  return graph.add("Div", [centered, graph.add("Sqrt", [sum])]);
}
