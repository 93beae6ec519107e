/**
 * Plots of the feature map sizes along a network.
 */
import type { Data } from "plotly.js";
import type { tf } from "../engine/tensorflow";
import { layerCosts } from "../models/layer-costs";
import { coded } from "../notebook/coded-error";
import { figure, type Figure } from "./figure";
import { hiddenAxis, palette } from "./theme";

/** Options of {@link featureSizePlot}. */
export interface FeatureSizePlotOptions {
  /** A sentence under the figure. */
  readonly caption?: string;
}

/** Kinds of boxes by layer class, with their colors. */
const kinds = [
  { name: "input", color: "#BBBBBB", types: /^InputLayer$/ },
  { name: "convolution", color: palette[0], types: /Conv/ },
  { name: "pooling", color: palette[1], types: /Pooling/ },
  { name: "dense", color: palette[2], types: /^Dense$/ },
  { name: "other", color: "#777777", types: /./ },
] as const;

/** Layers that keep the size and number of maps, and get no box. */
const sizePreserving = new Set([
  "Activation",
  "BatchNormalization",
  "Dropout",
  "ReLU",
  "SpatialDropout2D",
]);

/** Boxes below this share of the highest one have an outline of their own color. */
const thinShare = 0.02;

interface Box {
  readonly kind: string;
  readonly shape: readonly number[];
  readonly x: number;
  readonly width: number;
  readonly height: number;
}

/**
 * Plots a box for the input and for each layer that changes sizes. Its height is the number of
 * rows, and its width is logarithmic in the number of maps: it grows by the same amount for each
 * doubling. A vector counts as maps of 1 × 1.
 *
 * Supports models whose layers form a chain. Throws what `layerCosts` throws, and a RangeError
 * (ERR_UNSUPPORTED or ERR_SHAPE) if the model branches, or if an output is neither (rows, columns,
 * channels) nor a vector.
 */
export function featureSizePlot(
  model: tf.LayersModel,
  options: FeatureSizePlotOptions = {},
): Figure {
  const boxes = boxesOf(model);
  const highest = Math.max(...boxes.map(({ height }) => height));
  const last = boxes[boxes.length - 1]!;
  const traces = kinds.flatMap(({ name, color }): Data[] => {
    const matching = boxes.filter(({ kind }) => kind === name);
    if (matching.length === 0) return [];
    return [
      {
        type: "bar",
        name,
        x: matching.map(({ x }) => x),
        y: matching.map(({ height }) => height),
        base: matching.map(({ height }) => -height / 2),
        width: matching.map(({ width }) => width),
        text: matching.map(({ shape }) => shape.join(" × ")),
        textposition: "none",
        hovertemplate: "%{text}",
        marker: {
          color: color,
          line: {
            // Flat boxes are little more than their outline.
            color: matching.map(({ height }) =>
              height < highest * thinShare ? color : "#222222",
            ),
            width: 1,
          },
        },
      } as Data,
    ];
  });
  return figure(
    traces,
    {
      width: 720,
      height: 420,
      margin: { l: 16, r: 16, t: 40, b: 116 },
      barmode: "overlay",
      xaxis: { ...hiddenAxis(), range: [-1, last.x + last.width / 2 + 1] },
      yaxis: { ...hiddenAxis(), range: [-highest * 0.52, highest * 0.52] },
      legend: { orientation: "h", x: 0, y: 1.02, yanchor: "bottom" },
      showlegend: true,
      annotations: boxes.map(({ shape, x }) => ({
        text: shape.join(" × "),
        x,
        y: 0,
        yref: "paper" as const,
        yanchor: "top" as const,
        textangle: "-90",
        showarrow: false,
        font: { size: 12 },
      })),
    },
    {
      dataset: null,
      interactive: false,
      ...options,
      text: boxes
        .map(({ kind, shape }) => `${kind}: ${shape.join(" x ")}`)
        .join("\n"),
    },
  );
}

function boxesOf(model: tf.LayersModel): Box[] {
  const branching = model.layers.find(
    ({ inboundNodes, outboundNodes }) =>
      outboundNodes.length > 1 ||
      inboundNodes.some(({ inboundLayers }) => inboundLayers.length > 1),
  );
  if (branching !== undefined) {
    throw coded(
      "ERR_UNSUPPORTED",
      new RangeError(
        `Expected a model whose layers form a chain, received one that branches at ${branching.name}`,
      ),
    );
  }
  const input = model.inputs[0]!.shape.slice(1) as number[];
  const outputs = layerCosts(model)
    .filter(({ type }) => !sizePreserving.has(type))
    .map(({ type, outputShape, name }) => ({ type, name, shape: outputShape }));
  let right = 0;
  return [{ type: "InputLayer", name: "input", shape: input }, ...outputs].map(
    ({ type, name, shape }) => {
      if (shape.length !== 1 && shape.length !== 3) {
        throw coded(
          "ERR_SHAPE",
          new RangeError(
            `Expected outputs of shape (rows, columns, channels) or vectors, received ${name} with (${shape.join(", ")})`,
          ),
        );
      }
      const width = (1 + Math.log2(shape[shape.length - 1]!)) / 5;
      const x = right + width / 2;
      right += width + 0.7;
      const { name: kind } = kinds.find(({ types }) => types.test(type))!;
      return {
        kind,
        shape,
        x,
        width,
        height: shape.length === 3 ? shape[0]! : 1,
      };
    },
  );
}
