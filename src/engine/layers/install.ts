/**
 * The paint shop's door: gives tfjs's layers that draw at random a `call` that lets TensorFlow draw.
 */
import { tf } from "../tfjs/library";
import { isOwn } from "../tfjs/own-source";
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
  readonly call: Call;
}

/** Layers of tfjs that have no public class; an instance leads to it. */
function improvements(): readonly Improvement[] {
  return [
    {
      prototype: prototypeOf(tf.layers.dropout({ rate: 0.5 })),
      call(this: tf.layers.Layer, inputs, kwargs) {
        return callDropout(this as unknown as DropoutLayer, inputs, kwargs);
      },
    },
    {
      prototype: prototypeOf(tf.layers.gaussianNoise({ stddev: 1 })),
      call(this: tf.layers.Layer, inputs, kwargs) {
        return callGaussianNoise(
          this as unknown as GaussianNoiseLayer,
          inputs,
          kwargs,
        );
      },
    },
    {
      prototype: prototypeOf(tf.layers.gaussianDropout({ rate: 0.5 })),
      call(this: tf.layers.Layer, inputs, kwargs) {
        return callGaussianDropout(
          this as unknown as GaussianDropoutLayer,
          inputs,
          kwargs,
        );
      },
    },
  ];
}

const installed: { improvement: Improvement; previous: Call }[] = [];

/** Replaces `call` on the prototypes, except where somebody has replaced it already. */
export function installLayers(): void {
  for (const improvement of improvements()) {
    const previous = improvement.prototype.call;
    if (!isOwn(previous, "layers")) continue;
    improvement.prototype.call = improvement.call;
    installed.push({ improvement, previous });
  }
}

/** Puts tfjs's own `call` back, except where somebody has replaced it since. */
export function uninstallLayers(): void {
  for (const { improvement, previous } of installed.splice(0)) {
    const { prototype, call } = improvement;
    if (prototype.call === call) prototype.call = previous;
  }
}

/** Whether a layer draws at random when it trains, itself or a layer within it. */
export function drawsAtRandom(layer: tf.layers.Layer): boolean {
  const within = (layer as Partial<tf.LayersModel>).layers ?? [];
  return (
    installed.some(({ improvement }) =>
      Object.prototype.isPrototypeOf.call(improvement.prototype, layer),
    ) || within.some(drawsAtRandom)
  );
}

function prototypeOf(layer: tf.layers.Layer): tf.layers.Layer {
  return Object.getPrototypeOf(layer) as tf.layers.Layer;
}
