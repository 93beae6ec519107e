/**
 * Diagrams of branching models as boxes and lines.
 */
import type { Annotations, Shape } from "plotly.js";
import type { tf } from "../engine/tensorflow";
import { describeLayer } from "../models/describe-layer";
import { outputShapeOf } from "../models/layer-costs";
import { escapePlotlyText, figure, type Figure } from "./figure";
import { hiddenAxis } from "./theme";

type Layer = tf.layers.Layer;

/** Options of {@link modelGraph}. */
export interface ModelGraphOptions {
  /** A sentence under the diagram. */
  readonly caption?: string;
}

/** Spacing and size of the boxes, in screen pixels. */
const columnWidth = 200;
const rowHeight = 66;
const boxWidth = 184;
const boxHeight = 42;

/** A layer, or, with `layer` undefined, a point where a line crosses a row between two layers. */
interface GraphNode {
  readonly layer: Layer | undefined;
  readonly row: number;
  /** The nodes in the row above that this node is connected to. */
  readonly from: readonly GraphNode[];
  x: number;
}

/**
 * Draws a model from top to bottom: a box for each layer with its description and output shape, and
 * a line to each layer that uses its output. Each layer is one row below the lowest of its inputs,
 * so layers in the same row could be computed in parallel.
 *
 * Intended for modules of up to about twenty layers. Throws a RangeError if a layer is used more
 * than once, or has an output of unknown size.
 */
export function modelGraph(
  model: tf.LayersModel,
  options: ModelGraphOptions = {},
): Figure {
  const rows = arrange(model);
  const nodes = rows.flat();
  const widest = Math.max(...rows.map((row) => row.length));
  const width = widest * columnWidth;
  const middle = ({ x, row }: GraphNode) => ({
    x: width / 2 + x * columnWidth,
    y: (row + 0.5) * rowHeight,
  });
  const boxes = nodes.filter(({ layer }) => layer !== undefined);
  const lines = nodes.flatMap((node) =>
    node.from.map((above) => lineBetween(above, node, middle)),
  );
  return figure(
    [{ type: "scatter", x: [], y: [], hoverinfo: "skip" }],
    {
      width: width + 24,
      height: rows.length * rowHeight + 24,
      margin: { l: 12, r: 12, t: 12, b: 12, pad: 0 },
      xaxis: { ...hiddenAxis(), range: [0, width] },
      yaxis: { ...hiddenAxis(), range: [rows.length * rowHeight, 0] },
      shapes: [...lines.flat(), ...boxes.map((box) => boxAt(middle(box)))],
      annotations: boxes.map((box) => labelAt(box.layer!, middle(box))),
    },
    {
      dataset: null,
      interactive: false,
      ...options,
      text: boxes
        .map(({ layer }) => `${describeLayer(layer!)}: ${shapeText(layer!)}`)
        .join("\n"),
    },
  );
}

/**
 * Assigns every layer a row and a position in it, and adds a node to each row that a line only
 * crosses.
 */
function arrange(model: tf.LayersModel): GraphNode[][] {
  const nodeOf = new Map<Layer, GraphNode>();
  const rows: GraphNode[][] = [];
  const add = (layer: Layer | undefined, row: number, from: GraphNode[]) => {
    const node: GraphNode = { layer, row, from, x: 0 };
    (rows[row] ??= []).push(node);
    return node;
  };
  for (const layer of layersInOrder(model)) {
    outputShapeOf(layer, layer.name); // throws if the layer cannot be drawn
    const above = layer.inboundNodes[0]!.inboundLayers.map((other) =>
      nodeOf.get(other)!,
    );
    const row = Math.max(-1, ...above.map((node) => node.row)) + 1;
    const from = above.map((node) => {
      let last = node;
      while (last.row < row - 1) last = add(undefined, last.row + 1, [last]);
      return last;
    });
    nodeOf.set(layer, add(layer, row, from));
  }
  // Keeps branches in order: each row is sorted by the mean position of its inputs.
  for (const row of rows) {
    const targetX = new Map(
      row.map((node) => [node, mean(node.from.map(({ x }) => x))]),
    );
    row.sort((one, other) => targetX.get(one)! - targetX.get(other)!);
    row.forEach((node, index) => {
      node.x = index - (row.length - 1) / 2;
    });
  }
  return rows;
}

/**
 * Returns all layers in topological order. Layers follow the order of input lists, which keeps the
 * order of branches.
 */
function layersInOrder(model: tf.LayersModel): Layer[] {
  const visited = new Set<Layer>();
  const visit = (layer: Layer): void => {
    if (visited.has(layer)) return;
    layer.inboundNodes[0]?.inboundLayers.forEach(visit);
    visited.add(layer);
  };
  model.outputs.forEach(({ sourceLayer }) => visit(sourceLayer));
  return [...visited];
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / (values.length || 1);
}

/**
 * Draws a line from the lower edge of one node to the upper edge of the other. If the other is only
 * a crossing point, the line continues straight through its row.
 */
function lineBetween(
  above: GraphNode,
  below: GraphNode,
  middle: (node: GraphNode) => { x: number; y: number },
): Partial<Shape>[] {
  const start = middle(above);
  const end = middle(below);
  const line = (y0: number, y1: number, x0 = end.x): Partial<Shape> => ({
    type: "line",
    layer: "below",
    x0,
    y0,
    x1: end.x,
    y1,
    line: { color: "#555555", width: 1.5 },
  });
  const half = boxHeight / 2;
  const upper = line(start.y + half, end.y - half, start.x);
  if (below.layer !== undefined) return [upper];
  return [upper, line(end.y - half, end.y + half)];
}

function boxAt({ x, y }: { x: number; y: number }): Partial<Shape> {
  return {
    type: "rect",
    layer: "below",
    x0: x - boxWidth / 2,
    x1: x + boxWidth / 2,
    y0: y - boxHeight / 2,
    y1: y + boxHeight / 2,
    fillcolor: "#E8F1F8",
    line: { color: "#0072B2", width: 1.5 },
  };
}

function labelAt(
  layer: Layer,
  { x, y }: { x: number; y: number },
): Partial<Annotations> {
  const words = escapePlotlyText(describeLayer(layer));
  return {
    text: `${words}<br><b>${shapeText(layer)}</b>`,
    x,
    y,
    showarrow: false,
    font: { size: 12 },
  };
}

function shapeText(layer: Layer): string {
  return outputShapeOf(layer, layer.name).join(" × ");
}
