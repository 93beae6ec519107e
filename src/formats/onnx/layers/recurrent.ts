/**
 * Recurrent layers: `SimpleRNN`, `LSTM`, `GRU`, and `RNN` with their cells, also stacked.
 */
import type { Graph } from "../graph";
import { unsupported, writer } from "../layer-writer";
import { type Shape, Value } from "../value";
import { reversed } from "./arrangement";
import { addCell, type Cell, cellsOf } from "./recurrent-cells";

/** The fields of a recurrent layer. */
export interface Recurrent {
  readonly cell: Cell;
  readonly returnSequences: boolean;
  readonly returnState: boolean;
  readonly goBackwards: boolean;
  readonly stateful: boolean;
}

/**
 * A recurrent layer. Further inputs are its initial states.
 *
 * Backwards, TensorFlow.js returns the outputs in the order in which they were computed, unlike
 * ONNX's attribute `direction`. Therefore the input is reversed instead.
 */
export const recurrent = writer<Recurrent>(
  ({ graph, layer, inputs: [input, ...initial] }) => {
    if (layer.stateful) {
      throw unsupported(layer, "no states between batches", "`stateful` true");
    }
    const [batch, steps] = input.shape as [number | null, number | null];
    const cells = cellsOf(layer, layer.cell);
    const states = statesOfCells(graph, cells, initial);
    let sequence = stepsFirst(graph, input.asFloat, layer.goBackwards);
    const last = cells.map((cell, index) => {
      const outputs = addCell(graph, layer, cell, sequence, states[index]!);
      sequence = outputs.sequence;
      return outputs.states.map((name) =>
        vectors(graph, name, [batch, cell.units]),
      );
    });
    const top = last.at(-1)!;
    const output = layer.returnSequences
      ? new Value(graph, [batch, steps, cells.at(-1)!.units], {
          given: graph.transpose(sequence, [1, 0, 2]),
        })
      : top[0]!;
    return layer.returnState ? [output, ...last.reverse().flat()] : output;
  },
);

/** Distributes initial states; TensorFlow.js lists those of the last cell first. */
function statesOfCells(
  graph: Graph,
  cells: readonly Cell[],
  initial: readonly Value[],
): string[][] {
  const names = initial.map(({ asFloat: { name } }) =>
    graph.add("Unsqueeze", [name, graph.integers([0])]),
  );
  return [...cells]
    .reverse()
    .map((cell) => names.splice(0, cell.getClassName() === "LSTMCell" ? 2 : 1))
    .reverse();
}

/** Returns a sequence (n, steps, in) as (steps, n, in), reversed on request. */
function stepsFirst(graph: Graph, input: Value, isReversed: boolean): string {
  const name = input.has("given")
    ? graph.transpose(input.name, [1, 0, 2])
    : graph.transpose(input.channelsFirst, [2, 0, 1]);
  return isReversed ? reversed(graph, name, 0) : name;
}

/** Removes the first axis, of length 1, of a state. */
function vectors(graph: Graph, state: string, shape: Shape): Value {
  const given = graph.add("Squeeze", [state, graph.integers([0])]);
  return new Value(graph, shape, { given });
}
