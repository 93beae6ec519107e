/**
 * Values of a run in the messages that `tf.summary` writes: a tensor with a tag, and the name of
 * the part of TensorBoard that shows it (summary.proto and tensor.proto in TensorFlow's sources).
 */
import { shapeMessage } from "../engine/graph/messages";
import { dataType } from "../engine/tfjs/attribute";
import {
  messages,
  type SummaryValueMessage,
  type TensorMessage,
} from "../engine/tfjs/graph-messages";
import type { HistogramRows } from "./histogram";

/** TensorFlow's numbers of types that tfjs has no tensors of (types.proto). */
const DOUBLE = 2;
const STRING = 7;

/** An image that is encoded as PNG. */
export interface EncodedImage {
  readonly width: number;
  readonly height: number;
  readonly png: Uint8Array;
}

/** Encodes a number, as float32. */
export function scalarSummary(tag: string, value: number): Uint8Array {
  const tensor = tensorOf(dataType.float32, []);
  tensor.addFloatVal(value);
  return encode(tag, "scalars", tensor);
}

/** Encodes the rows of a histogram. */
export function histogramSummary(tag: string, rows: HistogramRows): Uint8Array {
  const tensor = tensorOf(DOUBLE, [rows.length, 3]);
  tensor.setDoubleValList(rows.flat());
  return encode(tag, "histograms", tensor);
}

/** Encodes images of one size: width and height as text, then each image. */
export function imageSummary(
  tag: string,
  images: readonly EncodedImage[],
): Uint8Array {
  const { width = 0, height = 0 } = images[0] ?? {};
  const tensor = tensorOf(STRING, [images.length + 2]);
  tensor.setStringValList([
    Buffer.from(String(width)),
    Buffer.from(String(height)),
    ...images.map(({ png }) => png),
  ]);
  return encode(tag, "images", tensor);
}

function tensorOf(dtype: number, shape: readonly number[]): TensorMessage {
  const tensor = new messages.Tensor();
  tensor.setDtype(dtype);
  tensor.setTensorShape(shapeMessage(shape));
  return tensor;
}

function encode(
  tag: string,
  plugin: string,
  tensor: TensorMessage,
): Uint8Array {
  const data = new messages.SummaryMetadata.PluginData();
  data.setPluginName(plugin);
  const metadata = new messages.SummaryMetadata();
  metadata.setPluginData(data);
  const value: SummaryValueMessage = new messages.Summary.Value();
  value.setTag(tag);
  value.setMetadata(metadata);
  value.setTensor(tensor);
  const summary = new messages.Summary();
  summary.addValue(value);
  return summary.serializeBinary();
}
