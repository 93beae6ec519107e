/**
 * Keras-compatible convolutions over three axes: dilated ones, and transposed ones that can be
 * trained.
 */
import { tf } from "../../engine/tensorflow";
import { withGradient } from "../../engine/tfjs/custom-gradient";
import { coded } from "../../notebook/coded-error";
import { registeredClass, registerPart } from "../registered-class";
import {
  assertChannelsLast,
  withBiasAndActivation,
  type Convolution,
} from "./convolution";
import { dilatedKernel, isDilated } from "./dilated-kernel";
import { kerasOptions, onlyShape, onlyTensor } from "./options";

type Options = Parameters<typeof tf.layers.conv3d>[0];

type Three = [number, number, number];

const kernel = { kernelInitializer: "glorotUniform" } as const;

class KerasConv3D extends registeredClass<
  new (options: Options) => Convolution
>("Conv3D") {
  static readonly className = "KerasConv3D";

  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    return tf.tidy(() => {
      const output = tf.conv3d(
        onlyTensor(inputs) as tf.Tensor5D,
        dilatedKernel(this.kernel.read() as tf.Tensor5D, this.dilationRate),
        this.strides as Three,
        this.padding === "same" ? "same" : "valid",
      );
      return withBiasAndActivation(this, output);
    });
  }
}

class KerasConv3DTranspose extends registeredClass<
  new (options: Options) => Convolution
>("Conv3DTranspose") {
  static readonly className = "KerasConv3DTranspose";

  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    return tf.tidy(() => {
      const input = onlyTensor(inputs) as tf.Tensor5D;
      const shape = onlyShape(this.computeOutputShape(input.shape));
      const output = transposedConvolution(
        input,
        this.kernel.read() as tf.Tensor5D,
        [input.shape[0], ...shape.slice(1)] as tf.Tensor5D["shape"],
        this.strides as Three,
        this.padding === "same" ? "same" : "valid",
      );
      return withBiasAndActivation(this, output);
    });
  }
}

/**
 * A transposed convolution of an input (n, d, h, w, in) with a kernel (d', h', w', out, in), with
 * the gradients that tfjs lacks: those of the convolution of which it is the gradient.
 */
function transposedConvolution(
  input: tf.Tensor5D,
  weights: tf.Tensor5D,
  shape: tf.Tensor5D["shape"],
  strides: Three,
  padding: "same" | "valid",
): tf.Tensor {
  return withGradient(
    [input, weights],
    (x, filter) => ({
      value: tf.conv3dTranspose(x, filter, shape, strides, padding),
      saved: [x, filter],
    }),
    (dy, ...saved) => {
      const [x, filter] = saved as [tf.Tensor5D, tf.Tensor5D];
      return [
        tf.conv3d(dy as tf.Tensor5D, filter, strides, padding),
        tf
          .engine()
          .runKernel<tf.Tensor>(
            "Conv3DBackpropFilterV2",
            { x: dy, dy: x },
            { strides, pad: padding, filterShape: filter.shape },
          ),
      ];
    },
  );
}

registerPart(KerasConv3D);
registerPart(KerasConv3DTranspose);

/**
 * Creates a convolution over three axes with Keras's defaults. Dilated convolutions fail in tfjs.
 *
 * Takes the options of `tf.layers.conv3d`; `kernelInitializer` is "glorotUniform" by default. Input
 * (n, depth, height, width, in), output (n, depth', height', width', filters). Throws an Error
 * (`ERR_UNSUPPORTED`) for channels first if it is dilated, otherwise what tfjs throws.
 *
 * Source: Keras 3, `Conv3D`.
 */
export function conv3d(options: Options): tf.layers.Layer {
  const all = kerasOptions(options, kernel);
  if (!isDilated(all.dilationRate)) return tf.layers.conv3d(all);
  assertChannelsLast("conv3d", all.dataFormat);
  return new KerasConv3D(all);
}

/**
 * Creates a transposed convolution over three axes with Keras's defaults. That of tfjs cannot be
 * trained.
 *
 * Takes the options of `tf.layers.conv3dTranspose`; `kernelInitializer` is "glorotUniform" by
 * default. Input (n, depth, height, width, in), output (n, depth', height', width', filters).
 * Throws an Error (`ERR_UNSUPPORTED`) for channels first or if `dilationRate` is not 1, otherwise
 * what tfjs throws.
 *
 * Source: Keras 3, `Conv3DTranspose`.
 */
export function conv3dTranspose(options: Options): tf.layers.Layer {
  const all = kerasOptions(options, kernel);
  assertChannelsLast("conv3dTranspose", all.dataFormat);
  if (!isDilated(all.dilationRate)) return new KerasConv3DTranspose(all);
  throw coded(
    "ERR_UNSUPPORTED",
    new Error(
      `Expected \`dilationRate\` to be 1 in a transposed convolution, received ${String(all.dilationRate)}`,
    ),
  );
}
