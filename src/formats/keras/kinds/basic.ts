/**
 * Dense layers, activations, merges, noise, normalization, and layers that change shapes or pixels.
 */
import { tf } from "../../../engine/tensorflow";
import * as keras from "../../../keras";
import { randomFlip } from "../../../models/random-flip";
import { randomShift } from "../../../models/random-shift";
import { refusal, shortText, type KerasConfig } from "../keras-object";
import { kind, type LayerKind, type LayerOptions } from "../layer-kind";

const { layers } = tf;

/** Writes the layer only in its Keras-compatible form. */
function onlyKerasForm(form: string) {
  return (
    config: KerasConfig,
    layer: tf.layers.Layer,
    owner: string,
  ): KerasConfig => {
    if (layer.getClassName().startsWith("Keras")) return config;
    throw refusal(
      `keras.${form} for ${owner}, which computes what Keras computes`,
      `tf.layers.${form}`,
    );
  };
}

/** TensorFlow.js takes any negative axis as the last one. */
function checkAxis(axis: unknown): void {
  if (typeof axis === "number" && axis < -1) {
    throw refusal(
      "an axis of Concatenate that is −1 or counted from the first one",
      String(axis),
    );
  }
}

const merges = [
  kind("Add", "", layers.add),
  kind("Average", "", layers.average),
  kind("Maximum", "", layers.maximum),
  kind("Minimum", "", layers.minimum),
  kind("Multiply", "", layers.multiply),
  kind(
    "Concatenate",
    "axis",
    (options: LayerOptions) => {
      checkAxis(options["axis"]);
      return layers.concatenate(options);
    },
    {
      afterWriting: (config) => {
        checkAxis(config["axis"]);
        return config;
      },
    },
  ),
  kind("Dot", "axes normalize", layers.dot),
];

/** Reads a rectifier: TensorFlow.js has a class for each setting, Keras one for all. */
function makeReLU(options: LayerOptions): tf.layers.Layer {
  const { maxValue, negativeSlope, threshold, ...rest } = options;
  if (threshold !== 0) {
    return keras.thresholdedReLU({ ...rest, theta: threshold as number });
  }
  return negativeSlope === 0
    ? layers.reLU(
        maxValue === undefined
          ? rest
          : { ...rest, maxValue: maxValue as number },
      )
    : layers.leakyReLU({ ...rest, alpha: negativeSlope as number });
}

const activations = [
  kind("Activation", "activation", layers.activation),
  kind("ReLU", "max_value negative_slope threshold", makeReLU, {
    tfjs: ["ReLU", "ThresholdedReLU", "KerasThresholdedReLU"],
    beforeReading: (config, owner) => {
      const {
        max_value = null,
        negative_slope = 0,
        threshold = 0,
        ...rest
      } = config;
      const settings = { max_value, negative_slope, threshold };
      const used = Object.entries(settings).filter(
        ([, value]) => (value ?? 0) !== 0,
      );
      if (used.length > 1) {
        throw refusal(
          `at most one of max_value, negative_slope and threshold in ${owner}`,
          shortText(Object.fromEntries(used)),
        );
      }
      return { ...rest, ...settings };
    },
    afterWriting: (config, layer) => ({
      max_value: config["max_value"],
      threshold: layer.getConfig()["theta"] ?? 0,
    }),
  }),
  kind(
    "LeakyReLU",
    "negative_slope",
    ({ negativeSlope, ...rest }: LayerOptions) =>
      layers.leakyReLU({ ...rest, alpha: negativeSlope as number }),
    {
      afterWriting: (_, layer) => ({
        negative_slope: layer.getConfig()["alpha"],
      }),
    },
  ),
  kind(
    "PReLU",
    "alpha_initializer alpha_regularizer alpha_constraint shared_axes",
    layers.prelu,
  ),
  kind("ELU", "alpha", keras.elu, { tfjs: ["ELU", "KerasELU"] }),
  kind("Softmax", "axis", keras.softmax, {
    tfjs: ["Softmax", "KerasSoftmax"],
  }),
];

const noise = [
  kind("Dropout", "rate seed noise_shape", layers.dropout),
  kind("SpatialDropout1D", "rate", layers.spatialDropout1d, {
    ignored: ["seed"],
  }),
  kind("GaussianNoise", "stddev", layers.gaussianNoise, { ignored: ["seed"] }),
  kind("GaussianDropout", "rate", layers.gaussianDropout, {
    ignored: ["seed"],
  }),
  kind("AlphaDropout", "rate", keras.alphaDropout, {
    tfjs: ["AlphaDropout", "KerasAlphaDropout"],
    ignored: ["seed"],
    fixed: { noise_shape: null },
    afterWriting: onlyKerasForm("alphaDropout"),
  }),
];

const normalizations = [
  kind(
    "BatchNormalization",
    "axis momentum epsilon center scale beta_initializer gamma_initializer moving_mean_initializer moving_variance_initializer beta_regularizer gamma_regularizer beta_constraint gamma_constraint",
    keras.batchNormalization,
    {
      tfjs: ["BatchNormalization", "KerasBatchNormalization"],
      fixed: { synchronized: false, renorm: false },
      ignored: ["renorm_clipping", "renorm_momentum"],
    },
  ),
  kind(
    "LayerNormalization",
    "axis epsilon center scale beta_initializer gamma_initializer beta_regularizer gamma_regularizer",
    keras.layerNormalization,
    {
      tfjs: ["LayerNormalization", "KerasLayerNormalization"],
      fixed: {
        beta_constraint: null,
        gamma_constraint: null,
        rms_scaling: false,
      },
    },
  ),
];

/** TensorFlow.js does not flatten samples of fewer than two axes. */
function makeFlatten(
  options: LayerOptions,
  inputShape: tf.Shape,
): tf.layers.Layer {
  return inputShape.length > 2
    ? layers.flatten(options)
    : layers.reshape({ ...options, targetShape: [inputShape[1] ?? 1] });
}

const shapes = [
  kind("Flatten", "", makeFlatten),
  kind("Permute", "dims", layers.permute),
  kind("RepeatVector", "n", layers.repeatVector),
  kind("Reshape", "target_shape", layers.reshape, {
    afterWriting: ({ target_shape }) => ({
      target_shape: (target_shape as (number | null)[]).map(
        (length) => length ?? -1,
      ),
    }),
  }),
];

const images = [
  kind("ZeroPadding2D", "padding", layers.zeroPadding2d),
  kind("Cropping2D", "cropping", layers.cropping2D),
  kind("UpSampling2D", "size interpolation", keras.upSampling2d, {
    tfjs: ["UpSampling2D", "KerasUpSampling2D"],
    afterWriting: (config, layer, owner) =>
      config["interpolation"] === "nearest"
        ? config
        : onlyKerasForm("upSampling2d")(config, layer, owner),
  }),
  kind("Rescaling", "scale offset", layers.rescaling),
  kind(
    "Resizing",
    "height width interpolation crop_to_aspect_ratio",
    keras.resizing,
    {
      tfjs: ["Resizing", "KerasResizing"],
      fixed: { pad_to_aspect_ratio: false, antialias: false },
      ignored: ["fill_mode", "fill_value"],
      afterWriting: onlyKerasForm("resizing"),
    },
  ),
  kind("CenterCrop", "height width", keras.centerCrop, {
    tfjs: ["CenterCrop", "KerasCenterCrop"],
    afterWriting: onlyKerasForm("centerCrop"),
  }),
  kind("CategoryEncoding", "num_tokens output_mode", keras.categoryEncoding, {
    tfjs: ["CategoryEncoding", "KerasCategoryEncoding"],
    fixed: { sparse: false },
    afterWriting: onlyKerasForm("categoryEncoding"),
  }),
  kind("RandomFlip", "", randomFlip, {
    fixed: { mode: "horizontal" },
    ignored: ["seed"],
    afterWriting: () => ({ mode: "horizontal" }),
  }),
];

/**
 * Random shifts: Keras has them in shares of height and width, so this needs the image's size.
 * Keras draws real numbers and rounds them, `randomShift` draws whole pixels.
 */
const shift = kind(
  "RandomTranslation",
  "",
  (
    { heightFactor, widthFactor, ...rest }: LayerOptions,
    [, height, width]: tf.Shape,
  ) => {
    const pixels = (heightFactor as number) * (height ?? NaN);
    const across = (widthFactor as number) * (width ?? NaN);
    const rounded = Math.round(pixels);
    const isWhole = [pixels, across].every(
      (length) => Math.abs(length - rounded) < 1e-3,
    );
    if (isWhole) return randomShift({ ...rest, pixels: rounded });
    throw refusal(
      `RandomTranslation by a whole number of pixels, the same for both axes`,
      `${pixels} and ${across} of an image of ${height} × ${width}`,
    );
  },
  {
    tfjs: ["RandomShift"],
    keys: ["height_factor", "width_factor"],
    fixed: { fill_mode: "reflect", interpolation: "nearest" },
    ignored: ["seed", "fill_value"],
    afterWriting: (_, layer) => {
      const [, height, width] = (layer.input as tf.SymbolicTensor).shape;
      const pixels = layer.getConfig()["pixels"] as number;
      return {
        height_factor: pixels / height!,
        width_factor: pixels / width!,
        fill_mode: "reflect",
        interpolation: "nearest",
      };
    },
  },
);

/** The classes of this module. */
export const basicKinds: readonly LayerKind[] = [
  kind(
    "Dense",
    "units activation use_bias kernel_initializer bias_initializer kernel_regularizer bias_regularizer kernel_constraint bias_constraint",
    layers.dense,
  ),
  kind(
    "Embedding",
    "input_dim output_dim embeddings_initializer embeddings_regularizer embeddings_constraint mask_zero",
    layers.embedding,
  ),
  kind("Masking", "mask_value", layers.masking),
  ...merges,
  ...activations,
  ...noise,
  ...normalizations,
  ...shapes,
  ...images,
  shift,
];
