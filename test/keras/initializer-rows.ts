/**
 * Checks of initializers: variance, kurtosis, minimum and maximum of 40,000 values.
 *
 * For this sample size the variance is known to 1 % (two standard deviations), kurtosis to 2 %, and
 * the bounds to 0.1 %.
 */
import { tf } from "../../src/engine/tensorflow";
import * as keras from "../../src/keras";
import { setSeed } from "../../src/training/seed";
import { distanceOfEach, moments, type Row } from "./row";

const shape = [200, 200];
const given = { shape };
const sampling = { bound: 0.03, measure: distanceOfEach };

type Initializer = ReturnType<typeof tf.initializers.zeros>;

const momentsOf = (...initializers: Initializer[]) =>
  initializers.flatMap((each) => moments(each.apply(shape)));

/** Moments of the initial kernels of some layers. */
function kernels(layers: readonly (readonly [tf.layers.Layer, number[]])[]) {
  setSeed(1);
  return layers.flatMap(([layer, inputShape]) => {
    layer.build([null, ...inputShape]);
    return moments(layer.getWeights()[0]!);
  });
}

/** Four layers of a namespace. */
const layersOf = ({
  dense,
  conv1d,
  conv2d,
  simpleRNN,
}: {
  dense: typeof keras.dense;
  conv1d: typeof keras.conv1d;
  conv2d: typeof keras.conv2d;
  simpleRNN: typeof keras.simpleRNN;
}) =>
  [
    [dense({ units: 200 }), [200]],
    [conv1d({ filters: 64, kernelSize: 5 }), [20, 64]],
    [conv2d({ filters: 64, kernelSize: 3 }), [9, 9, 64]],
    [simpleRNN({ units: 150 }), [3, 150]],
  ] as const satisfies readonly (readonly [tf.layers.Layer, number[]])[];

/**
 * Standard deviation of values for a `stddev` of 0, and the largest difference between two calls
 * with the seed 0.
 */
function settings(
  normal: (options: { stddev?: number; seed: number }) => Initializer,
) {
  const constant = normal({ stddev: 0, seed: 1 }).apply([10]);
  const [first, second] = [0, 0].map((seed) => normal({ seed }).apply([10]));
  const spread = tf.moments(constant).variance.sqrt();
  const difference = tf.max(tf.abs(tf.sub(first!, second!)));
  return [spread.dataSync()[0]!, difference.dataSync()[0]!];
}

export const initializerRows: Readonly<Record<string, Row>> = {
  "normal-initializers": {
    given,
    tfjs: () =>
      momentsOf(
        tf.initializers.heNormal({ seed: 1 }),
        tf.initializers.glorotNormal({ seed: 1 }),
        tf.initializers.leCunNormal({ seed: 1 }),
      ),
    ours: () =>
      momentsOf(
        keras.heNormal({ seed: 1 }),
        keras.glorotNormal({ seed: 1 }),
        keras.leCunNormal({ seed: 1 }),
      ),
    ...sampling,
    differs: 0.1,
  },
  "variance-scaling-truncated": {
    given,
    tfjs: () =>
      momentsOf(
        tf.initializers.varianceScaling({
          scale: 1,
          mode: "fanIn",
          distribution: "truncatedNormal",
          seed: 1,
        }),
      ),
    ours: () => momentsOf(keras.varianceScaling({ seed: 1 })),
    ...sampling,
    differs: 0.1,
  },
  "uniform-bounds": {
    given,
    tfjs: () =>
      momentsOf(
        tf.initializers.randomUniform({ minval: 0, maxval: 1, seed: 1 }),
      ),
    ours: () =>
      momentsOf(keras.randomUniform({ minval: 0, maxval: 1, seed: 1 })),
    ...sampling,
    differs: 0.025,
  },
  "normal-settings": {
    given,
    tfjs: () => [
      ...settings((options) => tf.initializers.randomNormal(options)),
      ...momentsOf(tf.initializers.truncatedNormal({ stddev: 1, seed: 1 })),
    ],
    ours: () => [
      ...settings(keras.randomNormal),
      ...momentsOf(keras.truncatedNormal({ stddev: 1, seed: 1 })),
    ],
    ...sampling,
    differs: 0.01,
  },
  "default-kernel": {
    given: {},
    tfjs: () => kernels(layersOf(tf.layers)),
    ours: () => kernels(layersOf(keras)),
    ...sampling,
    differs: 0.2,
  },
};
