/**
 * The inception module: convolutions of several sizes side by side.
 */
import { tf } from "../../engine/tensorflow";
import { convolution } from "./convolution";
import type { CheckedOptions } from "./network-options";
import { through, type Values } from "./through";

/** Filters: 1 × 1; bottleneck and 3 × 3; bottleneck and 5 × 5; 1 × 1 after the pooling. */
export type InceptionWidths = readonly [
  one: number,
  reduce3: number,
  three: number,
  reduce5: number,
  five: number,
  pooled: number,
];

/**
 * Applies an inception module with bottlenecks (C. Szegedy and others, *Going deeper with
 * convolutions*, 2014, figure 2b). Height and width stay the same.
 *
 * @param options `name` is the prefix of the layers' names.
 */
export function inceptionModule(
  values: Values,
  widths: InceptionWidths,
  options: Pick<CheckedOptions, "kernelInitializer" | "scaled"> & {
    readonly name: string;
  },
): Values {
  const { name } = options;
  const [one, reduce3, three, reduce5, five, pooled] = widths;
  const part = (suffix: string, filters: number, kernelSize: number) =>
    convolution(options, `${name}_${suffix}`, filters, kernelSize);
  const pooling = tf.layers.maxPooling2d({
    name: `${name}_pool`,
    poolSize: 3,
    strides: 1,
    padding: "same",
  });
  return tf.layers
    .concatenate({ name })
    .apply([
      through(values, part("1x1", one, 1)),
      through(values, part("3x3_reduce", reduce3, 1), part("3x3", three, 3)),
      through(values, part("5x5_reduce", reduce5, 1), part("5x5", five, 5)),
      through(values, pooling, part("pool_1x1", pooled, 1)),
    ]) as Values;
}
