/**
 * A model whose last layer is a softmax, trained on what went into that softmax.
 *
 * Cross-entropy of a softmax is −z[label] + log Σ exp z, a function of the logits z. Taken from the probabilities
 * instead, it has to be cut off where a probability rounds to 0: tfjs clips at 1e-7, so its loss ends at 16.118 and has
 * no slope there. Keras avoids this by remembering, on the softmax's output, the logits it came from, and looking for
 * them when the loss is computed. The same is done here: the last layer's `call` remembers its logits, the loss looks
 * them up. `predict` still gives probabilities, and nothing else of the model changes.
 */
import { declarePart } from "../engine/parts/declared-parts";
import {
  isStockFunction,
  isStockInstance,
} from "../engine/parts/stock-functions";
import { tf } from "../engine/tensorflow";
import { kerasType } from "../models/layer-names";
import { accuracy } from "./accuracy";

type Layer = tf.layers.Layer;
type Metric = (labels: tf.Tensor, predictions: tf.Tensor) => tf.Tensor;

/** What {@link compileOnLogits} can be told. */
export interface CompileOnLogitsOptions {
  /** tfjs's name of an optimizer, or an optimizer. `"adam"` has Keras's defaults, learning rate 0.001. */
  readonly optimizer: string | tf.Optimizer;
  /** Metrics, taken on the model's outputs; each is called by its function's name. {@link accuracy} unless told. */
  readonly metrics?: readonly Metric[];
}

/**
 * Sparse categorical cross-entropy on logits, −z[label] + log Σ exp z, in nats, one value a sample.
 *
 * `labels` (n, 1) or (n,) class numbers, `logits` (n, classes). Output (n,). Nothing is clipped. Fed with probabilities
 * it computes what "softmax taken twice" means: it then never falls below −ln(e / (e + classes − 1)).
 */
export function crossEntropyOnLogits(
  labels: tf.Tensor,
  logits: tf.Tensor,
): tf.Tensor1D {
  return tf.tidy(() => {
    const classes = logits.shape[logits.shape.length - 1]!;
    const oneHot = tf.oneHot(
      labels.flatten().toInt(),
      classes,
      1,
      0,
      "float32",
    );
    return tf.losses.softmaxCrossEntropy<tf.Tensor, tf.Tensor1D>(
      oneHot,
      logits,
      undefined,
      undefined,
      tf.Reduction.NONE,
    );
  });
}

declarePart(crossEntropyOnLogits);

/**
 * Compiles a model to be trained on its logits: sparse categorical cross-entropy, taken before the softmax.
 *
 * The model has one output. If its last layer has a softmax (as activation, or is one), the loss is taken on what goes
 * into it; if it has no activation, its outputs are the logits. Labels are class numbers, (n, 1). `fit`, `evaluate` and
 * `predict` are then called as ever; compiling anew with another loss undoes it.
 *
 * Throws an Error if the model has several outputs, or if its last layer ends in another activation.
 */
export function compileOnLogits(
  model: tf.LayersModel,
  options: CompileOnLogitsOptions,
): void {
  const { optimizer, metrics = [accuracy] } = options;
  const [output, ...others] = model.outputs;
  if (output === undefined || others.length > 0) {
    throw new Error(
      `Expected a model with one output, received one with ${model.outputs.length}`,
    );
  }
  const last = outputLayer(output.sourceLayer);
  const activation = activationOf(last);
  if (activation === "softmax") {
    rememberLogits(last);
  } else if (activation !== "linear") {
    throw new Error(
      `Expected the last layer to have the activation softmax or none, received ${activation}`,
    );
  }
  // Compiled with the name first: by this loss tfjs knows that labels are (n, 1), where it would ask a loss function
  // for one-hot labels. The function is put in its place afterwards.
  model.compile({
    optimizer,
    loss: "sparseCategoricalCrossentropy",
    metrics: [...metrics],
  });
  innerModel(model).lossFunctions = [lossOfOutputs];
}

/** Whether a model was compiled by {@link compileOnLogits}, and not anew since. */
export function isOnLogits(model: tf.LayersModel): boolean {
  return innerModel(model).lossFunctions?.[0] === lossOfOutputs;
}

/** The logits of a softmax's outputs, for as long as those outputs are alive. */
const logitsOfOutputs = new WeakMap<tf.Tensor, tf.Tensor>();

/** The layers that remember already: a model may be compiled more than once. */
const rememberingLayers = new WeakSet<Layer>();

declarePart(lossOfOutputs);

function lossOfOutputs(labels: tf.Tensor, outputs: tf.Tensor): tf.Tensor1D {
  return crossEntropyOnLogits(labels, logitsOfOutputs.get(outputs) ?? outputs);
}

/**
 * Lets a layer that ends in a softmax remember the logits of what it gives.
 *
 * The logits are computed outside any scope of the layer's own, so that they live until the training or test step
 * that called the layer ends, and are disposed of with it.
 */
function rememberLogits(layer: Layer): void {
  if (rememberingLayers.has(layer)) return;
  rememberingLayers.add(layer);
  const isStock = isStockInstance(layer) && isStockFunction(layer.call);
  const call = layer.call.bind(layer);
  const remembering: Layer["call"] = (inputs, kwargs) => {
    const [logits] = isSoftmaxLayer(layer)
      ? [inputs].flat().map((tensor) => tensor.clone())
      : [withoutSoftmax(layer, () => call(inputs, kwargs))].flat();
    if (logits === undefined) {
      throw new Error(
        "Expected the last layer to give a tensor, received none",
      );
    }
    const outputs = tf.softmax(logits);
    logitsOfOutputs.set(outputs, logits);
    return outputs;
  };
  layer.call = isStock ? declarePart(remembering) : remembering;
}

/** What a tfjs layer holds in `activation`. */
interface Activation {
  getClassName(): string;
  apply(tensor: tf.Tensor): tf.Tensor;
}

/**
 * Runs a layer with its softmax left out, by putting another activation in its place meanwhile. `activation` is a
 * private field of tfjs's layers: of the ways to the logits, this is the one that touches least.
 */
function withoutSoftmax(
  layer: Layer,
  run: () => tf.Tensor | tf.Tensor[],
): tf.Tensor | tf.Tensor[] {
  const owner = layer as unknown as { activation: Activation };
  const softmax = owner.activation;
  owner.activation = {
    getClassName: () => softmax.getClassName(),
    // A copy of the handle, not of the numbers: a layer's result must not be the very tensor it was given.
    apply: (tensor) => tensor.clone(),
  };
  try {
    return run();
  } finally {
    owner.activation = softmax;
  }
}

/** Name of the activation a layer ends in, `linear` if it has none. */
function activationOf(layer: Layer): string {
  if (isSoftmaxLayer(layer)) return "softmax";
  const { activation } = layer.getConfig();
  return typeof activation === "string" ? activation : "linear";
}

function isSoftmaxLayer(layer: Layer): boolean {
  return kerasType(layer) === "Softmax";
}

/** The layer that makes the output: where it is a model within the model, that one's own. */
function outputLayer(layer: Layer): Layer {
  const inner = (layer as Partial<tf.LayersModel>).outputs?.[0]?.sourceLayer;
  return inner === undefined || inner === layer ? layer : outputLayer(inner);
}

/** A sequential model hands all work to a functional one that it makes on compiling. */
function innerModel(model: tf.LayersModel): tf.LayersModel {
  return (model as unknown as { model?: tf.LayersModel }).model ?? model;
}
