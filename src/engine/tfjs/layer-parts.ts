/**
 * The layers within models, wrappers and recurrent layers.
 */
import { tf } from "./library";

/** A layer, with the fields that hold other layers. */
export interface LayerParts {
  readonly name: string;
  trainable: boolean;
  /** The variables that belong to the layer itself. */
  readonly _trainableWeights?: readonly tf.LayerVariable[];
  /** Functions that compute the penalties of these variables. */
  readonly _losses: readonly (() => tf.Scalar)[];
  /** The layers of a model. */
  readonly layers?: readonly LayerParts[];
  /** The layer of `TimeDistributed`. */
  readonly layer?: LayerParts;
  /** The layers of `Bidirectional`. */
  readonly forwardLayer?: LayerParts;
  readonly backwardLayer?: LayerParts;
  /** The cell of a recurrent layer. */
  readonly cell?: LayerParts;
  /** The cells of stacked cells. */
  readonly cells?: readonly LayerParts[];
}

/** Returns a layer or model with the fields of its parts. */
export function withParts(layer: tf.layers.Layer): LayerParts {
  return layer as unknown as LayerParts;
}

/** Returns the layers directly within a layer, in order; none for most layers. */
export function partsOf(layer: LayerParts): readonly LayerParts[] {
  const { layers, cells, forwardLayer, backwardLayer, cell } = layer;
  const parts = [layers, layer.layer, forwardLayer, backwardLayer, cell, cells];
  // A layer of the user may have other values under these names.
  return parts
    .flat()
    .filter(
      (part) => (part as unknown) instanceof tf.layers.Layer,
    ) as LayerParts[];
}

/** Returns the models and wrappers within a model, itself included, in order. */
export function containersOf(layer: LayerParts): readonly LayerParts[] {
  const parts = partsOf(layer);
  const own = parts.length > 0 && layer.cell === undefined ? [layer] : [];
  return [...own, ...parts.flatMap(containersOf)];
}

/** Returns which of the {@link containersOf} a model are frozen, by their number. */
export function frozenContainers(model: tf.layers.Layer): readonly number[] {
  return containersOf(withParts(model)).flatMap(({ trainable }, index) =>
    trainable ? [] : [index],
  );
}
