/**
 * Training of a model with a softmax output on the logits, the softmax's input.
 *
 * Cross-entropy of a softmax is −z[label] + log Σ exp z, a function of the logits z. Computed from
 * probabilities, it has to be clipped where a probability rounds to 0: tfjs clips at 1e-7, so its
 * loss is at most 16.118, with zero gradient there. Keras avoids this by storing the logits with
 * the output of the softmax, and using them in the loss. This module does the same: the last
 * layer's `call` stores its logits, and the loss looks them up. `predict` still returns
 * probabilities, and nothing else about the model changes.
 */
import { declarePart } from "../engine/parts/declared-parts";
import {
  isStockFunction,
  isStockInstance,
} from "../engine/parts/stock-functions";
import { tf } from "../engine/tensorflow";
import { kerasType } from "../models/layer-names";
import { formerFunction } from "../notebook/former-names";
import { coded } from "../notebook/coded-error";
import { accuracy } from "./accuracy";

type Layer = tf.layers.Layer;

/** Options of {@link compileFromLogits}. */
export interface CompileFromLogitsOptions {
  /** An optimizer, or tfjs's name of one. `"adam"` has Keras's defaults, learning rate 0.001. */
  readonly optimizer: string | tf.Optimizer;
  /** Metrics of the model's outputs, named after their functions. {@link accuracy} by default. */
  readonly metrics?: readonly ((
    labels: tf.Tensor,
    predictions: tf.Tensor,
  ) => tf.Tensor)[];
}

/**
 * Sparse categorical cross-entropy on logits, −z[label] + log Σ exp z, in nats, one value per
 * sample, or per step or pixel of a sample.
 *
 * `labels` (n, …, 1) or (n, …) class indices, `logits` (n, …, classes). Output (n, …), of
 * `Rank` axes; 1 by default. Nothing is clipped. Applied to probabilities, it computes a double
 * softmax, and is never below −ln(e / (e + classes − 1)).
 */
export function crossEntropyFromLogits<Rank extends tf.Rank = tf.Rank.R1>(
  labels: tf.Tensor,
  logits: tf.Tensor,
): tf.Tensor<Rank> {
  return tf.tidy(() => {
    const classes = logits.shape[logits.shape.length - 1]!;
    const oneHot = tf.oneHot(
      labels.flatten().toInt(),
      classes,
      1,
      0,
      "float32",
    );
    return tf.losses.softmaxCrossEntropy(
      logits.rank === 2 ? oneHot : oneHot.reshape(logits.shape),
      logits,
      undefined,
      undefined,
      tf.Reduction.NONE,
    );
  });
}

declarePart(crossEntropyFromLogits);

/** @deprecated Use {@link crossEntropyFromLogits}. */
export const crossEntropyOnLogits = declarePart(
  formerFunction("crossEntropyOnLogits", crossEntropyFromLogits),
);

/**
 * Compiles a model for training on its logits: sparse categorical cross-entropy, computed before
 * the softmax.
 *
 * The model must have one output. If its last layer is a softmax or has a softmax activation, the
 * loss uses the softmax's input; if it has no activation, its outputs are the logits. Labels are
 * class indices, (n, 1), or (n, …, 1) for each step or pixel. `fit`, `evaluate` and `predict` work
 * as usual. Compiling the model again with another loss reverts this.
 *
 * Throws an Error (`ERR_UNSUPPORTED`) if the model has several outputs, or if its last layer has
 * another activation.
 */
export function compileFromLogits(
  model: tf.LayersModel,
  options: CompileFromLogitsOptions,
): void {
  const { optimizer, metrics = [accuracy] } = options;
  const [output, ...others] = model.outputs;
  if (output === undefined || others.length > 0) {
    throw coded(
      "ERR_UNSUPPORTED",
      new Error(
        `Expected a model with one output, received one with ${model.outputs.length}`,
      ),
    );
  }
  const last = outputLayer(output.sourceLayer);
  const activation = activationOf(last);
  if (activation === "softmax") {
    storeLogits(last);
  } else if (activation !== "linear") {
    throw coded(
      "ERR_UNSUPPORTED",
      new Error(
        `Expected the last layer to have the activation softmax or none, received ${activation}`,
      ),
    );
  }
  // Compiles with the name first: for this loss tfjs expects labels (n, 1), while it expects
  // one-hot labels for a loss function. The function then replaces the named loss.
  model.compile({
    optimizer,
    loss: "sparseCategoricalCrossentropy",
    metrics: [...metrics],
  });
  innerModel(model).lossFunctions = [lossOfOutputs];
}

/** @deprecated Use {@link compileFromLogits}. */
export const compileOnLogits = formerFunction(
  "compileOnLogits",
  compileFromLogits,
);

/** Whether a model was compiled by {@link compileFromLogits}, and not compiled otherwise since. */
export function isCompiledFromLogits(model: tf.LayersModel): boolean {
  return innerModel(model).lossFunctions?.[0] === lossOfOutputs;
}

/** Whether the last layer of a model's first output is a softmax or has a softmax activation. */
export function hasSoftmax(model: tf.LayersModel): boolean {
  return activationOf(outputLayer(model.outputs[0]!.sourceLayer)) === "softmax";
}

/** The logits of softmax outputs, for the lifetime of those outputs. */
const logitsOfOutputs = new WeakMap<tf.Tensor, tf.Tensor>();

/** Layers that already store their logits, because a model may be compiled more than once. */
const wrappedLayers = new WeakSet<Layer>();

declarePart(lossOfOutputs);

function lossOfOutputs(labels: tf.Tensor, outputs: tf.Tensor): tf.Tensor {
  return crossEntropyFromLogits(
    labels,
    logitsOfOutputs.get(outputs) ?? outputs,
  );
}

/**
 * Makes a layer with a softmax output store the logits of its outputs.
 *
 * The logits are computed outside any tidy scope of the layer, so they live until the calling
 * training or test step ends and are then disposed of.
 */
function storeLogits(layer: Layer): void {
  if (wrappedLayers.has(layer)) return;
  wrappedLayers.add(layer);
  const isStock = isStockInstance(layer) && isStockFunction(layer.call);
  const call = layer.call.bind(layer);
  const callAndStoreLogits: Layer["call"] = (inputs, kwargs) => {
    const [logits] = isSoftmaxLayer(layer)
      ? [inputs].flat().map((tensor) => tensor.clone())
      : [withoutSoftmax(layer, () => call(inputs, kwargs))].flat();
    if (logits === undefined) {
      throw coded(
        "ERR_INVALID_VALUE",
        new Error("Expected the last layer to return a tensor, received none"),
      );
    }
    const outputs = tf.softmax(logits);
    logitsOfOutputs.set(outputs, logits);
    return outputs;
  };
  layer.call = isStock ? declarePart(callAndStoreLogits) : callAndStoreLogits;
}

/** The `activation` of a tfjs layer. */
interface Activation {
  getClassName(): string;
  apply(tensor: tf.Tensor): tf.Tensor;
}

/**
 * Runs a layer without its softmax by temporarily replacing the activation. `activation` is a
 * private field of tfjs's layers; this is the least invasive way to obtain the logits.
 */
function withoutSoftmax(
  layer: Layer,
  run: () => tf.Tensor | tf.Tensor[],
): tf.Tensor | tf.Tensor[] {
  const owner = layer as unknown as { activation: Activation };
  const softmax = owner.activation;
  owner.activation = {
    getClassName: () => softmax.getClassName(),
    // Copies the handle, not the values: a layer must not return its input tensor itself.
    apply: (tensor) => tensor.clone(),
  };
  try {
    return run();
  } finally {
    owner.activation = softmax;
  }
}

/** Returns the name of a layer's activation, `linear` if it has none. */
function activationOf(layer: Layer): string {
  if (isSoftmaxLayer(layer)) return "softmax";
  const { activation } = layer.getConfig();
  return typeof activation === "string" ? activation : "linear";
}

function isSoftmaxLayer(layer: Layer): boolean {
  return kerasType(layer) === "Softmax";
}

/** Returns the layer that produces the output, also within nested models. */
function outputLayer(layer: Layer): Layer {
  const inner = (layer as Partial<tf.LayersModel>).outputs?.[0]?.sourceLayer;
  return inner === undefined || inner === layer ? layer : outputLayer(inner);
}

/** Returns the functional model to which a compiled sequential model delegates. */
function innerModel(model: tf.LayersModel): tf.LayersModel {
  return (model as unknown as { model?: tf.LayersModel }).model ?? model;
}
