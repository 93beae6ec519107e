/**
 * Values of layers that have a data format: channels last, or channels first.
 */
import type { Graph } from "../graph";
import { type Shape, Value } from "../value";

/** Where a layer has the axis of the channels. */
export type DataFormat = "channelsLast" | "channelsFirst" | null | undefined;

/** Returns the name of a value with channels first, which ONNX's operators need. */
export function imagesOf(value: Value, format: DataFormat): string {
  return format === "channelsFirst" ? value.name : value.channelsFirst;
}

/** Returns the lengths of the axes between batch and channels. */
export function lengthsOf(shape: Shape, format: DataFormat): Shape {
  return format === "channelsFirst" ? shape.slice(2) : shape.slice(1, -1);
}

/** Returns the number of channels, which every such layer knows. */
export function channelsOf(shape: Shape, format: DataFormat): number {
  return (format === "channelsFirst" ? shape[1] : shape.at(-1))!;
}

/** Returns the result of an ONNX operator, which has channels first, as the layer's output. */
export function imagesValue(
  graph: Graph,
  name: string,
  shape: Shape,
  format: DataFormat,
): Value {
  const order = format === "channelsFirst" ? "given" : "channelsFirst";
  return new Value(graph, shape, { [order]: name });
}
