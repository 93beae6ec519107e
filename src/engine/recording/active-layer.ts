/**
 * Tracks the layer that is being applied.
 *
 * tfjs applies each layer by `Layer.prototype.apply`. This method is wrapped so that a recording
 * contains the layer of each operation.
 */
import { declarePart } from "../parts/declared-parts";
import { tf } from "../tfjs/library";

let active: tf.layers.Layer | undefined;

/** Returns the innermost layer that is being applied; undefined outside of layers. */
export function activeLayer(): tf.layers.Layer | undefined {
  return active;
}

const prototype = tf.layers.Layer.prototype;
const { apply } = prototype;

const followed = declarePart(function (
  this: tf.layers.Layer,
  ...parameters: Parameters<typeof apply>
) {
  return within(this, () => apply.apply(this, parameters));
});

function within<Result>(layer: tf.layers.Layer, run: () => Result): Result {
  const before = active;
  active = layer;
  try {
    return run();
  } finally {
    active = before;
  }
}

/** Installs the wrapper. */
export function followLayers(): void {
  if (prototype.apply === apply) prototype.apply = followed;
}

/** Removes the wrapper, unless other code has replaced it since. */
export function unfollowLayers(): void {
  if (prototype.apply === followed) prototype.apply = apply;
}
