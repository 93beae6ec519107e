/**
 * Recurrent layers, their cells, and wrappers.
 */
import { tf } from "../../../engine/tensorflow";
import * as keras from "../../../keras";
import { registeredClass } from "../../../keras/registered-class";
import {
  isRecord,
  refusal,
  shortText,
  type KerasConfig,
} from "../keras-object";
import {
  kind,
  type KindParts,
  type LayerKind,
  type LayerOptions,
} from "../layer-kind";

const { layers } = tf;

const cell =
  "activation use_bias kernel_initializer recurrent_initializer bias_initializer kernel_regularizer recurrent_regularizer bias_regularizer kernel_constraint recurrent_constraint bias_constraint dropout recurrent_dropout";
const sequence = "return_sequences return_state go_backwards stateful unroll";
const window = "filters kernel_size strides padding dilation_rate";

const ignored: KindParts = {
  ignored: ["seed"],
  fixed: { zero_output_for_mask: false },
};

/** The layer's getConfig leaves it out. */
function withForgetBias(
  config: KerasConfig,
  layer: tf.layers.Layer,
): KerasConfig {
  const { cell } = layer as unknown as { readonly cell?: object };
  const { unitForgetBias } = (cell ?? layer) as {
    readonly unitForgetBias: boolean;
  };
  return { ...config, unit_forget_bias: unitForgetBias };
}

const lstm: KindParts = { ...ignored, afterWriting: withForgetBias };

function makeGruCell(options: LayerOptions): tf.layers.Layer {
  const { resetAfter = true, ...rest } = options;
  const Class = registeredClass<new (options: object) => tf.layers.Layer>(
    resetAfter === true ? "KerasGRUCell" : "GRUCell",
  );
  return new Class(rest);
}

const cells = [
  kind("SimpleRNNCell", `units ${cell}`, layers.simpleRNNCell, ignored),
  kind(
    "LSTMCell",
    `units recurrent_activation unit_forget_bias ${cell}`,
    layers.lstmCell,
    lstm,
  ),
  kind(
    "GRUCell",
    `units recurrent_activation reset_after ${cell}`,
    makeGruCell,
    { ...ignored, tfjs: ["GRUCell", "KerasGRUCell"] },
  ),
  kind("StackedRNNCells", "", layers.stackedRNNCells, {
    children: { cells: "cells" },
  }),
];

const recurrent = [
  kind("SimpleRNN", `units ${cell} ${sequence}`, layers.simpleRNN, ignored),
  kind(
    "LSTM",
    `units recurrent_activation unit_forget_bias ${cell} ${sequence}`,
    layers.lstm,
    lstm,
  ),
  kind(
    "GRU",
    `units recurrent_activation reset_after ${cell} ${sequence}`,
    keras.gru,
    { ...ignored, tfjs: ["GRU", "KerasGRU"] },
  ),
  kind(
    "ConvLSTM2D",
    `${window} recurrent_activation unit_forget_bias ${cell} ${sequence}`,
    keras.convLstm2d,
    { ...lstm, tfjs: ["ConvLSTM2D", "KerasConvLSTM2D"] },
  ),
  kind("RNN", sequence, layers.rnn, {
    ...ignored,
    children: { cell: "cell" },
  }),
];

/** The settings in which the two layers of a bidirectional layer may differ. */
const own = new Set([
  "name",
  "go_backwards",
  "zero_output_for_mask",
  "shared_object_id",
]);

/** Returns the text of a layer's settings that both layers of a bidirectional layer have. */
function shared(layer: unknown): string {
  return JSON.stringify(layer, (key, value: unknown) =>
    own.has(key) ? undefined : value,
  );
}

/** TensorFlow.js derives the backward layer from the forward one. */
function withoutBackwardLayer(config: KerasConfig, owner: string): KerasConfig {
  const { backward_layer: backward = null, layer, ...rest } = config;
  if (backward !== null && shared(backward) !== shared(layer)) {
    throw refusal(
      `the two layers of ${owner} to have the same settings`,
      shortText(backward),
    );
  }
  return { ...rest, layer: withoutMaskSetting(layer) };
}

/** Keras sets `zero_output_for_mask` of the layers, which matters only after a mask. */
function withoutMaskSetting(layer: unknown): unknown {
  if (!isRecord(layer) || !isRecord(layer["config"])) return layer;
  const { zero_output_for_mask: zero, ...config } = layer["config"];
  void zero;
  return { ...layer, config };
}

const wrappers = [
  kind("TimeDistributed", "", layers.timeDistributed, {
    children: { layer: "layer" },
  }),
  kind(
    "Bidirectional",
    "merge_mode",
    ({ mergeMode = null, ...rest }: LayerOptions) =>
      layers.bidirectional({ ...rest, mergeMode } as Parameters<
        typeof layers.bidirectional
      >[0]),
    {
      children: { layer: "forwardLayer" },
      beforeReading: withoutBackwardLayer,
      afterWriting: (config, layer, owner) => {
        const { forwardLayer } = layer as unknown as {
          readonly forwardLayer: { readonly goBackwards: boolean };
        };
        if (!forwardLayer.goBackwards) return config;
        throw refusal(
          `a layer without goBackwards in ${owner}, because Keras cannot load others`,
          "goBackwards true",
        );
      },
    },
  ),
];

/** The classes of this module. */
export const recurrentKinds: readonly LayerKind[] = [
  ...cells,
  ...recurrent,
  ...wrappers,
];
