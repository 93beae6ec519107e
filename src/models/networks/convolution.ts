/**
 * The convolution of networks without batch normalization.
 */
import { tf } from "../../engine/tensorflow";
import type { CheckedOptions } from "./network-options";

/** Creates a convolution with relu, with scaled filters and the padding "same" by default. */
export function convolution(
  {
    kernelInitializer,
    scaled,
  }: Pick<CheckedOptions, "kernelInitializer" | "scaled">,
  name: string,
  filters: number,
  kernelSize: number,
  more: { readonly strides?: number; readonly padding?: "same" | "valid" } = {},
): tf.layers.Layer {
  return tf.layers.conv2d({
    padding: "same",
    activation: "relu",
    ...more,
    name,
    filters: scaled(filters),
    kernelSize,
    kernelInitializer,
  });
}
