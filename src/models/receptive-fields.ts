/**
 * How much of the picture a value of each layer depends on.
 */
import type { tf } from "../engine/tensorflow";
import { kerasLayerNames, kerasType } from "./layer-names";

type Layer = tf.layers.Layer;

/** A number of rows and a number of columns, in pixels of the model's input. */
export type RowsAndColumns = readonly [rows: number, columns: number];

/** What one value of a layer's output sees of the picture. */
export interface ReceptiveField {
  /** Name of the layer, as a summary gives it. */
  readonly name: string;
  /** Class of the layer, such as `Conv2D`. */
  readonly type: string;
  /** The window of the picture that the value depends on; `null` where it depends on the whole picture. */
  readonly size: RowsAndColumns | null;
  /** How far apart in the picture the windows of neighbouring values lie; `null` where there are no places any more. */
  readonly step: RowsAndColumns | null;
}

/** Layers that look at one place only, or move places without mixing them. */
const placewise = new Set([
  "Activation",
  "BatchNormalization",
  "Cropping2D",
  "Dropout",
  "ELU",
  "LeakyReLU",
  "PReLU",
  "ReLU",
  "Softmax",
  "SpatialDropout2D",
  "ZeroPadding2D",
]);
const windows: Record<string, string> = {
  Conv2D: "kernelSize",
  DepthwiseConv2D: "kernelSize",
  SeparableConv2D: "kernelSize",
  MaxPooling2D: "poolSize",
  AveragePooling2D: "poolSize",
};
const joining = new Set([
  "Dense",
  "Flatten",
  "GlobalAveragePooling2D",
  "GlobalMaxPooling2D",
]);

/**
 * The receptive field of every layer of a chain: the window of the picture that one value of its output depends on.
 *
 * At the input the window r is 1 and the step j is 1. A layer with a window of k and a stride of s makes r + (k − 1) j of r, then j s
 * of j, for rows and columns alike; a dilation d makes its window d (k − 1) + 1. Near the border, and where the window is larger
 * than the picture, a part of it lies outside. From the layer on that lays the picture out in a row, everything depends on
 * everything.
 *
 * Source: A. Araujo, W. Norris and J. Sim, "Computing Receptive Fields of Convolutional Neural Networks", Distill 2019.
 * Throws a RangeError if the layers are no chain, or if one is of a kind whose window is not known.
 */
export function receptiveFields(model: tf.LayersModel): ReceptiveField[] {
  const layers = model.layers.filter(
    (layer) => layer.getClassName() !== "InputLayer",
  );
  const names = kerasLayerNames(layers);
  let size: RowsAndColumns | null = [1, 1];
  let step: RowsAndColumns | null = [1, 1];
  return layers.map((layer, index) => {
    const name = names[index]!;
    if (!followsOneLayer(layer)) {
      throw new RangeError(
        `Expected a chain of layers, each used once, received ${name}, which has several inputs or uses`,
      );
    }
    const type = kerasType(layer);
    if (joining.has(type)) {
      size = step = null;
    } else if (windows[type] !== undefined && size !== null && step !== null) {
      const [window, stride] = windowOf(layer, windows[type]);
      size = [
        size[0] + (window[0] - 1) * step[0],
        size[1] + (window[1] - 1) * step[1],
      ];
      step = [step[0] * stride[0], step[1] * stride[1]];
    } else if (!placewise.has(type)) {
      throw new RangeError(
        `Expected layers whose windows are known, received ${name} (${type})`,
      );
    }
    return { name, type, size, step };
  });
}

function followsOneLayer({ inboundNodes, outboundNodes }: Layer): boolean {
  return (
    inboundNodes.length === 1 &&
    inboundNodes[0]!.inboundLayers.length <= 1 &&
    outboundNodes.length <= 1
  );
}

function windowOf(
  layer: Layer,
  field: string,
): [window: RowsAndColumns, stride: RowsAndColumns] {
  const config = layer.getConfig();
  const dilation = pair(config.dilationRate ?? 1);
  const window = pair(config[field]);
  return [
    [(window[0] - 1) * dilation[0] + 1, (window[1] - 1) * dilation[1] + 1],
    pair(config.strides),
  ];
}

function pair(value: unknown): RowsAndColumns {
  return Array.isArray(value)
    ? [value[0] as number, value[1] as number]
    : [value as number, value as number];
}
