/**
 * Short descriptions of layers, for figures of models.
 */
import type { tf } from "../engine/tensorflow";
import { kerasType } from "./layer-names";

/** Descriptions of layer classes whose names would be too long or unclear. */
const words: Record<string, string> = {
  InputLayer: "input",
  Conv2D: "convolution",
  DepthwiseConv2D: "depthwise convolution",
  SeparableConv2D: "separable convolution",
  MaxPooling2D: "max pooling",
  AveragePooling2D: "average pooling",
  GlobalAveragePooling2D: "mean of each map",
  GlobalMaxPooling2D: "largest of each map",
  BatchNormalization: "batch normalization",
  Concatenate: "concatenate",
};

/**
 * Describes a layer by its kind, window, stride if it is not the default, and activation:
 * `convolution 3 × 3, stride 2, relu`.
 *
 * The default stride is 1 for a convolution, and the window size for pooling.
 */
export function describeLayer(layer: tf.layers.Layer): string {
  const type = kerasType(layer);
  const config = layer.getConfig();
  const isPooling = config.poolSize !== undefined;
  const window = lengths(isPooling ? config.poolSize : config.kernelSize);
  const strides = lengths(config.strides);
  const defaultStrides = isPooling ? window : window.map(() => 1);
  const kind =
    type === "Activation"
      ? ""
      : (words[type] ?? type.replace(/2D$/, "").toLowerCase());
  const parts = [
    window.length > 0 ? `${kind} ${window.join(" × ")}` : kind,
    strides.length > 0 && strides.join() !== defaultStrides.join()
      ? `stride ${[...new Set(strides)].join(" × ")}`
      : "",
    typeof config.activation === "string" && config.activation !== "linear"
      ? config.activation
      : "",
  ];
  return parts.filter((part) => part !== "").join(", ");
}

function lengths(value: unknown): number[] {
  if (Array.isArray(value)) return value as number[];
  return typeof value === "number" ? [value] : [];
}
