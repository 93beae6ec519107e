/**
 * Residual units: convolutions whose result is added to their input.
 */
import { tf } from "../../engine/tensorflow";
import type { CheckedOptions } from "./network-options";
import { squeezeExcite } from "./squeeze-excite";
import { through, type Values } from "./through";

/** Options of a residual unit. */
export interface ResidualUnitOptions extends Pick<
  CheckedOptions,
  "kernelInitializer"
> {
  /** Prefix of the layers' names. */
  readonly name: string;
  /** Number of maps; a bottleneck unit has four times as many in its output. */
  readonly maps: number;
  /** 2 halves height and width. */
  readonly strides: number;
  readonly useBias: boolean;
  /** Whether a squeeze-and-excitation block precedes the addition. */
  readonly squeezeExcitation: boolean;
  /** Epsilon of the batch normalizations. */
  readonly epsilon: number;
}

/** A convolution of `kernelSize` and its batch normalization. */
export function normalizedConvolution(
  options: Pick<
    ResidualUnitOptions,
    "epsilon" | "kernelInitializer" | "name" | "useBias"
  > & {
    readonly filters: number;
    readonly kernelSize: number;
    readonly strides?: number;
    readonly padding?: "same" | "valid";
  },
): [tf.layers.Layer, tf.layers.Layer] {
  const { epsilon, name, padding = "same", strides = 1, ...rest } = options;
  return [
    tf.layers.conv2d({ ...rest, name: `${name}_conv`, padding, strides }),
    tf.layers.batchNormalization({ name: `${name}_bn`, epsilon }),
  ];
}

/**
 * Applies a residual unit of two 3 × 3 convolutions (K. He, X. Zhang, S. Ren and J. Sun, *Deep
 * residual learning for image recognition*, 2015, figure 5, left).
 */
export function residualUnit(
  values: Values,
  options: ResidualUnitOptions,
): Values {
  const { maps, name, strides } = options;
  const convolution = (part: number, steps: number) =>
    normalizedConvolution({
      ...common(options),
      name: `${name}_${part}`,
      filters: maps,
      kernelSize: 3,
      strides: steps,
    });
  const residual = through(
    values,
    ...convolution(1, strides),
    relu(`${name}_1_relu`),
    ...convolution(2, 1),
  );
  return add(shortcut(values, maps, options), residual, options);
}

/**
 * Applies a residual unit with a bottleneck: 1 × 1, 3 × 3 and 1 × 1 convolutions (figure 5, right).
 * As in the paper, its first convolution has the stride.
 */
export function bottleneckUnit(
  values: Values,
  options: ResidualUnitOptions,
): Values {
  const { maps, name, strides } = options;
  const convolution = (
    part: number,
    filters: number,
    kernelSize: number,
    steps = 1,
  ) =>
    normalizedConvolution({
      ...common(options),
      name: `${name}_${part}`,
      filters,
      kernelSize,
      strides: steps,
    });
  const residual = through(
    values,
    ...convolution(1, maps, 1, strides),
    relu(`${name}_1_relu`),
    ...convolution(2, maps, 3),
    relu(`${name}_2_relu`),
    ...convolution(3, 4 * maps, 1),
  );
  return add(shortcut(values, 4 * maps, options), residual, options);
}

/** Returns the input itself, or a 1 × 1 convolution of it where its shape does not fit. */
function shortcut(
  values: Values,
  maps: number,
  options: ResidualUnitOptions,
): Values {
  const { name, strides } = options;
  if (strides === 1 && values.shape.at(-1) === maps) return values;
  const projection = normalizedConvolution({
    ...common(options),
    name: `${name}_0`,
    filters: maps,
    kernelSize: 1,
    strides,
  });
  return through(values, ...projection);
}

function add(
  input: Values,
  residual: Values,
  options: ResidualUnitOptions,
): Values {
  const { kernelInitializer, name, squeezeExcitation } = options;
  const gated = squeezeExcitation
    ? squeezeExcite(residual, { kernelInitializer, name: `${name}_se` })
    : residual;
  const sum = tf.layers
    .add({ name: `${name}_add` })
    .apply([input, gated]) as Values;
  return through(sum, relu(`${name}_out`));
}

function relu(name: string): tf.layers.Layer {
  return tf.layers.activation({ name, activation: "relu" });
}

function common({ epsilon, kernelInitializer, useBias }: ResidualUnitOptions) {
  return { epsilon, kernelInitializer, useBias };
}
