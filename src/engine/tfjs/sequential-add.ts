/**
 * Makes a sequential model notice layers that are added after its first use.
 *
 * A `tf.Sequential` delegates to a functional model, which it builds at its first `predict`,
 * `summary` or `countParams`. `add` leaves that model in place, so that `predict` gives the output
 * of the layers from before.
 */
import { hookMethod } from "./hook";
import { tf } from "./library";
import { once } from "./once";

interface SequentialInternals {
  add(layer: tf.layers.Layer): void;
  /** The functional model, built when it is missing. */
  model: tf.LayersModel | null;
}

/** Wraps `add` of all sequential models. */
export const rebuildAfterAdd = once(() => {
  const prototype = tf.Sequential.prototype as unknown as {
    add(this: SequentialInternals, layer: tf.layers.Layer): void;
  };
  hookMethod(
    prototype,
    "add",
    (add) =>
      function (this: SequentialInternals, layer) {
        add.call(this, layer);
        this.model = null;
      },
  );
});
