/**
 * Receptive fields: the part of the image that a value of each layer depends on.
 */
import type { tf } from "../engine/tensorflow";
import { withFormerNames } from "../notebook/former-names";
import { coded } from "../notebook/coded-error";
import { kerasLayerNames, kerasType } from "./layer-names";

type Layer = tf.layers.Layer;

/** Numbers of rows and columns, in pixels of the model's input. */
export type RowsAndColumns = readonly [rows: number, columns: number];

/** The receptive field of one value of a layer's output. */
export interface ReceptiveField {
  /** Name of the layer, as in a summary. */
  readonly name: string;
  /** Class of the layer, such as `Conv2D`. */
  readonly type: string;
  /**
   * Size of the window of the image that the value depends on; `null` if it depends on the whole
   * image.
   */
  readonly size: RowsAndColumns | null;
  /**
   * Distance in the image between the windows of adjacent values; `null` if the output has no
   * spatial axes.
   */
  readonly stride: RowsAndColumns | null;
  /** @deprecated Use `stride`. */
  readonly step: RowsAndColumns | null;
}

/** Layers that process each position separately, or move positions without combining them. */
const positionwise = new Set([
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
const flattening = new Set([
  "Dense",
  "Flatten",
  "GlobalAveragePooling2D",
  "GlobalMaxPooling2D",
]);

/**
 * Returns the receptive field of every layer of a chain: the window of the image that one value of
 * the layer's output depends on.
 *
 * At the input the window size r and the stride j are 1. A layer with window k and stride s changes
 * r to r + (k − 1) j and j to j s, for rows and columns alike. A dilation d changes its window to
 * d (k − 1) + 1. Near the border, and if the window is larger than the image, a part of the window
 * is outside. From the layer that flattens the image on, every value depends on the whole image.
 *
 * Throws a RangeError (`ERR_UNSUPPORTED`) if the layers are not a chain, or if the window of a
 * layer's class is unknown.
 *
 * Source: A. Araujo, W. Norris and J. Sim, "Computing Receptive Fields of Convolutional Neural
 * Networks", Distill 2019.
 */
export function receptiveFields(model: tf.LayersModel): ReceptiveField[] {
  const layers = model.layers.filter(
    (layer) => layer.getClassName() !== "InputLayer",
  );
  const names = kerasLayerNames(layers);
  let size: RowsAndColumns | null = [1, 1];
  let stride: RowsAndColumns | null = [1, 1];
  return layers.map((layer, index) => {
    const name = names[index]!;
    if (!followsOneLayer(layer)) {
      throw coded(
        "ERR_UNSUPPORTED",
        new RangeError(
          `Expected a chain of layers, each used once, received ${name}, which has several inputs or uses`,
        ),
      );
    }
    const type = kerasType(layer);
    if (flattening.has(type)) {
      size = stride = null;
    } else if (
      windows[type] !== undefined &&
      size !== null &&
      stride !== null
    ) {
      const [window, own] = windowOf(layer, windows[type]);
      size = [
        size[0] + (window[0] - 1) * stride[0],
        size[1] + (window[1] - 1) * stride[1],
      ];
      stride = [stride[0] * own[0], stride[1] * own[1]];
    } else if (!positionwise.has(type)) {
      throw coded(
        "ERR_UNSUPPORTED",
        new RangeError(
          `Expected layers whose windows are known, received ${name} (${type})`,
        ),
      );
    }
    return withFormerNames(
      "ReceptiveField",
      { name, type, size, stride },
      { step: "stride" },
    );
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
