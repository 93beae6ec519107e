/**
 * Warnings of what TensorFlow.js computes otherwise than its name says, where no other name can be put in its place.
 *
 * Each is said once in a process, on the console, when such a model is trained or evaluated.
 */
import { warn } from "../../notebook/note";
import { tf } from "../tfjs/library";
import type { ModelInsides } from "./insides";

/** The fields of a compiled model that are read; most are not in tfjs's types. */
interface CompiledModel {
  readonly optimizer?: tf.Optimizer;
  readonly loss?: unknown;
  readonly metrics?: unknown;
  readonly outputs: readonly tf.SymbolicTensor[];
  readonly outputNames: readonly string[];
}

const said = new Set<string>();

/** Models that were looked at, by their losses, a new list whenever a model is compiled. */
const seen = new WeakSet<object>();

/** {@link warnOfTraps}, but a model that is trained step by step is looked at once for each time that it is compiled. */
export function warnOfTrapsOnce(model: ModelInsides): void {
  if (seen.has(model.lossFunctions)) return;
  seen.add(model.lossFunctions);
  warnOfTraps(model as unknown as tf.LayersModel);
}

/**
 * Warns on the console of what a compiled model has of: `adadelta` and centred `rmsprop` of tfjs, "accuracy" beside the loss
 * "binaryCrossentropy" with several outputs, tfjs's `precision` and `recall`, its `alphaDropout`, its dilated `depthwiseConv2d`, and its
 * `batchNormalization` where it is frozen.
 *
 * `model` compiled or not; one that is not compiled has only its layers looked at. Changes nothing.
 */
export function warnOfTraps(model: tf.LayersModel): void {
  for (const text of trapsOf(model)) {
    if (said.has(text)) continue;
    said.add(text);
    warn(`convnotes: ${text}`);
  }
}

/**
 * What in an optimizer can make a weight NaN although no step was too large; `undefined` if nothing is known of it.
 *
 * For the message that says where a loss became NaN.
 */
export function causeOfNaN(optimizer: tf.Optimizer): string | undefined {
  return isCentredRMSProp(optimizer)
    ? "Centred tf.train.rmsprop makes every weight NaN to which no gradient flows, such as those of a unit that is always 0; keras.rmsprop({ centered: true }) does not."
    : undefined;
}

function trapsOf(model: tf.LayersModel): string[] {
  return [
    ...optimizerTraps(compiledModel(model)),
    ...metricTraps(compiledModel(model)),
    ...layerTraps(model),
  ];
}

/** A sequential model hands all work to a functional one that it makes on compiling. */
function compiledModel(model: tf.LayersModel): CompiledModel {
  const inner = (model as unknown as { model?: CompiledModel }).model;
  return inner ?? (model as unknown as CompiledModel);
}

function optimizerTraps({ optimizer }: CompiledModel): string[] {
  if (optimizer === undefined || optimizer === null) return [];
  if (optimizer.getClassName() === "Adadelta") {
    return [
      "tf.train.adadelta is plain gradient descent in TensorFlow.js 4.22, with the same losses as tf.train.sgd; keras.adadelta is the method of the paper.",
    ];
  }
  const cause = causeOfNaN(optimizer);
  return cause === undefined ? [] : [cause];
}

function isCentredRMSProp(optimizer: tf.Optimizer): boolean {
  return (
    optimizer.getClassName() === "RMSProp" &&
    (optimizer as unknown as { centered?: boolean }).centered === true
  );
}

function metricTraps(model: CompiledModel): string[] {
  return model.outputs.flatMap((output, index) => {
    const metrics = metricsOf(model, index);
    const traps: string[] = [];
    const judgesElements =
      lossOf(model, index) === "binaryCrossentropy" &&
      (output.shape.at(-1) ?? 1) > 1 &&
      metrics.some((metric) => metric === "accuracy" || metric === "acc");
    if (judgesElements) {
      traps.push(
        'Beside the loss "binaryCrossentropy" the metric "accuracy" judges each element of a label by itself, so that a one-hot label of 10 classes is 90 % right when all is taken for 0. For one-hot labels: keras.categoricalAccuracy. Where elements are meant: tf.metrics.binaryAccuracy, without this warning.',
      );
    }
    for (const name of ["precision", "recall"] as const) {
      if (metrics.some((each) => each === name || each === tf.metrics[name])) {
        traps.push(
          `tf.metrics.${name} counts only predictions of exactly 1 as positive, and is 0 for probabilities; keras.${name} counts those above 0.5.`,
        );
      }
    }
    return traps;
  });
}

/** The loss of one output, as it was given to `compile`. */
function lossOf({ loss, outputNames }: CompiledModel, index: number): unknown {
  if (Array.isArray(loss)) return (loss as unknown[])[index];
  if (typeof loss !== "object" || loss === null) return loss;
  return (loss as Record<string, unknown>)[outputNames[index]!];
}

/** The metrics of one output, as they were given to `compile`: a list for all outputs, or one for each by its name. */
function metricsOf(
  { metrics, outputNames }: CompiledModel,
  index: number,
): readonly unknown[] {
  const isByName =
    typeof metrics === "object" && metrics !== null && !Array.isArray(metrics);
  const own = isByName
    ? (metrics as Record<string, unknown>)[outputNames[index]!]
    : metrics;
  return [own].flat(2);
}

function layerTraps(model: tf.LayersModel): string[] {
  return model.layers.flatMap((layer) => {
    const { layers } = layer as Partial<tf.LayersModel>;
    if (layers !== undefined) return layerTraps(layer as tf.LayersModel);
    switch (layer.getClassName()) {
      case "AlphaDropout":
        return [
          "tf.layers.alphaDropout replaces dropped units by a value of the wrong sign, so that the mean of the outputs is no longer 0; keras.alphaDropout does not.",
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
              "tf.layers.batchNormalization with `trainable` false still normalises by each batch's mean and updates its averages in training; keras.batchNormalization does not, as in Keras.",
            ]
          : [];
      default:
        return [];
    }
  });
}

/** A model around a layer that is frozen marks the layer's weights. */
function isFrozen(layer: tf.layers.Layer): boolean {
  const { gamma, beta } = layer as unknown as Record<
    "gamma" | "beta",
    tf.LayerVariable | undefined
  >;
  return (
    !layer.trainable || [gamma, beta].some((each) => each?.trainable === false)
  );
}

function isDilated(layer: tf.layers.Layer): boolean {
  const { dilationRate } = layer as unknown as { dilationRate: number[] };
  return [dilationRate].flat().some((rate) => rate > 1);
}
