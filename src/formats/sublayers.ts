/**
 * The layers within models and within layers that wrap others.
 */
import { tf } from "../engine/tensorflow";

type Layer = tf.layers.Layer;

/** The fields of `Bidirectional` and `TimeDistributed`, which the types of tfjs do not declare. */
export interface Wrapper {
  readonly layer?: Layer;
  readonly forwardLayer?: Layer;
  readonly backwardLayer?: Layer;
}

/** Returns a model's layers, or undefined for a layer that is no model. */
export function layersOf(layer: Layer): readonly Layer[] | undefined {
  return layer instanceof tf.LayersModel ? layer.layers : undefined;
}

/** Returns the layers that a wrapper applies; none for other layers. */
export function wrappedLayers(layer: Layer): readonly Layer[] {
  const {
    backwardLayer,
    forwardLayer,
    layer: inner,
  } = layer as Layer & Wrapper;
  if (forwardLayer !== undefined) return [forwardLayer, backwardLayer!];
  return inner === undefined ? [] : [inner];
}
