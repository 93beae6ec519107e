/**
 * Maps the penalties of layers to the regularizers that they apply.
 *
 * For a weight with a regularizer, a layer stores a function (`addWeight` of tfjs-layers' `Layer`).
 * The source of that function does not reveal the regularizer, so it is recorded on creation.
 */
import { hookMethod } from "../tfjs/hook";
import { layerInternals, type LayerInternals } from "../tfjs/layer-internals";
import { tf } from "../tfjs/library";
import { once } from "../tfjs/once";
import { declarePart } from "./declared-parts";

const regularizers = new WeakMap<object, object>();

/**
 * Returns the regularizer that a penalty applies; undefined for other functions and for penalties
 * created before the engine was installed.
 */
export function regularizerOf(penalty: object): object | undefined {
  return regularizers.get(penalty);
}

/** Records penalties from the first call on. */
export const followPenalties = once(() => {
  const hook = hookMethod(
    layerInternals(tf.layers.Layer.prototype),
    "addWeight",
    (addWeight) =>
      function (this: LayerInternals, ...parameters) {
        const before = this._losses.length;
        const weight = addWeight.call(this, ...parameters);
        const [, , , , regularizer] = parameters;
        for (const penalty of this._losses.slice(before)) {
          if (typeof regularizer === "object" && regularizer !== null) {
            regularizers.set(penalty, regularizer);
          }
        }
        return weight;
      },
  );
  declarePart(hook.wrapper);
});
