/**
 * Tracks the layer that is being applied.
 *
 * tfjs applies each layer by `Layer.prototype.apply`. This method is wrapped so that a recording
 * contains the layer of each operation.
 */
import { runtime } from "../engine-runtime";
import { declarePart } from "../parts/declared-parts";
import { memoryErrorOf } from "../memory-error";
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
        return withinLayer(this, () => apply.apply(this, parameters));
      },
  );
  declarePart(hook.wrapper);
  return hook;
}

/**
 * Runs a function while a layer is the active one. Errors of memory that could not be allocated
 * name the layer.
 */
export function withinLayer<Result>(
  layer: tf.layers.Layer | undefined,
  run: () => Result,
): Result {
  const before = runtime.activeLayer;
  runtime.activeLayer = layer;
  try {
    return run();
  } catch (error) {
    throw memoryErrorOf(error, { layer });
  } finally {
    runtime.activeLayer = before;
  }
}
