/**
 * Networks of the gallery, without training.
 */
import { tf } from "../../../src/engine/tensorflow";

const { layers } = tf;

/** LeNet-5 with ReLU and maximum pooling. */
export function leNet(): tf.LayersModel {
  const relu = { activation: "relu" } as const;
  return tf.sequential({
    layers: [
      layers.conv2d({
        ...relu,
        inputShape: [28, 28, 1],
        filters: 6,
        kernelSize: 5,
        padding: "same",
      }),
      layers.maxPooling2d({ poolSize: 2 }),
      layers.conv2d({ ...relu, filters: 16, kernelSize: 5 }),
      layers.maxPooling2d({ poolSize: 2 }),
      layers.flatten(),
      layers.dense({ ...relu, units: 120 }),
      layers.dropout({ rate: 0.5 }),
      layers.dense({ ...relu, units: 84 }),
      layers.dense({ units: 10, activation: "softmax" }),
    ],
  });
}

/** A chain with many layers and large sizes, as in AlexNet. */
export function longChain(): tf.LayersModel {
  const model = tf.sequential();
  const convolution = (filters: number, kernelSize: number, strides = 1) =>
    layers.conv2d({ filters, kernelSize, strides, padding: "same" });
  const pooling = () => layers.maxPooling2d({ poolSize: 3, strides: 2 });
  model.add(layers.inputLayer({ inputShape: [227, 227, 3] }));
  for (const layer of [
    ...[convolution(96, 11, 4), pooling(), convolution(256, 5), pooling()],
    ...[convolution(384, 3), convolution(384, 3), convolution(256, 3)],
    ...[pooling(), layers.flatten()],
    ...[256, 256, 1000].map((units) => layers.dense({ units })),
  ])
    model.add(layer);
  return model;
}

/** An inception module: four branches that are joined. */
export function inception(): tf.LayersModel {
  const input = tf.input({ shape: [28, 28, 192] });
  const convolution = (
    from: tf.SymbolicTensor,
    filters: number,
    kernelSize: number,
  ) =>
    layers
      .conv2d({ filters, kernelSize, padding: "same", activation: "relu" })
      .apply(from) as tf.SymbolicTensor;
  const pooled = layers
    .maxPooling2d({ poolSize: 3, strides: 1, padding: "same" })
    .apply(input) as tf.SymbolicTensor;
  const joined = layers
    .concatenate()
    .apply([
      convolution(input, 64, 1),
      convolution(convolution(input, 96, 1), 128, 3),
      convolution(convolution(input, 16, 1), 32, 5),
      convolution(pooled, 32, 1),
    ]) as tf.SymbolicTensor;
  return tf.model({ inputs: input, outputs: joined });
}

/** A residual unit: a shortcut past two convolutions with batch normalization. */
export function residual(): tf.LayersModel {
  const input = tf.input({ shape: [56, 56, 64] });
  let last = input;
  const add = (layer: tf.layers.Layer) =>
    (last = layer.apply(last) as tf.SymbolicTensor);
  const convolution = () =>
    layers.conv2d({ filters: 64, kernelSize: 3, padding: "same" });
  add(convolution());
  add(layers.batchNormalization());
  add(layers.reLU());
  add(convolution());
  add(layers.batchNormalization());
  const sum = layers.add().apply([input, last]) as tf.SymbolicTensor;
  const output = layers.reLU().apply(sum) as tf.SymbolicTensor;
  return tf.model({ inputs: input, outputs: output });
}
