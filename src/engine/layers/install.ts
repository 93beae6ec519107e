/**
 * Replaces `call` of tfjs's random layers and of batch normalization with versions that use
 * TensorFlow's operations.
 */
import { declarePart } from "../parts/declared-parts";
import { isTensorFlowBackend } from "../tfjs/backend";
import { tf } from "../tfjs/library";
import { isTfjsFunction } from "../tfjs/tfjs-source";
import {
  callBatchNormalization,
  canFuse,
  type BatchNormalizationLayer,
} from "./batch-normalization";
import { callDropout, type DropoutLayer } from "./dropout";
import {
  callGaussianDropout,
  callGaussianNoise,
  type GaussianDropoutLayer,
  type GaussianNoiseLayer,
} from "./gaussian";

type Call = tf.layers.Layer["call"];

interface Improvement {
  readonly prototype: tf.layers.Layer;
  readonly drawsAtRandom: boolean;
  /** Creates the improved `call` from the previous one. */
  improve(previous: Call): Call;
}

/** These layers have no public class, so their prototypes are taken from instances. */
function improvements(): readonly Improvement[] {
  return [
    {
      prototype: prototypeOf(tf.layers.dropout({ rate: 0.5 })),
      drawsAtRandom: true,
      improve: () =>
        function (this: unknown, inputs, kwargs) {
          return callDropout(this as DropoutLayer, inputs, kwargs);
        },
    },
    {
      prototype: prototypeOf(tf.layers.gaussianNoise({ stddev: 1 })),
      drawsAtRandom: true,
      improve: () =>
        function (this: unknown, inputs, kwargs) {
          return callGaussianNoise(this as GaussianNoiseLayer, inputs, kwargs);
        },
    },
    {
      prototype: prototypeOf(tf.layers.gaussianDropout({ rate: 0.5 })),
      drawsAtRandom: true,
      improve: () =>
        function (this: unknown, inputs, kwargs) {
          const layer = this as GaussianDropoutLayer;
          return callGaussianDropout(layer, inputs, kwargs);
        },
    },
    {
      prototype: prototypeOf(tf.layers.batchNormalization()),
      drawsAtRandom: false,
      improve: (previous) =>
        function (this: unknown, inputs, kwargs) {
          const layer = this as BatchNormalizationLayer;
          const training = kwargs["training"] as boolean | undefined;
          return canFuse(layer, inputs, training)
            ? callBatchNormalization(layer, inputs)
            : previous.call(this as tf.layers.Layer, inputs, kwargs);
        },
    },
  ];
}

const installed: {
  readonly improvement: Improvement;
  readonly previous: Call;
  readonly ours: Call;
}[] = [];

/** Replaces `call` on the prototypes, unless it has already been replaced by other code. */
export function installLayers(): void {
  for (const improvement of improvements()) {
    const { prototype } = improvement;
    const previous = prototype.call;
    if (!isTfjsFunction(previous, "layers")) continue;
    const better = improvement.improve(previous);
    const ours: Call = function (this: tf.layers.Layer, inputs, kwargs) {
      const call = isTensorFlowBackend() ? better : previous;
      return call.call(this, inputs, kwargs);
    };
    declarePart(ours);
    prototype.call = ours;
    installed.push({ improvement, previous, ours });
  }
}

/** Restores tfjs's own `call`, unless it has been replaced by other code since. */
export function uninstallLayers(): void {
  for (const { improvement, previous, ours } of installed.splice(0)) {
    const { prototype } = improvement;
    if (prototype.call === ours) prototype.call = previous;
  }
}

/**
 * Whether a layer, or a layer within it, draws random values in training. A custom layer that uses
 * `randomness.ts` declares it in a field `drawsAtRandom`.
 */
export function drawsAtRandom(layer: tf.layers.Layer): boolean {
  if ((layer as { drawsAtRandom?: boolean }).drawsAtRandom === true) {
    return true;
  }
  const { rate, layers: within = [] } = layer as Partial<tf.LayersModel> & {
    readonly rate?: number;
  };
  // A dropout of rate 0 draws nothing, so it must not request a seed either.
  if (rate === 0) return false;
  return (
    installed.some(
      ({ improvement }) =>
        improvement.drawsAtRandom &&
        Object.prototype.isPrototypeOf.call(improvement.prototype, layer),
    ) || within.some(drawsAtRandom)
  );
}

function prototypeOf(layer: tf.layers.Layer): tf.layers.Layer {
  return Object.getPrototypeOf(layer) as tf.layers.Layer;
}
