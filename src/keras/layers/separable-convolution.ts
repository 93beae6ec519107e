/**
 * Separable convolution whose two kernels have each their own initializer.
 */
import { tf } from "../../engine/tensorflow";
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
    // tfjs reads the depthwise kernel's initializer for both. A second layer turns the name into an initializer.
    this.pointwiseInitializer = new TfjsSeparableConv2D({
      ...rest,
      depthwiseInitializer: pointwiseInitializer,
    }).depthwiseInitializer;
  }
}

registerPart(KerasSeparableConv2D);

/**
 * A separable convolution: a depthwise one, then one of 1 × 1 over the channels.
 *
 * Takes the options of `tf.layers.separableConv2d`; `depthwiseInitializer` and `pointwiseInitializer` are "glorotUniform" by default. tfjs ignores
 * the second. Input (n, height, width, in), output (n, height', width', filters). Throws what tfjs throws. Source: Keras 3, `SeparableConv2D`;
 * Chollet 2017, "Xception".
 */
export function separableConv2d(options: Options): tf.layers.Layer {
  return new KerasSeparableConv2D(kerasOptions(options));
}
