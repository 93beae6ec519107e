/**
 * Maps the penalties of layers to the regularizers that they apply.
 *
 * For a weight with a regularizer, a layer stores a function (`addWeight` of tfjs-layers' `Layer`).
 * The source of that function does not reveal the regularizer, so it is recorded on creation.
 */
import { tf } from "../tfjs/library";
import { declarePart } from "./declared-parts";

const regularizers = new WeakMap<object, object>();

/**
 * Returns the regularizer that a penalty applies; undefined for other functions and for penalties
 * created before the engine was installed.
 */
export function regularizerOf(penalty: object): object | undefined {
  return regularizers.get(penalty);
}

interface LayerInternals {
  readonly _losses: readonly object[];
}

let isFollowing = false;

/** Starts to record penalties, permanently. */
export function followPenalties(): void {
  if (isFollowing) return;
  isFollowing = true;
  const prototype = tf.layers.Layer.prototype as unknown as {
    addWeight(this: LayerInternals, ...parameters: unknown[]): unknown;
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
