/**
 * Members of tfjs's layers that the engine wraps or reads and that its types do not declare.
 */
import { tf } from "./library";

/** A weight of a layer. */
export interface Weight {
  readonly trainable?: boolean;
  read(): tf.Tensor;
  write(value: tf.Tensor): unknown;
}

/** The internals of layers; each class has some of them. */
export interface LayerInternals {
  /** Functions that compute the penalties of the weights. */
  readonly _losses: readonly (() => tf.Scalar)[];
  readonly rate?: number;
  readonly stateful?: boolean;
  readonly dilationRate?: number | readonly number[];
  readonly gamma?: Weight | null;
  readonly beta?: Weight | null;
  /** The fifth parameter is the regularizer. */
  addWeight(...parameters: readonly unknown[]): tf.LayerVariable;
}

/** A layer that draws random values in training. */
interface RandomLayer {
  invokeCallHook(inputs: tf.Tensor | tf.Tensor[], kwargs: object): void;
}

/** tfjs's `Dropout`, and layers that extend it. */
export interface DropoutLayer extends RandomLayer {
  readonly rate: number;
  readonly seed?: number;
  getNoiseShape(input: tf.Tensor): number[] | null | undefined;
}

/** tfjs's `GaussianNoise`. */
export interface GaussianNoiseLayer extends RandomLayer {
  readonly stddev: number;
}

/** tfjs's `GaussianDropout`. */
export interface GaussianDropoutLayer extends RandomLayer {
  readonly rate: number;
}

/** tfjs's `BatchNormalization`. */
export interface BatchNormalizationLayer {
  readonly axis: number;
  readonly momentum: number;
  readonly epsilon: number;
  readonly gamma?: Weight | null;
  readonly beta?: Weight | null;
  readonly movingMean: Weight;
  readonly movingVariance: Weight;
}

/** Returns the internals of a layer. */
export function layerInternals(layer: tf.layers.Layer): LayerInternals {
  return layer as unknown as LayerInternals;
}

/**
 * Returns the prototypes of layers that have no public class, by the class's name. They are taken
 * from instances.
 */
export function layerPrototypes(): Readonly<
  Record<
    "BatchNormalization" | "Dropout" | "GaussianDropout" | "GaussianNoise",
    tf.layers.Layer
  >
> {
  return {
    BatchNormalization: prototypeOf(tf.layers.batchNormalization()),
    Dropout: prototypeOf(tf.layers.dropout({ rate: 0.5 })),
    GaussianDropout: prototypeOf(tf.layers.gaussianDropout({ rate: 0.5 })),
    GaussianNoise: prototypeOf(tf.layers.gaussianNoise({ stddev: 1 })),
  };
}

function prototypeOf(layer: tf.layers.Layer): tf.layers.Layer {
  return Object.getPrototypeOf(layer) as tf.layers.Layer;
}
