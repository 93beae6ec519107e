/**
 * The penalties of layers, and the regularizers that they apply.
 *
 * For a weight with a regularizer a layer keeps a function (`addWeight` of tfjs-layers' `Layer`), whose text does not tell what regularizer it
 * was made with. So that is noted when it is made.
 */
import { tf } from "../tfjs/library";
import { declarePart } from "./declared-parts";

const regularizers = new WeakMap<object, object>();

/** The regularizer that a penalty applies; undefined for a function that is no penalty, or was made before the engine came. */
export function regularizerOf(penalty: object): object | undefined {
  return regularizers.get(penalty);
}

interface LayerInsides {
  readonly _losses: readonly object[];
}

let isFollowing = false;

/** Begins to note them, once and for good. */
export function followPenalties(): void {
  if (isFollowing) return;
  isFollowing = true;
  const prototype = tf.layers.Layer.prototype as unknown as {
    addWeight(this: LayerInsides, ...parameters: unknown[]): unknown;
  };
  const { addWeight } = prototype;
  prototype.addWeight = declarePart(function (this, ...parameters) {
    const before = this._losses.length;
    const weight = addWeight.apply(this, parameters);
    const [, , , , regularizer] = parameters;
    for (const penalty of this._losses.slice(before)) {
      if (typeof regularizer === "object" && regularizer !== null) {
        regularizers.set(penalty, regularizer);
      }
    }
    return weight;
  });
}
