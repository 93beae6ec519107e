/**
 * Checks of layers.
 */
import { tf } from "../../src/engine/tensorflow";
import * as keras from "../../src/keras";
import { flat, forPython, outputOf, rounding, tensor, type Row } from "./row";

const images = tensor([2, 5, 6, 2], 1);
const sequence = tensor([2, 7, 2], 2);
const video = tensor([2, 3, 4, 4, 2], 3);
const pairs = tf.tensor2d([0, 1, 2, 2, 3, 0], [3, 2], "int32");
const singles = tf.tensor2d([0, 2, 3], [3, 1], "int32");

const weights = (...shapes: number[][]) =>
  shapes.map((shape, index) => tensor(shape, 10 + index));
const dilated = { filters: 3, kernelSize: 2, dilationRate: 2 };
const strided = { filters: 3, kernelSize: 2, strides: 2 };
/** Input and weights for Python. */
const layerGiven = (x: tf.Tensor, tensors: readonly tf.Tensor[] = []) => ({
  x: forPython(x),
  weights: tensors.map(forPython),
});

const conv1dWeights = weights([2, 2, 3], [3]);
const conv2dWeights = weights([3, 3, 2, 3], [3]);
const depthwiseWeights = weights([2, 2, 2, 2], [4]);
const gruWeights = weights([2, 9], [3, 9], [2, 9]);
const lstmWeights = weights([2, 12], [3, 12], [12]);
const convLstmWeights = weights([2, 2, 2, 8], [2, 2, 2, 8], [8]);
const conv3dWeights = weights([2, 2, 2, 2, 3], [3]);
const conv3dTransposeWeights = weights([2, 2, 2, 3, 2], [3]);
const separableWeights = weights([2, 2, 2, 1], [1, 1, 2, 3], [3]);
const channelWeights = weights([2]);

/** Output of a layer, and the gradient of its sum of squares with respect to the input. */
function withGradient(layer: tf.layers.Layer, x: tf.Tensor): number[] {
  const { value, grad } = tf.valueAndGrad((input: tf.Tensor) =>
    (layer.apply(input) as tf.Tensor).square().sum(),
  )(x);
  value.dispose();
  return flat(layer.apply(x), grad);
}

/** Output of a layer, and the gradients of its sum of squares with respect to the weights. */
function trained(
  layer: tf.layers.Layer,
  given: readonly tf.Tensor[],
  x: tf.Tensor,
): number[] {
  const output = outputOf(layer, given, x);
  const { grads } = tf.variableGrads(() =>
    (layer.apply(x) as tf.Tensor).square().sum(),
  );
  return flat(output, ...Object.values(grads));
}

/** Initial biases of a recurrent layer, and its output. */
function recurrent(
  layer: tf.layers.Layer,
  given: readonly tf.Tensor[],
  x: tf.Tensor,
): number[] {
  layer.apply(x);
  const initialBias = flat(layer.getWeights().at(-1));
  return [...initialBias, ...flat(outputOf(layer, given, x))];
}

/** Outputs and gradients of layer normalization without scale, and without center. */
function layerNormalized(make: typeof keras.layerNormalization): number[] {
  return [{ scale: false }, { center: false }].flatMap((options) =>
    trained(make(options), channelWeights, images),
  );
}

/** Outputs and weights of batch normalization after a training step. */
function normalized(make: typeof keras.batchNormalization): number[] {
  return [{ scale: false }, { center: false }].flatMap((options) => {
    const layer = make(options);
    const output = layer.apply(images, { training: true });
    return flat(output, ...layer.getWeights());
  });
}

/** As {@link normalized}, along an inner axis, and of five axes. */
function normalizedAlong(make: typeof keras.batchNormalization): number[] {
  const parts = [
    [make({ axis: 1 }), images],
    [make(), video],
  ] as const;
  return parts.flatMap(([layer, x]) => {
    const output = layer.apply(x, { training: true });
    return flat(output, ...layer.getWeights());
  });
}

const normalizationWeights = [
  tensor([2], 70),
  tensor([2], 71),
  tensor([2], 72),
  tf.abs(tensor([2], 73)),
];

/** Output and weights of frozen batch normalization after a training step. */
function frozen(layer: tf.layers.Layer): number[] {
  layer.trainable = false;
  outputOf(layer, normalizationWeights, images);
  const output = layer.apply(images, { training: true });
  return flat(output, ...layer.getWeights());
}

const separable = {
  filters: 3,
  kernelSize: 2,
  depthwiseInitializer: "ones",
  pointwiseInitializer: "zeros",
} as const;

function kernelsOf(layer: tf.layers.Layer): number[] {
  layer.build([null, 5, 5, 2]);
  return flat(...layer.getWeights().slice(0, 2));
}

/** Minimum and maximum of dropout's output for zeros. */
function dropped(layer: tf.layers.Layer): number[] {
  const output = layer.apply(tf.zeros([1, 1000]), { training: true });
  return flat(tf.min(output as tf.Tensor), tf.max(output as tf.Tensor));
}

/** Outputs of layers for the images, as part of models. */
const outputsInModels = (...layers: tf.layers.Layer[]) =>
  layers.flatMap((layer) => {
    const input = tf.input({ shape: [5, 6, 2] });
    const outputs = layer.apply(input) as tf.SymbolicTensor;
    return flat(tf.model({ inputs: input, outputs }).predict(images));
  });

const recurrentOptions = { units: 3, returnSequences: true } as const;

export const layerRows: Readonly<Record<string, Row>> = {
  "up-sampling-bilinear": {
    given: layerGiven(images),
    tfjs: () =>
      withGradient(
        tf.layers.upSampling2d({ size: [2, 3], interpolation: "bilinear" }),
        images,
      ),
    ours: () =>
      withGradient(
        keras.upSampling2d({ size: [2, 3], interpolation: "bilinear" }),
        images,
      ),
    bound: rounding,
    differs: 0.05,
  },
  resizing: {
    given: layerGiven(images),
    tfjs: () => outputsInModels(tf.layers.resizing({ height: 3, width: 7 })),
    ours: () =>
      outputsInModels(
        keras.resizing({ height: 3, width: 7 }),
        keras.resizing({ height: 3, width: 7, interpolation: "nearest" }),
        keras.resizing({ height: 3, width: 6, cropToAspectRatio: true }),
        keras.resizing({ height: 11, width: 13 }),
      ),
    bound: rounding,
    differs: /x must be rank 3 or 4, but got rank 1/,
  },
  "center-crop": {
    given: layerGiven(images),
    tfjs: () => outputsInModels(tf.layers.centerCrop({ height: 4, width: 4 })),
    ours: () =>
      outputsInModels(
        keras.centerCrop({ height: 4, width: 4 }),
        keras.centerCrop({ height: 2, width: 3 }),
        keras.centerCrop({ height: 8, width: 6 }),
      ),
    bound: rounding,
    differs: /expected .* to have shape/,
  },
  "category-encoding": {
    given: { pairs: forPython(pairs), singles: forPython(singles) },
    tfjs: () =>
      flat(
        tf.layers
          .categoryEncoding({ numTokens: 4, outputMode: "multiHot" })
          .apply(pairs),
      ),
    ours: () =>
      flat(
        keras.categoryEncoding({ numTokens: 4 }).apply(pairs),
        keras
          .categoryEncoding({ numTokens: 4, outputMode: "count" })
          .apply(pairs),
        keras
          .categoryEncoding({ numTokens: 4, outputMode: "oneHot" })
          .apply(singles),
      ),
    bound: 0,
    differs: /Kernel 'DenseBincount' not registered/,
  },
  "causal-convolution": {
    given: layerGiven(sequence, conv1dWeights),
    tfjs: () => {
      const options = { filters: 3, kernelSize: 2, padding: "causal" } as const;
      const layer = tf.layers.conv1d(options);
      return flat(outputOf(layer, conv1dWeights, sequence));
    },
    ours: () => {
      const options = { filters: 3, kernelSize: 2, padding: "causal" } as const;
      return [
        keras.conv1d({ ...options, strides: 2, activation: "relu" }),
        keras.conv1d({ ...options, dilationRate: 2 }),
      ].flatMap((layer) => flat(outputOf(layer, conv1dWeights, sequence)));
    },
    bound: rounding,
    differs: /CAUSAL padding mode in conv1dWithBias is not implemented/,
  },
  "dilated-training": {
    given: layerGiven(images, conv2dWeights),
    tfjs: () =>
      trained(
        tf.layers.conv2d({
          filters: 3,
          kernelSize: 3,
          padding: "same",
          dilationRate: 2,
        }),
        conv2dWeights,
        images,
      ),
    ours: () =>
      trained(
        keras.conv2d({
          filters: 3,
          kernelSize: 3,
          padding: "same",
          dilationRate: 2,
        }),
        conv2dWeights,
        images,
      ),
    bound: rounding,
    differs: /dilation rates greater than 1 are not yet supported in gradients/,
  },
  "volume-dilation": {
    given: layerGiven(video, conv3dWeights),
    tfjs: () => trained(tf.layers.conv3d(dilated), conv3dWeights, video),
    ours: () => trained(keras.conv3d(dilated), conv3dWeights, video),
    bound: rounding,
    differs: /Dilation depth must be 1/,
  },
  "volume-transpose": {
    given: layerGiven(video, conv3dTransposeWeights),
    tfjs: () =>
      trained(
        tf.layers.conv3dTranspose(strided),
        conv3dTransposeWeights,
        video,
      ),
    ours: () =>
      trained(keras.conv3dTranspose(strided), conv3dTransposeWeights, video),
    bound: rounding,
    differs: /gradient function not found for Conv3DBackpropInputV2/,
  },
  "separable-dilation": {
    given: layerGiven(images, separableWeights),
    tfjs: () =>
      trained(tf.layers.separableConv2d(dilated), separableWeights, images),
    ours: () =>
      trained(keras.separableConv2d(dilated), separableWeights, images),
    bound: rounding,
    differs: /dilation rates greater than 1 are not yet supported/,
  },
  "depthwise-dilation": {
    given: layerGiven(images, depthwiseWeights),
    tfjs: () => {
      const options = { kernelSize: 2, dilationRate: 2, depthMultiplier: 2 };
      const layer = tf.layers.depthwiseConv2d(options);
      return flat(outputOf(layer, depthwiseWeights, images));
    },
    ours: () => {
      const options = { kernelSize: 2, dilationRate: 2, depthMultiplier: 2 };
      const layer = keras.depthwiseConv2d(options);
      return flat(outputOf(layer, depthwiseWeights, images));
    },
    bound: rounding,
    differs: 0.1,
  },
  "separable-initializer": {
    given: {},
    tfjs: () => kernelsOf(tf.layers.separableConv2d(separable)),
    ours: () => kernelsOf(keras.separableConv2d(separable)),
    bound: 0,
    differs: 1,
  },
  "alpha-dropout": {
    given: {},
    tfjs: () => dropped(tf.layers.alphaDropout({ rate: 0.5 })),
    ours: () => dropped(keras.alphaDropout({ rate: 0.5 })),
    bound: rounding,
    differs: 0.5,
  },
  "batch-normalization-parts": {
    given: layerGiven(images),
    tfjs: () => normalized((options) => tf.layers.batchNormalization(options)),
    ours: () => normalized(keras.batchNormalization),
    bound: rounding,
    differs: /Cannot read properties of undefined \(reading 'read'\)/,
  },
  "batch-normalization-axis": {
    given: { ...layerGiven(images), video: forPython(video) },
    tfjs: () =>
      normalizedAlong((options) => tf.layers.batchNormalization(options)),
    ours: () => normalizedAlong(keras.batchNormalization),
    bound: rounding,
    differs: /not implemented for array of rank 5/,
  },
  "layer-normalization-parts": {
    given: layerGiven(images, channelWeights),
    tfjs: () =>
      layerNormalized((options) => tf.layers.layerNormalization(options)),
    ours: () => layerNormalized(keras.layerNormalization),
    bound: rounding,
    differs: /Cannot read properties of undefined \(reading 'dataId'\)/,
  },
  "thresholded-relu": {
    given: layerGiven(images),
    tfjs: () => withGradient(tf.layers.thresholdedReLU({ theta: 0.1 }), images),
    ours: () => withGradient(keras.thresholdedReLU({ theta: 0.1 }), images),
    bound: rounding,
    differs: /gradient function not found for Greater/,
  },
  "frozen-batch-normalization": {
    given: layerGiven(images, normalizationWeights),
    tfjs: () => frozen(tf.layers.batchNormalization()),
    ours: () => frozen(keras.batchNormalization()),
    bound: rounding,
    differs: 0.1,
  },
  gru: {
    given: layerGiven(sequence, gruWeights),
    tfjs: () => {
      const weights = [...gruWeights.slice(0, 2), tensor([9], 12)];
      const options = recurrentOptions as Parameters<typeof tf.layers.gru>[0];
      return recurrent(tf.layers.gru(options), weights, sequence);
    },
    ours: () => recurrent(keras.gru(recurrentOptions), gruWeights, sequence),
    bound: rounding,
    differs: 0.01,
  },
  lstm: {
    given: layerGiven(sequence, lstmWeights),
    tfjs: () => {
      const options = recurrentOptions as Parameters<typeof tf.layers.lstm>[0];
      return recurrent(tf.layers.lstm(options), lstmWeights, sequence);
    },
    ours: () => {
      const options = recurrentOptions as Parameters<typeof keras.lstm>[0];
      return recurrent(keras.lstm(options), lstmWeights, sequence);
    },
    bound: rounding,
    differs: 0.01,
  },
  "conv-lstm-dilation": {
    given: layerGiven(video, convLstmWeights),
    tfjs: () =>
      trained(
        tf.layers.convLstm2d({
          ...dilated,
          filters: 2,
          recurrentActivation: "sigmoid",
        } as never),
        convLstmWeights,
        video,
      ),
    ours: () =>
      trained(
        keras.convLstm2d({ ...dilated, filters: 2 }),
        convLstmWeights,
        video,
      ),
    bound: rounding,
    differs: /dilation rates greater than 1 are not yet supported/,
  },
  "conv-lstm": {
    given: layerGiven(video, convLstmWeights),
    tfjs: () => {
      const options = { filters: 2, kernelSize: 2 } as never;
      return recurrent(tf.layers.convLstm2d(options), convLstmWeights, video);
    },
    ours: () => {
      const options = { filters: 2, kernelSize: 2 } as never;
      return recurrent(keras.convLstm2d(options), convLstmWeights, video);
    },
    bound: rounding,
    differs: 0.01,
  },
};
