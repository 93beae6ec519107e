/**
 * The layers within models and within layers that wrap others.
 */
import type { tf } from "../engine/tensorflow";

type Layer = tf.layers.Layer;

/** Returns a model's layers, or undefined for a layer that is no model. */
export function layersOf(layer: Layer): readonly Layer[] | undefined {
  return (layer as Partial<tf.LayersModel>).layers;
}

/** The fields of `Bidirectional` and `TimeDistributed`. */
interface Wrapper {
  readonly layer?: Layer;
  readonly forwardLayer?: Layer;
  readonly backwardLayer?: Layer;
}

/** Returns the layers that a wrapper applies; none for other layers. */
export function wrappedLayers(layer: Layer): readonly Layer[] {
  const wrapper = layer as Layer & Wrapper;
  if (wrapper.forwardLayer !== undefined) {
    return [wrapper.forwardLayer, wrapper.backwardLayer!];
  }
  return wrapper.layer === undefined ? [] : [wrapper.layer];
}
