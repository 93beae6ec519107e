/**
 * Keeps a frozen model frozen that is the first layer of a sequential model.
 *
 * A `tf.Sequential` delegates to a functional model. If its first layer is a model, the functional
 * model consists of that model's own layers, and building it makes all their weights trainable
 * again: the frozen part is trained.
 */
import { hookMethod } from "./hook";
import { type LayerParts, partsOf, withParts } from "./layer-parts";
import { tf } from "./library";
import { once } from "./once";

interface SequentialInternals {
  readonly layers: readonly tf.layers.Layer[];
  /** The functional model, built when it is missing. */
  readonly model: tf.LayersModel | null;
}

/** Wraps `build` and `compile` of all sequential models. */
export const keepFirstModelFrozen = once(() => {
  const prototype = tf.Sequential.prototype as unknown as {
    build(this: SequentialInternals, shape?: tf.Shape | tf.Shape[]): void;
    compile(this: SequentialInternals, settings: tf.ModelCompileArgs): void;
  };
  hookMethod(
    prototype,
    "build",
    (build) =>
      function (this: SequentialInternals, shape) {
        build.call(this, shape);
        markFirst(this);
      },
  );
  hookMethod(
    prototype,
    "compile",
    (compile) =>
      function (this: SequentialInternals, settings) {
        // Parts may have been frozen or released since the model was built.
        if (this.model !== null) markFirst(this);
        compile.call(this, settings);
      },
  );
});

function markFirst({ layers: [first] }: SequentialInternals): void {
  if (first instanceof tf.LayersModel) mark(withParts(first), true);
}

/** Marks the weights within a layer: they are trained if each model around them is. */
function mark(layer: LayerParts, isTrained: boolean): void {
  const isModel = (layer as object) instanceof tf.LayersModel;
  const within = isTrained && (!isModel || layer.trainable);
  for (const weight of layer._trainableWeights ?? []) {
    weight.trainable = within;
  }
  for (const part of partsOf(layer)) mark(part, within);
}
