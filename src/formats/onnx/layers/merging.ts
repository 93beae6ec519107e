/**
 * Layers that combine several values: sums, products, extremes, concatenation.
 */
import { int } from "../graph";
import { type LayerCall, type LayerWriter, writer } from "../layer-writer";
import { axisInOrder, type Order, Value } from "../value";
import { reshaped } from "./arrangement";

/** The order in which values of one rank are combined: the one that saves transpositions. */
function commonOrder(values: readonly Value[]): Order {
  const isGiven = values.every((value) => value.has("given"));
  const isFirst = values.every((value) => value.has("channelsFirst"));
  return isGiven && !isFirst ? "given" : "channelsFirst";
}

/**
 * Returns the inputs with one rank: TensorFlow.js inserts axes of length 1 behind the batch.
 */
function ofOneRank({ graph, inputs }: LayerCall): Value[] {
  const rank = Math.max(...inputs.map((input) => input.rank));
  return inputs.map((input) => {
    const value = input.asFloat;
    if (value.rank === rank) return value;
    const [batch, ...rest] = value.shape;
    const added = Array.from({ length: rank - value.rank }, () => 1);
    return reshaped(graph, value, [batch!, ...added, ...rest]);
  });
}

/** Combines the inputs number by number, two at a time. */
function elementwise(operator: string): LayerWriter {
  return writer((call) => combined(call, operator));
}

function combined(call: LayerCall, operator: string): Value {
  const { graph, shapes } = call;
  const values = ofOneRank(call);
  const order = shapes[0].length < 3 ? "given" : commonOrder(values);
  const name = values
    .map((value) => value.inOrder(order))
    .reduce((first, second) => graph.add(operator, [first, second]));
  return new Value(graph, shapes[0], { [order]: name });
}

export const add = elementwise("Add");
export const multiply = elementwise("Mul");
export const maximum = elementwise("Max");
export const minimum = elementwise("Min");

export const average = writer((call) => {
  const share = call.graph.number(1 / call.inputs.length);
  return combined(call, "Add").map((sum) =>
    call.graph.add("Mul", [sum, share]),
  );
});

export const concatenate = writer<{ readonly axis: number }>(
  ({ graph, layer, inputs, shapes }) => {
    const values = inputs.map((input) => input.asFloat);
    const rank = inputs[0].rank;
    const order = rank < 3 ? "given" : commonOrder(values);
    const name = graph.add(
      "Concat",
      values.map((value) => value.inOrder(order)),
      { axis: int(axisInOrder(layer.axis, rank, order)) },
    );
    return new Value(graph, shapes[0], { [order]: name });
  },
);
