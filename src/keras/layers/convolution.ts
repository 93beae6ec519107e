/**
 * Keras-compatible convolutions: causal ones over one axis, and dilated ones that can be trained.
 */
import { tf } from "../../engine/tensorflow";
import { coded } from "../../notebook/coded-error";
import { registeredClass, registerPart } from "../registered-class";
import { dilatedKernel, isDilated } from "./dilated-kernel";
import { kerasOptions, onlyShape, onlyTensor } from "./options";

type Conv1dOptions = Parameters<typeof tf.layers.conv1d>[0];
type Conv2dOptions = Parameters<typeof tf.layers.conv2d>[0];
type DepthwiseOptions = Parameters<typeof tf.layers.depthwiseConv2d>[0];

/** The fields of tfjs's convolution layers that Keras-compatible ones read. */
export interface Convolution extends tf.layers.Layer {
  readonly kernel: tf.LayerVariable;
  readonly depthwiseKernel: tf.LayerVariable;
  readonly bias: tf.LayerVariable | null;
  readonly activation: { apply(x: tf.Tensor): tf.Tensor } | null;
  readonly kernelSize: number[];
  readonly strides: number[];
  readonly dilationRate: number[];
  readonly padding: "valid" | "same" | "causal";
  readonly depthMultiplier: number;
  readonly filters: number;
}

const kernel = { kernelInitializer: "glorotUniform" } as const;

/** Adds the bias and applies the activation to a convolution's output, channels last. */
export function withBiasAndActivation(
  layer: Convolution,
  output: tf.Tensor,
): tf.Tensor {
  const sum = layer.bias ? tf.add(output, layer.bias.read()) : output;
  return layer.activation ? layer.activation.apply(sum) : sum;
}

/** Throws an Error (`ERR_UNSUPPORTED`) that names the layer if channels come first. */
export function assertChannelsLast(name: string, dataFormat?: string): void {
  if (dataFormat !== "channelsFirst") return;
  throw coded(
    "ERR_UNSUPPORTED",
    new Error(
      `Expected channels last in this kind of ${name}, received \`dataFormat\` channelsFirst`,
    ),
  );
}

class KerasConv1D extends registeredClass<
  new (options: Conv1dOptions) => Convolution
>("Conv1D") {
  static readonly className = "KerasConv1D";

  override computeOutputShape(inputShape: tf.Shape | tf.Shape[]): tf.Shape {
    if (this.padding !== "causal") {
      return super.computeOutputShape(inputShape) as tf.Shape;
    }
    // tfjs returns the shape of a convolution without padding.
    const [samples, steps] = onlyShape(inputShape) as [number, number | null];
    const each = steps === null ? null : Math.ceil(steps / this.strides[0]!);
    return [samples, each, this.filters];
  }

  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    return tf.tidy(() => {
      let input = onlyTensor(inputs) as tf.Tensor3D;
      const { padding } = this;
      const [size, rate, stride] = [
        this.kernelSize[0]!,
        this.dilationRate[0]!,
        this.strides[0]!,
      ];
      if (padding === "causal") {
        input = tf.pad<tf.Tensor3D>(input, [
          [0, 0],
          [(size - 1) * rate, 0],
          [0, 0],
        ]);
      }
      // As an image of one row, to use the dilated 2D kernel.
      const row = tf.expandDims<tf.Tensor4D>(input, 1);
      const line = tf.expandDims<tf.Tensor4D>(this.kernel.read(), 0);
      const output = tf.conv2d(
        row,
        dilatedKernel(line, [1, rate]),
        [1, stride],
        padding === "same" ? "same" : "valid",
      );
      return withBiasAndActivation(this, tf.squeeze(output, [1]));
    });
  }
}

class KerasConv2D extends registeredClass<
  new (options: Conv2dOptions) => Convolution
>("Conv2D") {
  static readonly className = "KerasConv2D";

  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    return tf.tidy(() => {
      const output = tf.conv2d(
        onlyTensor(inputs) as tf.Tensor4D,
        dilatedKernel(this.kernel.read() as tf.Tensor4D, this.dilationRate),
        this.strides as [number, number],
        this.padding === "same" ? "same" : "valid",
      );
      return withBiasAndActivation(this, output);
    });
  }
}

class KerasDepthwiseConv2D extends registeredClass<
  new (options: DepthwiseOptions) => Convolution
>("DepthwiseConv2D") {
  static readonly className = "KerasDepthwiseConv2D";

  override computeOutputShape(inputShape: tf.Shape | tf.Shape[]): tf.Shape {
    const [samples, height, width, channels] = onlyShape(inputShape) as [
      number | null,
      number | null,
      number | null,
      number,
    ];
    const sides = [height, width].map((length, axis) => {
      if (length === null) return null;
      const reach = (this.kernelSize[axis]! - 1) * this.dilationRate[axis]!;
      const places = this.padding === "same" ? length : length - reach;
      return Math.ceil(places / this.strides[axis]!);
    });
    return [samples, ...sides, channels * this.depthMultiplier];
  }

  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    return tf.tidy(() => {
      const output = tf.depthwiseConv2d(
        onlyTensor(inputs) as tf.Tensor4D,
        dilatedKernel(
          this.depthwiseKernel.read() as tf.Tensor4D,
          this.dilationRate,
        ),
        this.strides as [number, number],
        this.padding === "same" ? "same" : "valid",
      );
      return withBiasAndActivation(this, output);
    });
  }
}

registerPart(KerasConv1D);
registerPart(KerasConv2D);
registerPart(KerasDepthwiseConv2D);

/**
 * Creates a convolution over one axis with Keras's defaults. `padding` may be "causal", and dilated
 * convolutions can be trained.
 *
 * Takes the options of `tf.layers.conv1d`; `kernelInitializer` is "glorotUniform" by default. With
 * "causal" an output depends only on the same and earlier steps: (kernelSize − 1) · dilationRate
 * zeros precede the input. Input (n, steps, in), output (n, steps', filters). Throws an Error
 * (`ERR_UNSUPPORTED`) for channels first if it is causal or dilated, otherwise what tfjs throws.
 *
 * Source: Keras 3, `Conv1D`; van den Oord et al. 2016, "WaveNet".
 */
export function conv1d(options: Conv1dOptions): tf.layers.Layer {
  const all = kerasOptions(options, kernel);
  const { padding, dilationRate, dataFormat } = all;
  if (padding !== "causal" && !isDilated(dilationRate)) {
    return tf.layers.conv1d(all);
  }
  assertChannelsLast("conv1d", dataFormat);
  return new KerasConv1D(all);
}

/**
 * Creates a convolution over two axes with Keras's defaults. Dilated convolutions can be trained.
 *
 * Takes the options of `tf.layers.conv2d`; `kernelInitializer` is "glorotUniform" by default. Input
 * (n, height, width, in), output (n, height', width', filters). Throws an Error (`ERR_UNSUPPORTED`)
 * for channels first if it is dilated, otherwise what tfjs throws.
 *
 * Source: Keras 3, `Conv2D`; Yu and Koltun 2016 for the dilation.
 */
export function conv2d(options: Conv2dOptions): tf.layers.Layer {
  const all = kerasOptions(options, kernel);
  if (!isDilated(all.dilationRate)) return tf.layers.conv2d(all);
  assertChannelsLast("conv2d", all.dataFormat);
  return new KerasConv2D(all);
}

/**
 * Creates a depthwise convolution with Keras's defaults. tfjs's layer ignores `dilationRate`.
 *
 * Takes the options of `tf.layers.depthwiseConv2d`; `depthwiseInitializer` is "glorotUniform" by
 * default. Input (n, height, width, in), output (n, height', width', in · depthMultiplier). Throws
 * an Error (`ERR_UNSUPPORTED`) for channels first if it is dilated, otherwise what tfjs throws.
 *
 * Source: Keras 3, `DepthwiseConv2D`.
 */
export function depthwiseConv2d(options: DepthwiseOptions): tf.layers.Layer {
  const all = kerasOptions(options, { depthwiseInitializer: "glorotUniform" });
  if (!isDilated(all.dilationRate)) return tf.layers.depthwiseConv2d(all);
  assertChannelsLast("depthwiseConv2d", all.dataFormat);
  return new KerasDepthwiseConv2D(all);
}
