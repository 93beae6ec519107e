/**
 * Models whose layers are shared, nested or frozen, with several inputs and outputs, the networks
 * of the course, and each optimizer with its state.
 */
import { tf } from "../../src/engine/tensorflow";
import { googLeNet, leNet5, smallInception, smallResNet } from "../../src";
import * as keras from "../../src/keras";
import type { ModelCase } from "./model-case";

type Tensor = tf.SymbolicTensor;

const { layers } = tf;

/** Calls a layer or a model. */
function call(layer: tf.layers.Layer, ...inputs: Tensor[]): Tensor {
  return layer.apply(inputs.length === 1 ? inputs[0]! : inputs) as Tensor;
}

/** A sequential model, normalized within. */
function block(units: number): tf.LayersModel {
  return tf.sequential({
    layers: [
      keras.dense({ units, inputShape: [4] }),
      keras.batchNormalization(),
      layers.reLU(),
    ],
  });
}

/** A functional model with two inputs and two outputs. */
function twoByTwo(): tf.LayersModel {
  const inputs = [tf.input({ shape: [4] }), tf.input({ shape: [4] })];
  const shared = keras.dense({ units: 4, activation: "tanh" });
  const [one, two] = inputs.map((input) => call(shared, input));
  const sum = call(layers.add(), one!, two!);
  return tf.model({
    inputs,
    outputs: [call(keras.dense({ units: 4 }), sum), call(shared, two!)],
  });
}

function nestedTwice(): tf.LayersModel {
  const inner = twoByTwo();
  const inputs = [tf.input({ shape: [4] }), tf.input({ shape: [4] })];
  const [one, two] = inner.apply(inputs) as Tensor[];
  const [three, four] = inner.apply([two!, inputs[0]!]) as Tensor[];
  const outputs = [call(layers.add(), one!, four!), three!];
  return tf.model({ inputs, outputs });
}

function deeplyNested(): tf.LayersModel {
  const inner = tf.sequential({
    layers: [block(4), keras.dense({ units: 4 })],
  });
  const input = tf.input({ shape: [4] });
  const once = call(inner, input);
  const outputs = call(layers.concatenate(), once, call(inner, once));
  return tf.model({
    inputs: input,
    outputs: call(block(2), call(keras.dense({ units: 4 }), outputs)),
  });
}

/** Layers of one depth whose numbers depend on the order in which the graph is walked. */
function unordered(): tf.LayersModel {
  const input = tf.input({ shape: [4] });
  const [a, b, c] = [4, 4, 4].map((units) => keras.dense({ units }));
  const deep = call(a!, call(c!, input));
  const outputs = [call(layers.add(), call(b!, input), deep), call(a!, input)];
  return tf.model({ inputs: input, outputs });
}

function initialState(): tf.LayersModel {
  const x = tf.input({ shape: [5, 3] });
  const encoder = keras.lstm({ units: 2, returnState: true });
  const [, h, c] = encoder.apply(x) as Tensor[];
  const decoder = keras.lstm({ units: 2, returnSequences: true });
  const y = tf.input({ shape: [4, 3] });
  const outputs = decoder.apply(y, {
    initialState: [h!, c!],
  }) as Tensor;
  return tf.model({ inputs: [x, y], outputs });
}

/** Outputs of two ranks, whose losses have different shapes. */
function twoRanks(): tf.LayersModel {
  const input = tf.input({ shape: [5, 3] });
  const steps = call(keras.lstm({ units: 4, returnSequences: true }), input);
  const last = call(keras.dense({ units: 2 }), call(layers.flatten(), steps));
  return tf.model({ inputs: input, outputs: [steps, last] });
}

/** A layer used twice counts once in the loss, and a frozen one not at all. */
function penalized(): tf.LayersModel {
  const input = tf.input({ shape: [4] });
  const kernelRegularizer = keras.l1l2({ l2: 0.3 });
  const shared = keras.dense({ units: 4, kernelRegularizer });
  const inner = tf.sequential({
    layers: [keras.dense({ units: 4, inputShape: [4], kernelRegularizer })],
  });
  const twice = call(inner, call(inner, call(shared, call(shared, input))));
  return tf.model({ inputs: input, outputs: twice });
}

function frozen(): tf.LayersModel {
  const input = tf.input({ shape: [4] });
  const [first, last] = [block(4), block(3)];
  first.trainable = false;
  const between = keras.dense({ units: 4, trainable: false });
  const outputs = call(last, call(between, call(first, input)));
  return tf.model({ inputs: input, outputs });
}

function distributed(): tf.LayersModel {
  const input = tf.input({ shape: [3, 4] });
  return tf.model({
    inputs: input,
    outputs: call(layers.timeDistributed({ layer: block(2) }), input),
  });
}

function withInputLayer(): tf.LayersModel {
  return tf.sequential({
    layers: [layers.inputLayer({ inputShape: [4] }), keras.dense({ units: 3 })],
  });
}

const trains = true;

/** Cases by the kind of graph. */
export const graphCases: Readonly<Record<string, ModelCase>> = {
  sequential: { model: () => block(3), trains },
  "sequential with an input layer": { model: withInputLayer, trains },
  "two inputs and outputs": { model: twoByTwo, trains },
  "a model used twice": { model: nestedTwice, trains },
  "models in models": { model: deeplyNested, trains },
  "layers of one depth": { model: unordered, trains },
  "initial state": { model: initialState, trains },
  "outputs of two ranks": { model: twoRanks, trains },
  "penalties of shared layers": { model: penalized, trains },
  "frozen layers": { model: frozen, trains },
  "a model in timeDistributed": { model: distributed, trains },
  leNet5: {
    model: () => leNet5({ scale: 0.5, inputShape: [32, 32, 1] }),
    trains,
  },
  smallResNet: {
    model: () =>
      smallResNet({
        scale: 0.25,
        inputShape: [16, 16, 3],
        units: 1,
        classes: 4,
      }),
    trains,
  },
  // These two have dropout.
  smallInception: {
    model: () =>
      smallInception({ scale: 0.1, inputShape: [32, 32, 3], classes: 4 }),
  },
  googLeNet: {
    model: () =>
      googLeNet({ scale: 0.02, inputShape: [64, 64, 3], classes: 4 }),
  },
};

/** A network for optimizers. The first layer is frozen, so it has weights without state. */
function trained(): tf.LayersModel {
  return tf.sequential({
    layers: [
      keras.dense({ units: 5, inputShape: [4], trainable: false }),
      keras.dense({ units: 4, activation: "tanh" }),
      keras.batchNormalization(),
      keras.dense({ units: 2 }),
    ],
  });
}

function optimizerCase(
  optimizer: () => tf.Optimizer,
  rest: Partial<ModelCase> = {},
): ModelCase {
  return { model: trained, trains, optimizer, steps: 5, ...rest };
}

/** Cases by the optimizer. */
export const optimizerCases: Readonly<Record<string, ModelCase>> = {
  "tf.train.sgd": optimizerCase(() => tf.train.sgd(0.05)),
  "tf.train.momentum": optimizerCase(() => tf.train.momentum(0.02, 0.9)),
  "tf.train.momentum of Nesterov": optimizerCase(() =>
    tf.train.momentum(0.02, 0.9, true),
  ),
  // Keras adds epsilon elsewhere; this one is too small to matter.
  "tf.train.adam": optimizerCase(() => tf.train.adam(0.01, 0.9, 0.999, 1e-12)),
  "tf.train.rmsprop": optimizerCase(() =>
    tf.train.rmsprop(0.01, 0.9, 0.5, 1e-7),
  ),
  "tf.train.adagrad": optimizerCase(() => tf.train.adagrad(0.05, 0.2)),
  "tf.train.adamax": optimizerCase(() => tf.train.adamax(0.01, 0.9, 0.99)),
  "keras.sgd": optimizerCase(() =>
    keras.sgd({ learningRate: 0.02, momentum: 0.9, nesterov: true }),
  ),
  "keras.adam": optimizerCase(() => keras.adam({ learningRate: 0.01 })),
  "keras.adam with amsgrad": optimizerCase(() =>
    keras.adam({ learningRate: 0.01, amsgrad: true, epsilon: 1e-5 }),
  ),
  "keras.nadam": optimizerCase(() => keras.nadam({ learningRate: 0.01 })),
  "keras.rmsprop": optimizerCase(() => keras.rmsprop({ learningRate: 0.01 })),
  "keras.rmsprop, centered": optimizerCase(() =>
    keras.rmsprop({ learningRate: 0.01, momentum: 0.5, centered: true }),
  ),
  "keras.adagrad": optimizerCase(() => keras.adagrad({ learningRate: 0.05 })),
  "keras.adamax": optimizerCase(() => keras.adamax({ learningRate: 0.01 })),
  "keras.adadelta": optimizerCase(() => keras.adadelta({ learningRate: 0.5 })),
  // Whole numbers, which Keras wants as floats.
  "keras.adadelta with a rate of 1": optimizerCase(() =>
    keras.adadelta({ learningRate: 1 }),
  ),
  "keras.adamW, cosine with warm-up, clipnorm": optimizerCase(() =>
    keras.adamW({
      learningRate: keras.optimizers.schedules.cosineDecay({
        ...{ initialLearningRate: 0.001, decaySteps: 12, alpha: 0.1 },
        ...{ warmupTarget: 0.02, warmupSteps: 4 },
      }),
      clipnorm: 0.5,
    }),
  ),
  "keras.sgd, exponential decay, weight decay": optimizerCase(() =>
    keras.sgd({
      learningRate: keras.optimizers.schedules.exponentialDecay({
        ...{ initialLearningRate: 0.05, decaySteps: 3, decayRate: 0.8 },
        staircase: true,
      }),
      ...{ momentum: 0.9, weightDecay: 0.01 },
    }),
  ),
  "keras.adagrad, epsilon, globalClipnorm": optimizerCase(() =>
    keras.adagrad({ learningRate: 0.05, epsilon: 1e-3, globalClipnorm: 0.3 }),
  ),
  "keras.adamax, piecewise, clipvalue": optimizerCase(() =>
    keras.adamax({
      learningRate: keras.optimizers.schedules.piecewiseConstantDecay({
        ...{ boundaries: [3, 9], values: [0.02, 0.01, 0.001] },
      }),
      clipvalue: 0.05,
    }),
  ),
  "keras.rmsprop, polynomial decay": optimizerCase(() =>
    keras.rmsprop({
      learningRate: keras.optimizers.schedules.polynomialDecay({
        ...{ initialLearningRate: 0.02, decaySteps: 20, power: 2 },
      }),
    }),
  ),
  "keras.nadam, cosine with restarts": optimizerCase(() =>
    keras.nadam({
      learningRate: keras.optimizers.schedules.cosineDecayRestarts({
        ...{ initialLearningRate: 0.01, firstDecaySteps: 4 },
      }),
    }),
  ),
  "keras.adadelta, inverse time, weight decay": optimizerCase(() =>
    keras.adadelta({
      learningRate: keras.optimizers.schedules.inverseTimeDecay({
        ...{ initialLearningRate: 0.5, decaySteps: 2, decayRate: 0.5 },
      }),
      weightDecay: 0.01,
    }),
  ),
  "keras.adam before the first step": optimizerCase(
    () => keras.adam({ learningRate: 0.01 }),
    { steps: 0 },
  ),
};
