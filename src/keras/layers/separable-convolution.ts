/**
 * Separable convolution with separate initializers for its two kernels.
 */
import type { tf } from "../../engine/tensorflow";
import type { Initializer } from "../initializers";
import { registeredClass, registerPart } from "../registered-class";
import { kerasOptions } from "./options";

type Options = Parameters<typeof tf.layers.separableConv2d>[0];

interface SeparableConvolution extends tf.layers.Layer {
  readonly depthwiseInitializer: Initializer;
  pointwiseInitializer: Initializer;
}

const TfjsSeparableConv2D =
  registeredClass<new (options: Options) => SeparableConvolution>(
    "SeparableConv2D",
  );

class KerasSeparableConv2D extends TfjsSeparableConv2D {
  static readonly className = "KerasSeparableConv2D";

  constructor(options: Options) {
    super(options);
    const { pointwiseInitializer = "glorotUniform", ...rest } = options;
    // tfjs uses the depthwise initializer for both kernels. A second layer converts the name to an
    // initializer.
    this.pointwiseInitializer = new TfjsSeparableConv2D({
      ...rest,
      depthwiseInitializer: pointwiseInitializer,
    }).depthwiseInitializer;
  }
}

registerPart(KerasSeparableConv2D);

/**
 * Creates a separable convolution: a depthwise convolution, then a 1 × 1 convolution over the
 * channels.
 *
 * Takes the options of `tf.layers.separableConv2d`; `depthwiseInitializer` and
 * `pointwiseInitializer` are "glorotUniform" by default. tfjs ignores the second. Input (n, height,
 * width, in), output (n, height', width', filters). Throws what tfjs throws.
 *
 * Source: Keras 3, `SeparableConv2D`; Chollet 2017, "Xception".
 */
export function separableConv2d(options: Options): tf.layers.Layer {
  return new KerasSeparableConv2D(kerasOptions(options));
}
