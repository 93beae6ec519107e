/**
 * Layers that contain another layer: `Bidirectional` and `TimeDistributed`.
 */
import type { tf } from "../../../engine/tensorflow";
import { type LayerCall, unsupported, writer } from "../layer-writer";
import { Value } from "../value";
import { reshaped, reversed } from "./arrangement";

type Layer = tf.layers.Layer;

/** How a bidirectional layer combines its two outputs; null returns both. */
type MergeMode = "sum" | "mul" | "concat" | "ave" | null | undefined;

interface Bidirectional {
  readonly forwardLayer: Layer;
  readonly backwardLayer: Layer;
  readonly mergeMode: MergeMode;
  readonly returnSequences: boolean;
  readonly returnState: boolean;
}

/** Further inputs are the initial states of the forward layer, then of the backward layer. */
export const bidirectional = writer<Bidirectional>((call) => {
  const { graph, inputs, layer } = call;
  const [input, ...initial] = inputs;
  const half = initial.length / 2;
  const [forward, ...forwardStates] = call.write(layer.forwardLayer, [
    input,
    ...initial.slice(0, half),
  ]) as [Value, ...Value[]];
  const [computed, ...backwardStates] = call.write(layer.backwardLayer, [
    input,
    ...initial.slice(half),
  ]) as [Value, ...Value[]];
  const backward = layer.returnSequences
    ? new Value(graph, computed.shape, {
        given: reversed(graph, computed.name, 1),
      })
    : computed;
  const states = layer.returnState ? [...forwardStates, ...backwardStates] : [];
  return [...merged(call, forward, backward), ...states];
});

function merged(
  { graph, layer }: LayerCall<Bidirectional>,
  forward: Value,
  backward: Value,
): Value[] {
  const names = [forward.name, backward.name];
  const value = (given: string, shape = forward.shape) => [
    new Value(graph, shape, { given }),
  ];
  switch (layer.mergeMode) {
    case "concat": {
      const width = forward.shape.at(-1)! + backward.shape.at(-1)!;
      const joined = graph.add("Concat", names, { axis: { int: -1 } });
      return value(joined, [...forward.shape.slice(0, -1), width]);
    }
    case "sum":
      return value(graph.add("Add", names));
    case "mul":
      return value(graph.add("Mul", names));
    case "ave": {
      const sum = graph.add("Add", names);
      return value(graph.add("Mul", [sum, graph.number(0.5)]));
    }
    default:
      return [forward, backward];
  }
}

/** Applies a layer to each step: the steps join the batch for that long. */
export const timeDistributed = writer<{ readonly layer: Layer }>((call) => {
  const { graph, inputs, layer } = call;
  const [batch, steps, ...rest] = inputs[0].shape;
  if (steps === null || steps === undefined) {
    throw unsupported(layer, "a known number of steps", "an unknown one");
  }
  const samples = batch === null ? null : batch! * steps;
  const joined = reshaped(graph, inputs[0], [samples, ...rest]);
  const [output] = call.write(layer.layer, [joined]) as [Value];
  return reshaped(graph, output, [batch!, steps, ...output.shape.slice(1)]);
});
