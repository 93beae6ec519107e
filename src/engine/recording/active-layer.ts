/**
 * Tracks the layer that is being applied.
 *
 * tfjs applies each layer by `Layer.prototype.apply`. This method is wrapped so that a recording
 * contains the layer of each operation.
 */
import { runtime } from "../engine-runtime";
import { declarePart } from "../parts/declared-parts";
import { hookMethod, type Hook } from "../tfjs/hook";
import { tf } from "../tfjs/library";

/** Returns the innermost layer that is being applied; undefined outside of layers. */
export function activeLayer(): tf.layers.Layer | undefined {
  return runtime.activeLayer;
}

/** Installs the wrapper. */
export function followLayers(): Hook {
  const hook = hookMethod(
    tf.layers.Layer.prototype,
    "apply",
    (apply) =>
      function (this: tf.layers.Layer, ...parameters) {
        return within(this, () => apply.apply(this, parameters));
      },
  );
  declarePart(hook.wrapper);
  return hook;
}

function within<Result>(layer: tf.layers.Layer, run: () => Result): Result {
  const before = runtime.activeLayer;
  runtime.activeLayer = layer;
  try {
    return run();
  } finally {
    runtime.activeLayer = before;
  }
}
