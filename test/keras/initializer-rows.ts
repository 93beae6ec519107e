/**
 * The rows on initializers: variance, kurtosis, smallest and largest of 40,000 numbers.
 *
 * Of so many the variance is known to 1 % (twice its standard deviation), kurtosis to 2 %, and the bounds to 0.1 %.
 */
import { tf } from "../../src/engine/tensorflow";
import * as keras from "../../src/keras";
import { setSeed } from "../../src/training/seed";
import { distanceOfEach, moments, type Row } from "./row";

const shape = [200, 200];
const given = { shape };
const sampling = { bound: 0.03, measure: distanceOfEach };

type Drawing = ReturnType<typeof tf.initializers.zeros>;

const many = (...initializers: Drawing[]) =>
  initializers.flatMap((each) => moments(each.apply(shape)));

/** The first weights of some layers. */
function kernels(layers: readonly (readonly [tf.layers.Layer, number[]])[]) {
  setSeed(1);
  return layers.flatMap(([layer, inputShape]) => {
    layer.build([null, ...inputShape]);
    return moments(layer.getWeights()[0]!);
  });
}

/** The four layers of a namespace. */
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

/** How far numbers with a standard deviation of 0 spread, and how far two draws by the seed 0 are apart. */
function settings(
  normal: (options: { stddev?: number; seed: number }) => Drawing,
) {
  const still = normal({ stddev: 0, seed: 1 }).apply([10]);
  const [first, second] = [0, 0].map((seed) => normal({ seed }).apply([10]));
  const spread = tf.moments(still).variance.sqrt();
  const apart = tf.max(tf.abs(tf.sub(first!, second!)));
  return [spread.dataSync()[0]!, apart.dataSync()[0]!];
}

export const initializerRows: Readonly<Record<string, Row>> = {
  "normal-initializers": {
    given,
    tfjs: () =>
      many(
        tf.initializers.heNormal({ seed: 1 }),
        tf.initializers.glorotNormal({ seed: 1 }),
        tf.initializers.leCunNormal({ seed: 1 }),
      ),
    ours: () =>
      many(
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
      many(
        tf.initializers.varianceScaling({
          scale: 1,
          mode: "fanIn",
          distribution: "truncatedNormal",
          seed: 1,
        }),
      ),
    ours: () => many(keras.varianceScaling({ seed: 1 })),
    ...sampling,
    differs: 0.1,
  },
  "uniform-bounds": {
    given,
    tfjs: () =>
      many(tf.initializers.randomUniform({ minval: 0, maxval: 1, seed: 1 })),
    ours: () => many(keras.randomUniform({ minval: 0, maxval: 1, seed: 1 })),
    ...sampling,
    differs: 0.025,
  },
  "normal-settings": {
    given,
    tfjs: () => [
      ...settings((options) => tf.initializers.randomNormal(options as never)),
      ...many(tf.initializers.truncatedNormal({ stddev: 1, seed: 1 } as never)),
    ],
    ours: () => [
      ...settings(keras.randomNormal),
      ...many(keras.truncatedNormal({ stddev: 1, seed: 1 })),
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
