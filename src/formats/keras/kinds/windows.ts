/**
 * Convolutions and pooling.
 */
import { tf } from "../../../engine/tensorflow";
import * as keras from "../../../keras";
import { isDilated } from "../../../keras/layers/dilated-kernel";
import { refusal, shortText } from "../keras-object";
import { kind, type LayerKind } from "../layer-kind";

const { layers } = tf;

const bias =
  "activation use_bias bias_initializer bias_regularizer bias_constraint";
const kernel = "kernel_initializer kernel_regularizer kernel_constraint";
const depthwise =
  "depth_multiplier depthwise_initializer depthwise_regularizer depthwise_constraint";
const pointwise =
  "pointwise_initializer pointwise_regularizer pointwise_constraint";
const window = "kernel_size strides padding";

const groups = { fixed: { groups: 1 } };

/** TensorFlow.js ignores the dilation of these layers. */
const undilated: Pick<LayerKind, "fixed" | "beforeReading"> = {
  fixed: { output_padding: null },
  beforeReading: ({ dilation_rate: rates, ...rest }, owner) => {
    if (!isDilated((rates ?? undefined) as number | undefined)) return rest;
    throw refusal(`dilation_rate of ${owner} to be 1`, shortText(rates));
  },
};

const convolutions = [
  kind(
    "Conv1D",
    `filters ${window} dilation_rate ${kernel} ${bias}`,
    keras.conv1d,
    {
      ...groups,
      tfjs: ["Conv1D", "KerasConv1D"],
    },
  ),
  kind(
    "Conv2D",
    `filters ${window} dilation_rate ${kernel} ${bias}`,
    keras.conv2d,
    {
      ...groups,
      tfjs: ["Conv2D", "KerasConv2D"],
    },
  ),
  kind(
    "Conv3D",
    `filters ${window} dilation_rate ${kernel} ${bias}`,
    keras.conv3d,
    { ...groups, tfjs: ["Conv3D", "KerasConv3D"] },
  ),
  kind(
    "Conv2DTranspose",
    `filters ${window} ${kernel} ${bias}`,
    layers.conv2dTranspose,
    undilated,
  ),
  kind(
    "Conv3DTranspose",
    `filters ${window} ${kernel} ${bias}`,
    keras.conv3dTranspose,
    { ...undilated, tfjs: ["Conv3DTranspose", "KerasConv3DTranspose"] },
  ),
  kind(
    "DepthwiseConv2D",
    `${window} dilation_rate ${depthwise} ${bias}`,
    keras.depthwiseConv2d,
    {
      tfjs: ["DepthwiseConv2D", "KerasDepthwiseConv2D"],
      afterWriting: (config, layer, owner) => {
        const isKerasForm = layer.getClassName().startsWith("Keras");
        const rates = config["dilation_rate"] as readonly number[];
        if (isKerasForm || !isDilated(rates)) return config;
        throw refusal(
          `keras.depthwiseConv2d for ${owner}, because tf.layers.depthwiseConv2d ignores its dilationRate`,
          `tf.layers.depthwiseConv2d`,
        );
      },
    },
  ),
  kind(
    "SeparableConv2D",
    `filters ${window} dilation_rate ${depthwise} ${pointwise} ${bias}`,
    keras.separableConv2d,
    {
      tfjs: ["SeparableConv2D", "KerasSeparableConv2D"],
      // The layer's getConfig leaves it out.
      afterWriting: (config, layer) => ({
        ...config,
        depth_multiplier: (
          layer as unknown as { readonly depthMultiplier: number }
        ).depthMultiplier,
      }),
    },
  ),
];

const poolings = [
  kind(
    "AveragePooling1D",
    "pool_size strides padding",
    layers.averagePooling1d,
  ),
  kind(
    "AveragePooling2D",
    "pool_size strides padding",
    layers.averagePooling2d,
  ),
  kind(
    "AveragePooling3D",
    "pool_size strides padding",
    layers.averagePooling3d,
  ),
  kind("MaxPooling1D", "pool_size strides padding", layers.maxPooling1d),
  kind("MaxPooling2D", "pool_size strides padding", layers.maxPooling2d),
  kind("MaxPooling3D", "pool_size strides padding", layers.maxPooling3d),
];

const keepdims = { fixed: { keepdims: false } };

const globalPoolings = [
  kind("GlobalAveragePooling1D", "", layers.globalAveragePooling1d, keepdims),
  kind("GlobalAveragePooling2D", "", layers.globalAveragePooling2d, keepdims),
  kind("GlobalMaxPooling1D", "", layers.globalMaxPooling1d, keepdims),
  kind("GlobalMaxPooling2D", "", layers.globalMaxPooling2d, keepdims),
];

/** The classes of this module. */
export const windowKinds: readonly LayerKind[] = [
  ...convolutions,
  ...poolings,
  ...globalPoolings,
];
