/**
 * The penalties of layers: which regularizer each applies, and which of them a model's loss has.
 *
 * For a weight with a regularizer, a layer stores a function (`addWeight` of tfjs-layers' `Layer`).
 * The source of that function does not reveal the regularizer, so it is recorded on creation.
 */
import { hookMethod } from "../tfjs/hook";
import { layerInternals, type LayerInternals } from "../tfjs/layer-internals";
import { type LayerParts, partsOf, withParts } from "../tfjs/layer-parts";
import { tf } from "../tfjs/library";
import { once } from "../tfjs/once";
import { declarePart } from "./declared-parts";

interface Penalized {
  readonly regularizer: object;
  readonly weight: tf.LayerVariable;
}

const penalized = new WeakMap<object, Penalized>();

/**
 * Returns the regularizer that a penalty applies; undefined for other functions and for penalties
 * created before the first call of {@link followPenalties}.
 */
export function regularizerOf(penalty: object): object | undefined {
  return penalized.get(penalty)?.regularizer;
}

/**
 * Records penalties from the first call on, and makes a model's loss contain the penalty of each
 * trained weight once, as in Keras 3.
 *
 * tfjs counts a layer once for each use, leaves out the layers within recurrent layers and
 * wrappers, and counts frozen weights.
 */
export const followPenalties = once(() => {
  const layer = layerInternals(tf.layers.Layer.prototype);
  const record = hookMethod(
    layer,
    "addWeight",
    (addWeight) =>
      function (this: LayerInternals, ...parameters) {
        const before = this._losses.length;
        const weight = addWeight.call(this, ...parameters);
        const [, , , , regularizer] = parameters;
        for (const penalty of this._losses.slice(before)) {
          if (typeof regularizer === "object" && regularizer !== null) {
            penalized.set(penalty, { regularizer, weight });
          }
        }
        return weight;
      },
  );
  const calculate = hookMethod(
    // The class of all models, which tfjs does not export.
    Object.getPrototypeOf(tf.LayersModel.prototype) as tf.LayersModel,
    "calculateLosses",
    () =>
      function (this: tf.LayersModel) {
        return tf.tidy(() => penaltiesOf(this).map((penalty) => penalty()));
      },
  );
  declarePart(record.wrapper);
  declarePart(calculate.wrapper);
});

function penaltiesOf(model: tf.LayersModel): (() => tf.Scalar)[] {
  const trained = new Set<unknown>(model.trainableWeights);
  const layers = new Set<LayerParts>();
  addLayers(withParts(model), layers);
  return [...layers]
    .flatMap(({ _losses }) => _losses)
    .filter((penalty) => {
      const weight = penalized.get(penalty)?.weight;
      return weight === undefined || trained.has(weight);
    });
}

/** Adds the layers of a model, of those within it and of wrappers, in order. */
function addLayers(model: LayerParts, found: Set<LayerParts>): void {
  for (const part of partsOf(model)) {
    if (found.has(part)) continue;
    found.add(part);
    addLayers(part, found);
  }
}
