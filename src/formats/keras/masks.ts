/**
 * Finds masks that change what a layer computes in Keras, but not in TensorFlow.js.
 */
import type { tf } from "../../engine/tensorflow";
import { refusal } from "./keras-object";
import {
  isModel,
  isSequential,
  storedLayersOf,
  usesIn,
  type LayerUse,
  type Model,
} from "./layer-tree";

type Layer = tf.layers.Layer;

/** Layers that skip masked steps in both libraries. */
const recurrent: ReadonlySet<string> = new Set([
  "SimpleRNN",
  "LSTM",
  "GRU",
  "KerasGRU",
  "RNN",
  "ConvLSTM2D",
  "KerasConvLSTM2D",
  "Bidirectional",
]);

/** Layers that compute each step by itself, and pass a mask on. */
const stepwise: ReadonlySet<string> = new Set([
  "Dense",
  "Activation",
  "Dropout",
  "SpatialDropout1D",
  "TimeDistributed",
  "AlphaDropout",
  "KerasAlphaDropout",
  "GaussianNoise",
  "GaussianDropout",
  "ReLU",
  "LeakyReLU",
  "ELU",
  "KerasELU",
  "PReLU",
  "ThresholdedReLU",
  "KerasThresholdedReLU",
  "Softmax",
  "KerasSoftmax",
  "LayerNormalization",
  "KerasLayerNormalization",
]);

/**
 * Checks that masks of `Masking` and `Embedding` reach only layers that treat them alike and, if
 * the model is compiled, no output: Keras's losses and metrics leave out masked steps.
 *
 * Throws an Error (`ERR_UNSUPPORTED`) that names the first other layer, or the output.
 */
export function checkMasks(model: tf.LayersModel, isCompiled: boolean): void {
  if (!givesMask(model, false) || !isCompiled) return;
  throw refusal(
    "no mask that reaches an output of a compiled model, because TensorFlow.js ignores masks in losses",
    `one of Masking or Embedding in ${model.name}; without loss and optimizer (\`includeOptimizer: false\`, \`compile: false\`) it is accepted`,
  );
}

/** Whether the outputs of a model have a mask, if its inputs have one. */
function givesMask(model: Model, isMasked: boolean): boolean {
  if (isSequential(model)) {
    return storedLayersOf(model).reduce(
      (masked, layer) => passesMask(layer, masked),
      isMasked,
    );
  }
  const masked = new Set(isMasked ? model.inputs.map(({ id }) => id) : []);
  let size: number;
  // A layer that is used several times may come before the layers of a later use.
  do {
    size = masked.size;
    for (const layer of model.layers) {
      for (const use of usesIn(model, layer)) {
        if (passesMask(layer, hasMask(use, masked))) {
          for (const { id } of use.outputTensors) masked.add(id);
        }
      }
    }
  } while (masked.size > size);
  return model.outputs.some(({ id }) => masked.has(id));
}

function hasMask(use: LayerUse, masked: ReadonlySet<number>): boolean {
  return use.inputTensors.some(({ id }) => masked.has(id));
}

/** Whether the output of a layer has a mask. Refuses a mask that the layer ignores. */
function passesMask(layer: Layer, isMasked: boolean): boolean {
  if (isModel(layer)) return givesMask(layer, isMasked);
  const name = layer.getClassName();
  if (name === "InputLayer") return isMasked;
  if (name === "Masking") return true;
  if (name === "Embedding") return layer.getConfig()["maskZero"] === true;
  if (!isMasked) return false;
  if (recurrent.has(name)) return returnsSequences(layer);
  if (stepwise.has(name)) return true;
  throw refusal(
    `no mask that reaches the layer ${layer.name}, because TensorFlow.js ignores masks in ${name}`,
    "one of Masking or Embedding",
  );
}

function returnsSequences(layer: Layer): boolean {
  const { forwardLayer, returnSequences } = layer as unknown as {
    readonly returnSequences?: boolean;
    readonly forwardLayer?: { readonly returnSequences?: boolean };
  };
  return (forwardLayer ?? { returnSequences }).returnSequences === true;
}
