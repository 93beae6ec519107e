/**
 * Activations as ONNX operators.
 */
import type { tf } from "../../../engine/tensorflow";
import { float, type Graph, int } from "../graph";
import { unsupported, writer } from "../layer-writer";
import { axisInOrder, type Order, Value } from "../value";

/** An activation of TensorFlow.js; layers without one have null or `linear`. */
export interface Activation {
  getClassName(): string;
}

/** An activation on a value's name in an ONNX graph. */
type Operators = (graph: Graph, x: string) => string;

/** Activations on each number, by TensorFlow.js's names. */
const elementwise: Readonly<Record<string, Operators>> = {
  linear: (_, x) => x,
  elu: (graph, x) => graph.add("Elu", [x], { alpha: float(1) }),
  // α and λ as in TensorFlow's kernel.
  selu: (graph, x) =>
    graph.add("Selu", [x], {
      alpha: float(1.6732632423543772),
      gamma: float(1.0507009873554805),
    }),
  relu: (graph, x) => graph.add("Relu", [x]),
  relu6: (graph, x) => clip(graph, x, 0, 6),
  sigmoid: (graph, x) => graph.add("Sigmoid", [x]),
  hardSigmoid: (graph, x) =>
    graph.add("HardSigmoid", [x], { alpha: float(0.2), beta: float(0.5) }),
  kerasHardSigmoid: (graph, x) =>
    graph.add("HardSigmoid", [x], { alpha: float(1 / 6), beta: float(0.5) }),
  softplus: (graph, x) => graph.add("Softplus", [x]),
  softsign: (graph, x) => graph.add("Softsign", [x]),
  tanh: (graph, x) => graph.add("Tanh", [x]),
  swish: (graph, x) => graph.add("Mul", [graph.add("Sigmoid", [x]), x]),
  mish: (graph, x) =>
    graph.add("Mul", [x, graph.add("Tanh", [graph.add("Softplus", [x])])]),
  // `Gelu` is an operator from opset 20 on only.
  gelu: (graph, x) => {
    const scaled = graph.add("Div", [x, graph.number(Math.SQRT2)]);
    const erf = graph.add("Erf", [scaled]);
    return halfOf(graph, x, erf);
  },
  gelu_new: (graph, x) => {
    const cube = graph.add("Mul", [graph.add("Mul", [x, x]), x]);
    const small = graph.add("Mul", [cube, graph.number(0.044715)]);
    const sum = graph.add("Add", [x, small]);
    const scaled = graph.add("Mul", [
      sum,
      graph.number(Math.sqrt(2 / Math.PI)),
    ]);
    return halfOf(graph, x, graph.add("Tanh", [scaled]));
  },
};

/** x · (1 + y) / 2. */
function halfOf(graph: Graph, x: string, y: string): string {
  const one = graph.add("Add", [y, graph.number(1)]);
  const half = graph.add("Mul", [one, graph.number(0.5)]);
  return graph.add("Mul", [x, half]);
}

/** Limits a value to a range. */
export function clip(
  graph: Graph,
  x: string,
  least: number,
  most: number,
): string {
  return graph.add("Clip", [x, graph.number(least), graph.number(most)]);
}

/** Activations along the last axis. */
const alongLastAxis: Readonly<Record<string, string>> = {
  softmax: "Softmax",
  logSoftmax: "LogSoftmax",
};

/** Applies the activation of a layer. Throws an Error (`ERR_UNSUPPORTED`) for unknown ones. */
export function activate(
  layer: tf.layers.Layer,
  activation: Activation | null | undefined,
  value: Value,
): Value {
  const name = activation?.getClassName() ?? "linear";
  const operators = elementwise[name];
  if (operators !== undefined) {
    return value.map((x) => operators(value.graph, x));
  }
  const operator = alongLastAxis[name];
  if (operator === undefined) {
    const names = Object.keys({ ...elementwise, ...alongLastAxis }).join(", ");
    throw unsupported(layer, `an activation out of ${names}`, name);
  }
  return alongAxis(operator, value, -1);
}

/** Applies an operator along an axis, in whichever order the value is there. */
export function alongAxis(
  operator: "Softmax" | "LogSoftmax" | (string & {}),
  value: Value,
  axis: number,
): Value {
  const order: Order = value.has("channelsFirst") ? "channelsFirst" : "given";
  const name = value.graph.add(operator, [value.inOrder(order)], {
    axis: int(axisInOrder(axis, value.rank, order)),
  });
  return new Value(value.graph, value.shape, { [order]: name });
}

/** The layer `Activation`. */
export const activationLayer = writer<{ readonly activation: Activation }>(
  ({ layer, inputs: [input] }) =>
    activate(layer, layer.activation, input.asFloat),
);
