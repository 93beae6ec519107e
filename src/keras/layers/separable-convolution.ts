/**
 * Separable convolution with separate initializers for its two kernels, and with dilation.
 */
import { tf } from "../../engine/tensorflow";
import type { Initializer } from "../initializers";
import { registeredClass, registerPart } from "../registered-class";
import {
  assertChannelsLast,
  withBiasAndActivation,
  type Convolution,
} from "./convolution";
import { dilatedKernel, isDilated } from "./dilated-kernel";
import { kerasOptions, onlyTensor } from "./options";

type Options = Parameters<typeof tf.layers.separableConv2d>[0];

interface SeparableConvolution extends Convolution {
  readonly pointwiseKernel: tf.LayerVariable;
  readonly dataFormat: string;
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

  override call(
    inputs: tf.Tensor | tf.Tensor[],
    kwargs: object,
  ): tf.Tensor | tf.Tensor[] {
    if (!isDilated(this.dilationRate)) return super.call(inputs, kwargs);
    assertChannelsLast("separableConv2d", this.dataFormat);
    return tf.tidy(() => {
      const kernel = this.depthwiseKernel.read() as tf.Tensor4D;
      const output = tf.separableConv2d(
        onlyTensor(inputs) as tf.Tensor4D,
        dilatedKernel(kernel, this.dilationRate),
        this.pointwiseKernel.read() as tf.Tensor4D,
        this.strides as [number, number],
        this.padding === "same" ? "same" : "valid",
      );
      return withBiasAndActivation(this, output);
    });
  }
}

registerPart(KerasSeparableConv2D);

/**
 * Creates a separable convolution: a depthwise convolution, then a 1 × 1 convolution over the
 * channels.
 *
 * Takes the options of `tf.layers.separableConv2d`; `depthwiseInitializer` and
 * `pointwiseInitializer` are "glorotUniform" by default. tfjs ignores the second, and cannot
 * train a dilated one. Input (n, height, width, in), output (n, height', width', filters).
 *
 * Throws an Error (`ERR_UNSUPPORTED`) for channels first if it is dilated, otherwise what tfjs
 * throws.
 *
 * Source: Keras 3, `SeparableConv2D`; Chollet 2017, "Xception".
 */
export function separableConv2d(options: Options): tf.layers.Layer {
  if (isDilated(options.dilationRate)) {
    assertChannelsLast("separableConv2d", options.dataFormat);
  }
  return new KerasSeparableConv2D(kerasOptions(options));
}
