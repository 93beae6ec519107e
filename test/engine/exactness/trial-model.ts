/**
 * Builds the models of trials from rows like those of the course's table, with more kinds of
 * layers.
 */
import type { LayerRow, ModelRow } from "../../../bench/training/build";
import { tf } from "../../../src/engine/tensorflow";

type Pair = readonly [number, number];

/** Functions that are separate layers. */
export type Activation =
  "elu" | "selu" | "sigmoid" | "softplus" | "softsign" | "tanh";

/**
 * A layer of a trial's model: one of the table, or another. Names and meanings follow Keras's
 * arguments.
 */
export type TrialLayerRow =
  | LayerRow
  | { readonly kind: "activation"; readonly activation: Activation }
  | { readonly kind: "averagePooling"; readonly poolSize: number }
  | {
      readonly kind: "anyConvolution";
      readonly filters: number;
      readonly kernelSize: Pair;
      readonly strides: Pair;
      readonly padding: "valid" | "same";
      readonly activation?: "relu";
      /** Factor of the kernel's L2 penalty. */
      readonly l2?: number;
    }
  | {
      readonly kind: "anyMaxPooling" | "anyAveragePooling";
      readonly poolSize: Pair;
      readonly strides: Pair;
      readonly padding: "valid" | "same";
    };

/** A model, and how it is trained. */
export type TrialRow = Pick<
  ModelRow,
  "name" | "inputShape" | "loss" | "learningRate"
> & { readonly layers: readonly TrialLayerRow[] };

/** Builds the model of a row, not compiled, with random weights and biases. */
export function buildTrialModel(row: TrialRow): tf.Sequential {
  const input = tf.layers.inputLayer({ inputShape: [...row.inputShape] });
  return tf.sequential({ layers: [input, ...row.layers.map(buildLayer)] });
}

function buildLayer(layer: TrialLayerRow): tf.layers.Layer {
  const { layers } = tf;
  switch (layer.kind) {
    case "convolution":
      return layers.conv2d({
        filters: layer.filters,
        kernelSize: layer.kernelSize,
        padding: layer.padding,
        ...weightSettings(layer),
      });
    case "anyConvolution":
      return layers.conv2d({
        filters: layer.filters,
        kernelSize: [...layer.kernelSize],
        strides: [...layer.strides],
        padding: layer.padding,
        ...weightSettings(layer),
      });
    case "dense":
      return layers.dense({ units: layer.units, ...weightSettings(layer) });
    case "maxPooling":
      return layers.maxPooling2d({ poolSize: layer.poolSize });
    case "averagePooling":
      return layers.averagePooling2d({ poolSize: layer.poolSize });
    case "anyMaxPooling":
      return layers.maxPooling2d(windowOf(layer));
    case "anyAveragePooling":
      return layers.averagePooling2d(windowOf(layer));
    case "activation":
      return layers.activation({ activation: layer.activation });
    case "relu":
      return layers.reLU();
    case "batchNormalization":
      return layers.batchNormalization();
    case "flatten":
      return layers.flatten();
    case "dropout":
      return layers.dropout({ rate: layer.rate });
  }
}

function windowOf(
  layer: Extract<
    TrialLayerRow,
    { kind: "anyMaxPooling" | "anyAveragePooling" }
  >,
) {
  const { poolSize, strides, padding } = layer;
  const [height, width] = poolSize;
  const [down, right] = strides;
  return {
    poolSize: [height, width] as [number, number],
    strides: [down, right] as [number, number],
    padding,
  };
}

function weightSettings({
  activation,
  l2,
}: {
  readonly activation?: "relu" | "softmax";
  readonly l2?: number;
}) {
  const bounds = { minval: -0.1, maxval: 0.1 };
  return {
    biasInitializer: tf.initializers.randomUniform(bounds),
    ...(activation === undefined ? {} : { activation }),
    ...(l2 === undefined
      ? {}
      : { kernelRegularizer: tf.regularizers.l2({ l2 }) }),
  };
}
