/**
 * A model as boxes and lines, for models that branch.
 */
import type { Annotations, Shape } from "plotly.js";
import type { tf } from "../engine/tensorflow";
import { describeLayer } from "../models/describe-layer";
import { outputShapeOf } from "../models/layer-costs";
import { escapePlotlyText, figure, type Figure } from "./figure";
import { hiddenAxis } from "./theme";

type Layer = tf.layers.Layer;

/** What {@link modelGraph} can be told. */
export interface ModelGraphOptions {
  /** A sentence under the picture. */
  readonly caption?: string;
}

/** Screen pixels from one box to the next, and of a box. */
const columnWidth = 200;
const rowHeight = 66;
const boxWidth = 184;
const boxHeight = 42;

/** A layer, or, with `layer` undefined, the place where a line passes a row between two layers. */
interface Station {
  readonly layer: Layer | undefined;
  readonly row: number;
  /** The station of the row above from which lines come. */
  readonly from: readonly Station[];
  x: number;
}

/**
 * Draws a model from its input down: a box for each layer with its kind and the shape of its output, and a line to each layer it
 * is handed on to. A layer stands one row below the lowest of those it takes from, so what stands in one row could be computed
 * at the same time.
 *
 * Made for modules of up to about twenty layers. Throws a RangeError if a layer is used more than once, or has an output of
 * unknown size.
 */
export function modelGraph(
  model: tf.LayersModel,
  options: ModelGraphOptions = {},
): Figure {
  const rows = place(model);
  const stations = rows.flat();
  const widest = Math.max(...rows.map((row) => row.length));
  const width = widest * columnWidth;
  const middle = ({ x, row }: Station) => ({
    x: width / 2 + x * columnWidth,
    y: (row + 0.5) * rowHeight,
  });
  const boxes = stations.filter(({ layer }) => layer !== undefined);
  const lines = stations.flatMap((station) =>
    station.from.map((above) => lineBetween(above, station, middle)),
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

/** Gives every layer its row and its place in the row, with a station in each row that a line only passes. */
function place(model: tf.LayersModel): Station[][] {
  const found = new Map<Layer, Station>();
  const rows: Station[][] = [];
  const add = (layer: Layer | undefined, row: number, from: Station[]) => {
    const station: Station = { layer, row, from, x: 0 };
    (rows[row] ??= []).push(station);
    return station;
  };
  for (const layer of inOrder(model)) {
    outputShapeOf(layer, layer.name); // throws if the layer cannot be drawn
    const above = layer.inboundNodes[0]!.inboundLayers.map((other) =>
      found.get(other)!,
    );
    const row = Math.max(-1, ...above.map((station) => station.row)) + 1;
    const from = above.map((station) => {
      let last = station;
      while (last.row < row - 1) last = add(undefined, last.row + 1, [last]);
      return last;
    });
    found.set(layer, add(layer, row, from));
  }
  // What hangs below the left stands left: each row is ordered by the middle of what it comes from.
  for (const row of rows) {
    const wanted = new Map(
      row.map((station) => [station, mean(station.from.map(({ x }) => x))]),
    );
    row.sort((one, other) => wanted.get(one)! - wanted.get(other)!);
    row.forEach((station, index) => {
      station.x = index - (row.length - 1) / 2;
    });
  }
  return rows;
}

/** All layers, each after those it takes from, and what comes first in a list of inputs first: so branches keep their order. */
function inOrder(model: tf.LayersModel): Layer[] {
  const found = new Set<Layer>();
  const visit = (layer: Layer): void => {
    if (found.has(layer)) return;
    layer.inboundNodes[0]?.inboundLayers.forEach(visit);
    found.add(layer);
  };
  model.outputs.forEach(({ sourceLayer }) => visit(sourceLayer));
  return [...found];
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / (values.length || 1);
}

/** From the lower edge of the one to the upper edge of the other; where a line passes, straight through the row. */
function lineBetween(
  above: Station,
  below: Station,
  middle: (station: Station) => { x: number; y: number },
): Partial<Shape>[] {
  const start = middle(above);
  const end = middle(below);
  const line = (y0: number, y1: number, x0 = end.x): Partial<Shape> => ({
    type: "line",
    layer: "below",
    ...{ x0, y0, x1: end.x, y1 },
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
