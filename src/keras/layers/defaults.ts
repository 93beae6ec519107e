/**
 * Layers that compute the same in TensorFlow.js and Keras, with Keras's defaults.
 *
 * By default tfjs's layers initialize their kernels with its "glorotNormal", Keras's with
 * "glorotUniform". The functions here return tfjs's own layers.
 */
import { tf } from "../../engine/tensorflow";
import { coded } from "../../notebook/coded-error";
import { kerasOptions } from "./options";

const kernel = { kernelInitializer: "glorotUniform" } as const;
/** Keras's defaults of an LSTM layer. */
export const recurrentDefaults = {
  ...kernel,
  activation: "tanh",
  recurrentActivation: "sigmoid",
  unitForgetBias: true,
} as const;

/**
 * Creates a dense layer with Keras's defaults.
 *
 * Takes the options of `tf.layers.dense`; `kernelInitializer` is "glorotUniform" by default. Input
 * (n, …, in), output (n, …, units). Throws what tfjs throws. Source: Keras 3, `Dense`.
 */
export function dense(options: Parameters<typeof tf.layers.dense>[0]) {
  return tf.layers.dense(kerasOptions(options, kernel));
}

/**
 * Creates a transposed convolution with Keras's defaults.
 *
 * Takes the options of `tf.layers.conv2dTranspose`; `kernelInitializer` is "glorotUniform" by
 * default. Input (n, height, width, in), output (n, height', width', filters). Throws an Error
 * (`ERR_UNSUPPORTED`) if `dilationRate` is not 1, which tfjs ignores. Source: Keras 3,
 * `Conv2DTranspose`.
 */
export function conv2dTranspose(
  options: Parameters<typeof tf.layers.conv2dTranspose>[0],
) {
  const { dilationRate = 1 } = options;
  if ([dilationRate].flat().some((rate) => rate !== 1)) {
    throw coded(
      "ERR_UNSUPPORTED",
      new Error(
        `Expected \`dilationRate\` to be 1 in a transposed convolution, received ${dilationRate}`,
      ),
    );
  }
  return tf.layers.conv2dTranspose(kerasOptions(options, kernel));
}

/**
 * Creates a plain recurrent layer with Keras's defaults.
 *
 * Takes the options of `tf.layers.simpleRNN`; `kernelInitializer` is "glorotUniform" by default.
 * Input (n, steps, in), output (n, units) or, with `returnSequences`, (n, steps, units). Throws
 * what tfjs throws. Source: Keras 3, `SimpleRNN`.
 */
export function simpleRNN(options: Parameters<typeof tf.layers.simpleRNN>[0]) {
  return tf.layers.simpleRNN(kerasOptions(options, kernel));
}

/**
 * Creates an LSTM layer with Keras's defaults.
 *
 * Takes the options of `tf.layers.lstm`. By default `recurrentActivation` is "sigmoid" (tfjs's
 * default is its "hardSigmoid"), `unitForgetBias` is true, which initializes the forget gate's bias
 * to 1, and `kernelInitializer` is "glorotUniform". Input (n, steps, in), output (n, units) or,
 * with `returnSequences`, (n, steps, units). Throws what tfjs throws.
 *
 * Source: Keras 3, `LSTM`; Jozefowicz et al. 2015 for the bias.
 */
export function lstm(options: Parameters<typeof tf.layers.lstm>[0]) {
  return tf.layers.lstm(kerasOptions(options, recurrentDefaults));
}
