/**
 * Replaces `call` of tfjs's random layers and of batch normalization with versions that use
 * TensorFlow's operations.
 */
import { runtime } from "../engine-runtime";
import { declarePart } from "../parts/declared-parts";
import { isTensorFlowBackend } from "../tfjs/backend";
import { hookMethod } from "../tfjs/hook";
import {
  layerInternals,
  layerPrototypes,
  type BatchNormalizationLayer,
  type DropoutLayer,
  type GaussianDropoutLayer,
  type GaussianNoiseLayer,
} from "../tfjs/layer-internals";
import { tf } from "../tfjs/library";
import { isTfjsFunction } from "../tfjs/tfjs-source";
import { callBatchNormalization, canFuse } from "./batch-normalization";
import { callDropout } from "./dropout";
import { callGaussianDropout, callGaussianNoise } from "./gaussian";

type Call = tf.layers.Layer["call"];

interface Improvement {
  readonly drawsAtRandom: boolean;
  /** Creates the improved `call` from the previous one. */
  improve(previous: Call): Call;
}

/** The improvements by the names of the classes. */
const improvements: Readonly<
  Record<keyof ReturnType<typeof layerPrototypes>, Improvement>
> = {
  Dropout: {
    drawsAtRandom: true,
    improve: () =>
      function (this: unknown, inputs, kwargs) {
        return callDropout(this as DropoutLayer, inputs, kwargs);
      },
  },
  GaussianNoise: {
    drawsAtRandom: true,
    improve: () =>
      function (this: unknown, inputs, kwargs) {
        return callGaussianNoise(this as GaussianNoiseLayer, inputs, kwargs);
      },
  },
  GaussianDropout: {
    drawsAtRandom: true,
    improve: () =>
      function (this: unknown, inputs, kwargs) {
        const layer = this as GaussianDropoutLayer;
        return callGaussianDropout(layer, inputs, kwargs);
      },
  },
  BatchNormalization: {
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
};

/** Replaces `call` on the prototypes, unless it has already been replaced by other code. */
export function installLayers(): void {
  const prototypes = layerPrototypes();
  for (const [name, { drawsAtRandom, improve }] of Object.entries(
    improvements,
  )) {
    const prototype = prototypes[name as keyof typeof prototypes];
    if (!isTfjsFunction(prototype.call, "layers")) continue;
    const hook = hookMethod(prototype, "call", (previous) => {
      const better = improve(previous);
      return function (this: tf.layers.Layer, inputs, kwargs) {
        const call = isTensorFlowBackend() ? better : previous;
        return call.call(this, inputs, kwargs);
      };
    });
    declarePart(hook.wrapper);
    runtime.layers.push({ prototype, drawsAtRandom, hook });
  }
}

/** Restores tfjs's own `call`, unless it has been replaced by other code since. */
export function uninstallLayers(): void {
  for (const { hook } of runtime.layers.splice(0)) hook.remove();
}

/**
 * Whether a layer, or a layer within it, draws random values in training. A custom layer that uses
 * `randomness.ts` declares it in a field `drawsAtRandom`.
 */
export function drawsAtRandom(layer: tf.layers.Layer): boolean {
  if ((layer as { drawsAtRandom?: boolean }).drawsAtRandom === true) {
    return true;
  }
  const { rate } = layerInternals(layer);
  const within = layer instanceof tf.LayersModel ? layer.layers : [];
  // A dropout of rate 0 draws nothing, so it must not request a seed either.
  if (rate === 0) return false;
  return (
    runtime.layers.some(
      ({ drawsAtRandom, prototype }) =>
        drawsAtRandom && Object.prototype.isPrototypeOf.call(prototype, layer),
    ) || within.some(drawsAtRandom)
  );
}
