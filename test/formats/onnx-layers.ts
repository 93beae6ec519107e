/**
 * One or more models for each layer that can be saved as ONNX.
 */
import { tf } from "../../src/engine/tensorflow";
import { keras, randomFlip, randomShift } from "../../src";

type Layer = tf.layers.Layer;
type Options = Record<string, unknown>;

/** Names of variants, with the layers of a model between input and output. */
type Variants = Readonly<Record<string, readonly Layer[] | Layer>>;

/** Creates a layer with options that the types of tfjs do not have all. */
function make(create: (options: never) => Layer, options: Options = {}): Layer {
  return (create as (options: Options) => Layer)(options);
}

const { layers } = tf;
const padded = ["valid", "same"] as const;
const formats = ["channelsLast", "channelsFirst"] as const;

const activationNames = [
  ...["elu", "selu", "relu", "relu6", "linear", "sigmoid", "hardSigmoid"],
  ...["softplus", "softsign", "tanh", "softmax", "logSoftmax", "gelu"],
  ...["gelu_new", "mish", "swish", "kerasHardSigmoid"],
];

/** Layers on images (n, 7, 6, 4). */
function onImages(): Variants {
  const all: Record<string, readonly Layer[] | Layer> = {};
  for (const padding of padded) {
    for (const dataFormat of formats) {
      const options = { padding, dataFormat };
      const suffix = `${padding}-${dataFormat}`;
      for (const strides of [1, 2, 3]) {
        const shared = { ...options, strides };
        const end = `${suffix}-${strides}`;
        all[`conv2d-${end}`] = make(layers.conv2d, {
          ...shared,
          filters: 3,
          kernelSize: [3, 2],
          activation: "relu",
        });
        all[`depthwise-${end}`] = make(layers.depthwiseConv2d, {
          ...shared,
          kernelSize: [2, 3],
          depthMultiplier: 2,
        });
        all[`transposed-${end}`] = make(layers.conv2dTranspose, {
          ...shared,
          filters: 3,
          kernelSize: [3, 2],
        });
        all[`max-${end}`] = make(layers.maxPooling2d, {
          ...shared,
          poolSize: [3, 2],
        });
        all[`average-${end}`] = make(layers.averagePooling2d, {
          ...shared,
          poolSize: [2, 3],
        });
      }
      all[`conv2d-softmax-${suffix}`] = make(layers.conv2d, {
        ...options,
        filters: 3,
        kernelSize: 2,
        activation: "softmax",
        useBias: false,
      });
    }
    all[`dilated-${padding}`] = make(layers.conv2d, {
      padding,
      filters: 3,
      kernelSize: 2,
      dilationRate: [2, 3],
    });
    all[`keras-dilated-${padding}`] = make(keras.conv2d, {
      padding,
      filters: 3,
      kernelSize: 2,
      dilationRate: [2, 3],
      activation: "hardSigmoid",
    });
    all[`keras-dilated-strided-${padding}`] = make(keras.conv2d, {
      padding,
      filters: 3,
      kernelSize: 2,
      dilationRate: 2,
      strides: 2,
    });
    all[`keras-depthwise-${padding}`] = make(keras.depthwiseConv2d, {
      padding,
      kernelSize: 2,
      dilationRate: 2,
    });
    all[`tfjs-depthwise-dilated-${padding}`] = make(layers.depthwiseConv2d, {
      padding,
      kernelSize: 2,
      dilationRate: 2,
    });
    for (const strides of [1, 2]) {
      all[`separable-${padding}-${strides}`] = make(layers.separableConv2d, {
        padding,
        filters: 3,
        kernelSize: 3,
        depthMultiplier: 2,
        strides,
        activation: "tanh",
      });
      all[`keras-separable-${padding}-${strides}`] = make(
        keras.separableConv2d,
        { padding, filters: 3, kernelSize: 2, strides, useBias: false },
      );
    }
  }
  for (const dataFormat of formats) {
    const options = { dataFormat };
    all[`global-average-${dataFormat}`] = make(
      layers.globalAveragePooling2d,
      options,
    );
    all[`global-max-${dataFormat}`] = make(layers.globalMaxPooling2d, options);
    all[`zero-padding-${dataFormat}`] = make(layers.zeroPadding2d, {
      padding: [
        [1, 0],
        [2, 3],
      ],
      ...options,
    });
    all[`cropping-${dataFormat}`] = make(layers.cropping2D, {
      cropping: [
        [1, 0],
        [2, 1],
      ],
      ...options,
    });
    for (const interpolation of ["nearest", "bilinear"]) {
      for (const create of [layers.upSampling2d, keras.upSampling2d]) {
        const owner = create === layers.upSampling2d ? "tfjs" : "keras";
        all[`${owner}-up-${interpolation}-${dataFormat}`] = make(create, {
          size: [2, 3],
          interpolation,
          ...options,
        });
      }
    }
    all[`flatten-${dataFormat}`] = make(layers.flatten, options);
  }
  for (const activation of activationNames) {
    all[`activation-${activation}`] = make(layers.activation, { activation });
    // Behind a convolution, the operators receive channels first.
    all[`conv-activation-${activation}`] = make(layers.conv2d, {
      filters: 3,
      kernelSize: 2,
      activation,
    });
  }
  for (const axis of [-1, 1, 2, 3]) {
    all[`batch-normalization-${axis}`] = layers.batchNormalization({ axis });
    all[`softmax-${axis}`] = keras.softmax({ axis });
    all[`conv-softmax-${axis}`] = [
      layers.conv2d({ filters: 3, kernelSize: 2 }),
      keras.softmax({ axis }),
    ];
    all[`layer-normalization-${axis}`] = layers.layerNormalization({ axis });
  }
  all["batch-normalization-plain"] = keras.batchNormalization({
    scale: false,
    center: false,
    epsilon: 0.01,
  });
  all["batch-normalization-scale"] = keras.batchNormalization({
    center: false,
  });
  all["layer-normalization-last"] = layers.layerNormalization({
    axis: [1, 2, 3],
    center: false,
  });
  all["layer-normalization-two"] = make(layers.layerNormalization, {
    axis: [1, 3],
    scale: false,
  });
  all["tfjs-softmax"] = layers.softmax({ axis: -1 });
  all["elu"] = layers.elu();
  all["keras-elu"] = keras.elu({ alpha: 0.3 });
  all["leaky-relu"] = layers.leakyReLU({ alpha: 0.2 });
  all["relu"] = layers.reLU();
  all["relu-limited"] = layers.reLU({ maxValue: 0.4 });
  all["thresholded"] = layers.thresholdedReLU({ theta: 0.3 });
  all["prelu"] = make(layers.prelu);
  all["prelu-shared"] = [
    layers.conv2d({ filters: 3, kernelSize: 2 }),
    make(layers.prelu, { sharedAxes: [1, 2] }),
  ];
  all["dropout"] = [
    layers.dropout({ rate: 0.5 }),
    layers.gaussianDropout({ rate: 0.5 }),
    layers.gaussianNoise({ stddev: 1 }),
    layers.alphaDropout({ rate: 0.5 }),
    keras.alphaDropout({ rate: 0.5 }),
    randomFlip(),
    randomShift({ pixels: 2 }),
  ];
  all["dense-on-images"] = make(layers.dense, {
    units: 3,
    activation: "softmax",
  });
  all["reshape"] = [
    layers.conv2d({ filters: 3, kernelSize: 2 }),
    layers.reshape({ targetShape: [5, -1] }),
  ];
  all["permute"] = layers.permute({ dims: [3, 1, 2] });
  all["conv-permute"] = [
    layers.conv2d({ filters: 3, kernelSize: 2 }),
    layers.permute({ dims: [2, 1, 3] }),
    layers.conv2d({ filters: 3, kernelSize: 2 }),
  ];
  all["conv-permute-back"] = [
    layers.conv2d({ filters: 3, kernelSize: 2 }),
    layers.permute({ dims: [3, 1, 2] }),
  ];
  all["rescaling"] = [
    layers.rescaling({ scale: 2, offset: 1 }),
    layers.rescaling({ scale: 0.5 }),
  ];
  for (const interpolation of ["nearest", "bilinear"] as const) {
    for (const [height, width] of [
      [10, 4],
      [3, 9],
      [7, 6],
    ] as const) {
      for (const cropToAspectRatio of [false, true]) {
        const options = { height, width, interpolation, cropToAspectRatio };
        const end = `${interpolation}-${height}-${width}-${cropToAspectRatio}`;
        all[`keras-resizing-${end}`] = keras.resizing(options);
      }
    }
  }
  all["center-crop"] = keras.centerCrop({ height: 4, width: 3 });
  all["center-crop-larger"] = keras.centerCrop({ height: 9, width: 5 });
  return all;
}

/** Layers on sequences (n, 6, 4). */
function onSequences(): Variants {
  const all: Record<string, readonly Layer[] | Layer> = {};
  const recurrent = {
    simple: layers.simpleRNN,
    gru: layers.gru,
    lstm: layers.lstm,
    "keras-simple": keras.simpleRNN,
    "keras-gru": keras.gru,
    "keras-lstm": keras.lstm,
  } as const;
  for (const [name, create] of Object.entries(recurrent)) {
    for (const returnSequences of [false, true]) {
      for (const goBackwards of [false, true]) {
        const options = { units: 5, returnSequences, goBackwards };
        all[`${name}-${returnSequences}-${goBackwards}`] = make(
          create,
          options,
        );
      }
    }
    for (const activation of [
      ...["linear", "elu", "relu", "sigmoid", "hardSigmoid", "softsign"],
      ...["softplus", "kerasHardSigmoid"],
    ]) {
      const recurrentActivation = name.includes("simple")
        ? {}
        : { recurrentActivation: "tanh" };
      all[`${name}-${activation}`] = make(create, {
        units: 3,
        activation,
        useBias: activation !== "elu",
        ...recurrentActivation,
      });
    }
    for (const mergeMode of ["concat", "sum", "mul", "ave"]) {
      for (const returnSequences of [false, true]) {
        all[`bidirectional-${name}-${mergeMode}-${returnSequences}`] = make(
          layers.bidirectional,
          { layer: make(create, { units: 3, returnSequences }), mergeMode },
        );
      }
    }
  }
  all["stacked"] = layers.rnn({
    cell: [
      layers.lstmCell({ units: 3, recurrentActivation: "sigmoid" }),
      layers.gruCell({ units: 4, recurrentActivation: "sigmoid" }),
      layers.simpleRNNCell({ units: 2 }),
    ],
    returnSequences: true,
  });
  for (const padding of padded) {
    for (const strides of [1, 2]) {
      const options = { padding, strides };
      const end = `${padding}-${strides}`;
      all[`conv1d-${end}`] = make(layers.conv1d, {
        ...options,
        filters: 3,
        kernelSize: 3,
      });
      all[`max1d-${end}`] = make(layers.maxPooling1d, {
        ...options,
        poolSize: 3,
      });
      all[`average1d-${end}`] = make(layers.averagePooling1d, {
        ...options,
        poolSize: 3,
      });
    }
    all[`keras-conv1d-dilated-${padding}`] = make(keras.conv1d, {
      padding,
      filters: 3,
      kernelSize: 2,
      dilationRate: 2,
      strides: 2,
    });
  }
  all["causal"] = keras.conv1d({
    filters: 3,
    kernelSize: 3,
    padding: "causal",
    dilationRate: 2,
    activation: "relu",
  });
  all["conv1d-recurrent"] = [
    layers.conv1d({ filters: 3, kernelSize: 2 }),
    layers.gru({ units: 3, returnSequences: true }),
    layers.conv1d({ filters: 3, kernelSize: 2 }),
  ];
  all["global-average1d"] = layers.globalAveragePooling1d();
  all["global-max1d"] = layers.globalMaxPooling1d();
  all["spatial-dropout"] = make(layers.spatialDropout1d, { rate: 0.5 });
  all["batch-normalization1d"] = layers.batchNormalization();
  all["time-distributed-dense"] = layers.timeDistributed({
    layer: layers.dense({ units: 3, activation: "softmax" }),
  });
  all["dense-on-sequences"] = make(layers.dense, { units: 3, useBias: false });
  return all;
}

/** Layers on volumes (n, 5, 6, 4, 2). */
function onVolumes(): Variants {
  const all: Record<string, readonly Layer[] | Layer> = {};
  for (const padding of padded) {
    for (const dataFormat of formats) {
      for (const strides of [1, 2]) {
        const options = { padding, dataFormat, strides };
        const end = `${padding}-${dataFormat}-${strides}`;
        all[`conv3d-${end}`] = make(layers.conv3d, {
          ...options,
          filters: 3,
          kernelSize: [2, 3, 2],
        });
        all[`transposed3d-${end}`] = make(layers.conv3dTranspose, {
          ...options,
          filters: 3,
          kernelSize: [2, 1, 3],
        });
        const pool = { ...options, poolSize: [2, 3, 2] };
        all[`max3d-${end}`] = make(layers.maxPooling3d, pool);
        all[`average3d-${end}`] = make(layers.averagePooling3d, pool);
      }
    }
  }
  all["keras-conv3d"] = make(keras.conv3d, { filters: 2, kernelSize: 2 });
  all["time-distributed-conv"] = layers.timeDistributed({
    layer: layers.conv2d({ filters: 3, kernelSize: 2, strides: 2 }),
  });
  return all;
}

/** Layers on vectors (n, 5). */
function onVectors(): Variants {
  const all: Record<string, readonly Layer[] | Layer> = {};
  for (const activation of activationNames) {
    all[`dense-${activation}`] = make(layers.dense, { units: 4, activation });
  }
  all["dense-without-bias"] = make(keras.dense, { units: 4, useBias: false });
  all["repeat"] = layers.repeatVector({ n: 3 });
  all["batch-normalization0d"] = layers.batchNormalization();
  all["layer-normalization0d"] = layers.layerNormalization();
  all["reshape0d"] = [
    layers.dense({ units: 12 }),
    layers.reshape({ targetShape: [2, 2, 3] }),
    layers.conv2d({ filters: 2, kernelSize: 2 }),
    layers.flatten(),
  ];
  return all;
}

/** Layers on indices (n, 4), int32, from 0 to 4. */
function onIndices(): Variants {
  const all: Record<string, readonly Layer[] | Layer> = {};
  all["embedding"] = layers.embedding({ inputDim: 6, outputDim: 3 });
  all["embedding-recurrent"] = [
    layers.embedding({ inputDim: 6, outputDim: 3 }),
    layers.lstm({ units: 3 }),
  ];
  for (const outputMode of ["oneHot", "multiHot", "count"] as const) {
    all[`categories-${outputMode}`] = keras.categoryEncoding({
      numTokens: 4,
      outputMode,
    });
  }
  return all;
}

/** Input shapes without the batch, with the layers that take them. */
export const layerGroups: readonly {
  readonly name: string;
  readonly inputShape: readonly number[];
  readonly dtype?: "int32";
  readonly variants: () => Variants;
}[] = [
  { name: "images", inputShape: [7, 6, 4], variants: onImages },
  { name: "sequences", inputShape: [6, 4], variants: onSequences },
  { name: "volumes", inputShape: [5, 6, 4, 2], variants: onVolumes },
  { name: "vectors", inputShape: [5], variants: onVectors },
  { name: "indices", inputShape: [4], dtype: "int32", variants: onIndices },
];

/** Connects layers to a model. */
export function modelOf(
  inputShape: readonly number[],
  chain: readonly Layer[] | Layer,
  dtype?: "int32",
): tf.LayersModel {
  const input = tf.input({
    shape: [...inputShape],
    ...(dtype === undefined ? {} : { dtype }),
  });
  const output = [chain]
    .flat()
    .reduce((value, layer) => layer.apply(value) as typeof value, input);
  return tf.model({ inputs: input, outputs: output });
}
