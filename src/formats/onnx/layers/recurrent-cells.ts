/**
 * The cells of recurrent layers as ONNX's operators `RNN`, `GRU` and `LSTM`.
 */
import { tf } from "../../../engine/tensorflow";
import { type Graph, int, type Weight } from "../graph";
import { isStock, unsupported } from "../layer-writer";
import type { Attribute } from "../messages";
import type { Activation } from "./activations";

type Layer = tf.layers.Layer;

/** The fields of a cell. */
export interface Cell extends Layer {
  readonly units: number;
  readonly kernel: Weight;
  readonly recurrentKernel: Weight;
  readonly bias: Weight | null;
  readonly activation: Activation;
  readonly recurrentActivation: Activation;
}

/** How an operator computes a cell. */
interface CellKind {
  readonly operator: "RNN" | "GRU" | "LSTM";
  /** For each gate of the operator, its number among those of TensorFlow.js. */
  readonly gates: readonly number[];
  readonly activations: (cell: Cell) => readonly Activation[];
  /** Whether the bias has a row for the input's product and one for the recurrent product. */
  readonly hasTwoBiases?: true;
  readonly attributes?: Readonly<Record<string, Attribute>>;
}

const gru: CellKind = {
  operator: "GRU",
  gates: [0, 1, 2],
  activations: (cell) => [cell.recurrentActivation, cell.activation],
};

const kinds: Readonly<Record<string, CellKind>> = {
  SimpleRNNCell: {
    operator: "RNN",
    gates: [0],
    activations: (cell) => [cell.activation],
  },
  GRUCell: gru,
  // Applies the reset gate behind the recurrent product.
  KerasGRUCell: {
    ...gru,
    hasTwoBiases: true,
    attributes: { linear_before_reset: int(1) },
  },
  // TensorFlow.js has the gates input, forget, cell, output; ONNX input, output, forget, cell.
  LSTMCell: {
    operator: "LSTM",
    gates: [0, 3, 1, 2],
    activations: (cell) => [
      cell.recurrentActivation,
      cell.activation,
      cell.activation,
    ],
  },
};

/** Activations of the operators, with `alpha` and `beta` of those that have them. */
const activations: Readonly<
  Record<string, readonly [name: string, ...parameters: number[]]>
> = {
  linear: ["Affine", 1, 0],
  elu: ["Elu", 1],
  relu: ["Relu"],
  sigmoid: ["Sigmoid"],
  hardSigmoid: ["HardSigmoid", 0.2, 0.5],
  kerasHardSigmoid: ["HardSigmoid", 1 / 6, 0.5],
  softplus: ["Softplus"],
  softsign: ["Softsign"],
  tanh: ["Tanh"],
};

/** Returns a layer's cell, or the cells of a stack of them, all of known kinds. */
export function cellsOf(layer: Layer, cell: Cell): Cell[] {
  const { cells } = cell as Partial<{ readonly cells: readonly Cell[] }>;
  if (cell.getClassName() === "StackedRNNCells") {
    return cells!.flatMap((each) => cellsOf(layer, each));
  }
  if (kinds[cell.getClassName()] === undefined || !isStock(cell)) {
    const names = Object.keys(kinds).join(", ");
    throw unsupported(
      layer,
      `an unchanged cell out of ${names}`,
      cell.getClassName(),
    );
  }
  return [cell];
}

/**
 * Adds the operator of a cell on a sequence (steps, n, in) with initial states (1, n, units), or
 * none for zeros. Returns the outputs of all steps (steps, n, units) and the last states.
 */
export function addCell(
  graph: Graph,
  layer: Layer,
  cell: Cell,
  sequence: string,
  initial: readonly string[],
): { readonly sequence: string; readonly states: string[] } {
  const kind = kinds[cell.getClassName()]!;
  const [outputs, ...states] = graph.addSeveral(
    kind.operator,
    [
      sequence,
      matrix(graph, "kernel", cell.kernel, kind),
      matrix(graph, "recurrent_kernel", cell.recurrentKernel, kind),
      cell.bias ? biases(graph, cell.bias, kind) : "",
      // No lengths of single samples.
      ...(initial.length > 0 ? ["", ...initial] : []),
    ],
    {
      hidden_size: int(cell.units),
      ...kind.attributes,
      ...activationAttributes(layer, kind.activations(cell)),
    },
    kind.operator === "LSTM" ? 3 : 2,
  ) as [string, ...string[]];
  // The second axis is the number of directions.
  const steps = graph.add("Squeeze", [outputs, graph.integers([1])]);
  return { sequence: steps, states };
}

/** Returns gates, which are side by side along the last axis, in the operator's order. */
function withGates(weight: tf.Tensor, { gates }: CellKind): tf.Tensor {
  const parts = tf.split(weight, gates.length, -1);
  return gates.length === 1
    ? weight
    : tf.concat(
        gates.map((gate) => parts[gate]!),
        -1,
      );
}

/** A matrix (in, gates · units) as (1, gates · units, in). */
function matrix(
  graph: Graph,
  name: string,
  weight: Weight,
  kind: CellKind,
): string {
  return graph.weight(name, {
    ...idOf(weight),
    read: () =>
      tf.expandDims(tf.transpose(withGates(weight.read(), kind), [1, 0]), 0),
  });
}

/** The biases of both products in one row; TensorFlow.js has only the first for most cells. */
function biases(graph: Graph, weight: Weight, kind: CellKind): string {
  return graph.weight("bias", {
    ...idOf(weight),
    read: () => {
      const ordered = withGates(weight.read(), kind);
      const both = kind.hasTwoBiases
        ? ordered
        : tf.stack([ordered, tf.zerosLike(ordered)]);
      return tf.reshape(both, [1, -1]);
    },
  });
}

function idOf({ id }: Weight): Pick<Weight, "id"> {
  return id === undefined ? {} : { id };
}

function activationAttributes(
  layer: Layer,
  used: readonly Activation[],
): Record<string, Attribute> {
  const entries = used.map((activation) => {
    const entry = activations[activation.getClassName()];
    if (entry === undefined) {
      throw unsupported(
        layer,
        `an activation out of ${Object.keys(activations).join(", ")}`,
        activation.getClassName(),
      );
    }
    return entry;
  });
  const parameters = (place: 1 | 2) =>
    entries.flatMap((entry) => entry[place] ?? []);
  return {
    activations: { strings: entries.map(([name]) => name) },
    activation_alpha: { floats: parameters(1) },
    activation_beta: { floats: parameters(2) },
  };
}
