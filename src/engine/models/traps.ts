/**
 * Warns about TensorFlow.js functions whose result differs from what their name says, where the
 * engine cannot substitute a correct one.
 *
 * Each warning is printed once per process, when such a model is trained or evaluated.
 */
import { warn } from "../../notebook/note";
import { runtime } from "../engine-runtime";
import { tf } from "../tfjs/library";
import { layerInternals } from "../tfjs/layer-internals";
import { innermostModel, type ModelInternals } from "../tfjs/model-internals";
import { optimizerInternals } from "../tfjs/optimizer-internals";

/** Models that were checked, by their losses, which are a new list whenever a model is compiled. */
const seen = new WeakSet<object>();

/** As {@link warnOfTraps}, but checks a model only once each time it is compiled. */
export function warnOfTrapsOnce(model: ModelInternals): void {
  if (seen.has(model.lossFunctions)) return;
  seen.add(model.lossFunctions);
  warnOfTraps(model);
}

/**
 * Warns on the console about problematic parts of a compiled model: tfjs's `adadelta` and centered
 * `rmsprop`, "accuracy" with the loss "binaryCrossentropy" and several outputs, tfjs's `precision`
 * and `recall`, its `alphaDropout`, its dilated `depthwiseConv2d`, and its `batchNormalization` if
 * it is frozen.
 *
 * If `model` is not compiled, only its layers are checked. Changes nothing.
 */
export function warnOfTraps(model: tf.LayersModel | ModelInternals): void {
  for (const text of trapsOf(model)) {
    if (runtime.warnings.has(text)) continue;
    runtime.warnings.add(text);
    warn(`convnotes: ${text}`);
  }
}

/**
 * Explains how an optimizer can make a weight NaN although no step was too large; `undefined` if no
 * such problem is known. Used in the message about the origin of a NaN loss.
 */
export function causeOfNaN(optimizer: tf.Optimizer): string | undefined {
  return isCenteredRMSProp(optimizer)
    ? "Centered tf.train.rmsprop makes every weight NaN whose gradient is 0, such as the weights of a unit that is always 0; keras.rmsprop({ centered: true }) does not."
    : undefined;
}

function trapsOf(model: tf.LayersModel | ModelInternals): string[] {
  return [
    ...optimizerTraps(innermostModel(model)),
    ...metricTraps(innermostModel(model)),
    ...layerTraps(model),
  ];
}

function optimizerTraps({ optimizer }: ModelInternals): string[] {
  if (optimizer === undefined || optimizer === null) return [];
  if (optimizer.getClassName() === "Adadelta") {
    return [
      "tf.train.adadelta is plain gradient descent in TensorFlow.js 4.22, with the same losses as tf.train.sgd; keras.adadelta is the method of the paper.",
    ];
  }
  const cause = causeOfNaN(optimizer);
  return cause === undefined ? [] : [cause];
}

function isCenteredRMSProp(optimizer: tf.Optimizer): boolean {
  return (
    optimizer.getClassName() === "RMSProp" &&
    optimizerInternals(optimizer).centered === true
  );
}

function metricTraps(model: ModelInternals): string[] {
  return model.outputs.flatMap((output, index) => {
    const metrics = metricsOf(model, index);
    const traps: string[] = [];
    const judgesElements =
      lossOf(model, index) === "binaryCrossentropy" &&
      (output.shape.at(-1) ?? 1) > 1 &&
      metrics.some((metric) => metric === "accuracy" || metric === "acc");
    if (judgesElements) {
      traps.push(
        'With the loss "binaryCrossentropy", the metric "accuracy" compares each element of a label separately: a one-hot label of 10 classes is 90 % right if every element is predicted as 0. Use keras.categoricalAccuracy for one-hot labels. Use tf.metrics.binaryAccuracy to compare elements without this warning.',
      );
    }
    for (const name of ["precision", "recall"] as const) {
      if (metrics.some((each) => each === name || each === tf.metrics[name])) {
        traps.push(
          `tf.metrics.${name} counts only predictions of exactly 1 as positive, so it is 0 for probabilities; keras.${name} counts predictions above 0.5.`,
        );
      }
    }
    return traps;
  });
}

/** The loss of one output, as passed to `compile`. */
function lossOf({ loss, outputNames }: ModelInternals, index: number): unknown {
  if (Array.isArray(loss)) return (loss as unknown[])[index];
  if (typeof loss !== "object" || loss === null) return loss;
  return (loss as Record<string, unknown>)[outputNames[index]!];
}

/**
 * The metrics of one output, as passed to `compile`: a list for all outputs, or an entry per output
 * name.
 */
function metricsOf(
  { metrics, outputNames }: ModelInternals,
  index: number,
): readonly unknown[] {
  const isByName =
    typeof metrics === "object" && metrics !== null && !Array.isArray(metrics);
  const own = isByName
    ? (metrics as Record<string, unknown>)[outputNames[index]!]
    : metrics;
  return [own].flat(2);
}

function layerTraps(model: Pick<ModelInternals, "layers">): string[] {
  return model.layers.flatMap((layer) => {
    if (layer instanceof tf.LayersModel) return layerTraps(layer);
    switch (layer.getClassName()) {
      case "AlphaDropout":
        return [
          "tf.layers.alphaDropout replaces dropped units with a value of the wrong sign, so the mean of the outputs is not 0; keras.alphaDropout does not.",
        ];
      case "DepthwiseConv2D":
        return isDilated(layer)
          ? [
              "tf.layers.depthwiseConv2d ignores `dilationRate`; keras.depthwiseConv2d does not.",
            ]
          : [];
      case "BatchNormalization":
        return isFrozen(layer)
          ? [
              "tf.layers.batchNormalization with `trainable` false still normalizes by each batch's mean and updates its averages in training; keras.batchNormalization does not, as in Keras.",
            ]
          : [];
      default:
        return [];
    }
  });
}

/** A model that contains a frozen layer marks the layer's weights. */
function isFrozen(layer: tf.layers.Layer): boolean {
  const { gamma, beta } = layerInternals(layer);
  return (
    !layer.trainable || [gamma, beta].some((each) => each?.trainable === false)
  );
}

function isDilated(layer: tf.layers.Layer): boolean {
  const { dilationRate = 1 } = layerInternals(layer);
  return [dilationRate].flat().some((rate) => rate > 1);
}
