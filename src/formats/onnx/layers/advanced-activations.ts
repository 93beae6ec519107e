/**
 * Layers that are activations with parameters: `ReLU`, `LeakyReLU`, `PReLU`, `ELU`,
 * `ThresholdedReLU`, `Softmax`.
 */
import { float, type Weight } from "../graph";
import { unsupported, writer } from "../layer-writer";
import { Value } from "../value";
import { alongAxis, clip } from "./activations";

export const reLU = writer<{ readonly maxValue?: number | null }>(
  ({ graph, layer, inputs: [input] }) => {
    const { maxValue } = layer;
    return input.asFloat.map((x) => {
      const positive = graph.add("Relu", [x]);
      return maxValue === undefined || maxValue === null
        ? positive
        : clip(graph, positive, 0, maxValue);
    });
  },
);

export const leakyReLU = writer<{ readonly alpha: number }>(
  ({ graph, layer, inputs: [input] }) =>
    input.asFloat.map((x) =>
      graph.add("LeakyRelu", [x], { alpha: float(layer.alpha) }),
    ),
);

export const elu = writer<{ readonly alpha: number }>(
  ({ graph, layer, inputs: [input] }) =>
    input.asFloat.map((x) =>
      graph.add("Elu", [x], { alpha: float(layer.alpha) }),
    ),
);

export const thresholdedReLU = writer<{ readonly theta: number }>(
  ({ graph, layer, inputs: [input] }) => {
    const { theta } = layer;
    return input.asFloat.map((x) =>
      graph.add("ThresholdedRelu", [x], { alpha: float(theta) }),
    );
  },
);

/** The slopes have the shape of the input without the batch, so that order is needed. */
export const pReLU = writer<{ readonly alpha: Weight }>(
  ({ graph, layer, inputs: [input] }) => {
    const slope = graph.weight("alpha", layer.alpha);
    const given = graph.add("PRelu", [input.asFloat.name, slope]);
    return new Value(graph, input.shape, { given });
  },
);

/** TensorFlow.js computes a softmax along the last axis only; Keras's layer along any. */
export const softmax = writer<{ readonly axis: number | readonly number[] }>(
  ({ layer, inputs: [input] }) => {
    const axes: readonly number[] = [layer.axis].flat();
    if (axes.length !== 1) {
      throw unsupported(layer, "a softmax along one axis", `${axes.length}`);
    }
    return alongAxis("Softmax", input.asFloat, axes[0]!);
  },
);
