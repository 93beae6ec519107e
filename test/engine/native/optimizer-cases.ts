/**
 * All optimizers, with their published formulas in float64.
 */
import { tf } from "../../../src/engine";
import * as keras from "../../../src/keras";

/**
 * Returns the value that a step subtracts from a weight. Keeps the state of one weight between
 * steps.
 */
export type Rule = (gradient: number, rate: number) => number;

/** An optimizer and its formula. */
export interface OptimizerCase {
  readonly name: string;
  readonly make: (rate: number) => tf.Optimizer;
  readonly rate: number;
  readonly formula: () => Rule;
  /**
   * A similar formula that the optimizer does not use, to check that the test distinguishes them.
   */
  readonly otherFormula: () => Rule;
}

const { sqrt, abs, max } = Math;

const descent =
  (factor = 1) =>
  (): Rule =>
  (g, rate) =>
    factor * rate * g;

/**
 * Sutskever et al. 2013 as in TensorFlow: accumulates gradients, and scales the sum by the current
 * rate.
 */
const sumOfGradients =
  (share: number, nesterov = false) =>
  (): Rule => {
    let a = 0;
    return (g, rate) => {
      a = share * a + g;
      return rate * (nesterov ? g + share * a : a);
    };
  };

/**
 * Sutskever et al. 2013, equations 1 to 4, as in Keras: accumulates changes, each scaled by the
 * rate of its step.
 */
const sumOfChanges =
  (share: number, nesterov = false) =>
  (): Rule => {
    let change = 0;
    return (g, rate) => {
      change = share * change + rate * g;
      return nesterov ? share * change + rate * g : change;
    };
  };

/**
 * Tieleman and Hinton 2012; `centered`: Graves 2013, equations 38 to 41. `sign` is that of epsilon
 * inside the root.
 */
const rootMeanSquare =
  (
    [rho, share, epsilon]: readonly [number, number, number],
    centered = false,
    sign = 1,
  ) =>
  (): Rule => {
    let [square, mean, change] = [0, 0, 0];
    return (g, rate) => {
      square = rho * square + (1 - rho) * g ** 2;
      mean = rho * mean + (1 - rho) * g;
      const variance = square - (centered ? mean ** 2 : 0);
      change = share * change + (rate * g) / sqrt(variance + sign * epsilon);
      return change;
    };
  };

/**
 * Kingma and Ba 2015, algorithm 1. `hat`: epsilon is added to the uncorrected root. `largest`:
 * Reddi et al. 2018, algorithm 2.
 */
const adam =
  (epsilon: number, hat = false, largest = false, beta2 = 0.999) =>
  (): Rule => {
    const beta1 = 0.9;
    let [m, v, most, t] = [0, 0, 0, 0];
    return (g, rate) => {
      t += 1;
      m = beta1 * m + (1 - beta1) * g;
      v = beta2 * v + (1 - beta2) * g ** 2;
      most = max(most, v);
      const left = 1 - beta2 ** t;
      const root = sqrt((largest ? most : v) / left);
      const first = m / (1 - beta1 ** t);
      return (rate * first) / (root + (hat ? epsilon / sqrt(left) : epsilon));
    };
  };

/** Kingma and Ba 2015, algorithm 2, with an epsilon and the rate decay of tfjs. */
const adamax =
  (epsilon: number, decay = 0) =>
  (): Rule => {
    const [beta1, beta2] = [0.9, 0.9];
    let [m, u, t] = [0, 0, 0];
    return (g, rate) => {
      const slowed = rate / (1 + decay * t);
      t += 1;
      m = beta1 * m + (1 - beta1) * g;
      u = max(beta2 * u, abs(g));
      return ((slowed / (1 - beta1 ** t)) * m) / (u + epsilon);
    };
  };

/** Dozat 2016, with Keras's schedule for β₁. */
const nadam =
  (epsilon: number, ahead = true) =>
  (): Rule => {
    const [beta1, beta2] = [0.9, 0.999];
    const betaAt = (t: number) => beta1 * (1 - 0.5 * 0.96 ** t);
    let [m, v, t, product] = [0, 0, 0, 1];
    return (g, rate) => {
      t += 1;
      const [now, next] = [betaAt(t), betaAt(t + 1)];
      product *= now;
      m = beta1 * m + (1 - beta1) * g;
      v = beta2 * v + (1 - beta2) * g ** 2;
      const mean = ahead
        ? (next * m) / (1 - product * next) + ((1 - now) * g) / (1 - product)
        : m / (1 - product);
      return (rate * mean) / (sqrt(v / (1 - beta2 ** t)) + epsilon);
    };
  };

/** Duchi, Hazan and Singer 2011, with epsilon inside the root. */
const adagrad = (start: number) => (): Rule => {
  const epsilon = 1e-7;
  let sum = start;
  return (g, rate) => {
    sum += g ** 2;
    return (rate * g) / sqrt(sum + epsilon);
  };
};

/** Zeiler 2012, algorithm 1. `before`: uses the mean of squares before the step, as tfjs does. */
const adadelta =
  (epsilon: number, before = false) =>
  (): Rule => {
    const rho = 0.95;
    let [square, changes] = [0, 0];
    return (g, rate) => {
      const old = square;
      square = rho * square + (1 - rho) * g ** 2;
      const divisor = sqrt((before ? old : square) + epsilon);
      const change = (sqrt(changes + epsilon) / divisor) * g;
      changes = rho * changes + (1 - rho) * change ** 2;
      return rate * change;
    };
  };

/** The optimizers with their formulas. */
export const optimizerCases: readonly OptimizerCase[] = [
  {
    name: "gradient descent",
    make: (rate) => tf.train.sgd(rate),
    rate: 0.2,
    ...{ formula: descent(), otherFormula: descent(1.01) },
  },
  {
    name: "momentum",
    make: (rate) => tf.train.momentum(rate, 0.9),
    rate: 0.05,
    ...{ formula: sumOfGradients(0.9), otherFormula: sumOfChanges(0.9) },
  },
  {
    name: "Nesterov's momentum",
    make: (rate) => tf.train.momentum(rate, 0.9, true),
    rate: 0.05,
    ...{
      formula: sumOfGradients(0.9, true),
      otherFormula: sumOfGradients(0.9),
    },
  },
  {
    name: "RMSProp",
    make: (rate) => tf.train.rmsprop(rate, 0.9, 0.5, 0.01),
    rate: 0.01,
    formula: rootMeanSquare([0.9, 0.5, 0.01]),
    otherFormula: rootMeanSquare([0.9, 0.5, 0.01], true),
  },
  {
    name: "centered RMSProp",
    make: (rate) => tf.train.rmsprop(rate, 0.9, 0.5, 1e-7, true),
    rate: 0.001,
    formula: rootMeanSquare([0.9, 0.5, 1e-7], true, -1),
    otherFormula: rootMeanSquare([0.9, 0.5, 1e-7]),
  },
  {
    name: "Adam",
    make: (rate) => tf.train.adam(rate, 0.9, 0.999, 0.01),
    rate: 0.01,
    ...{ formula: adam(0.01), otherFormula: adam(0.01, true) },
  },
  {
    name: "Adamax",
    make: (rate) => tf.train.adamax(rate, 0.9, 0.9, 0.01),
    rate: 0.01,
    ...{ formula: adamax(0.01), otherFormula: adamax(0) },
  },
  {
    name: "Adamax with decay",
    make: (rate) => tf.train.adamax(rate, 0.9, 0.9, 0.01, 0.25),
    rate: 0.02,
    ...{ formula: adamax(0.01, 0.25), otherFormula: adamax(0.01) },
  },
  {
    name: "Adagrad",
    make: (rate) => tf.train.adagrad(rate, 1e-9),
    rate: 0.01,
    ...{ formula: adagrad(1e-9), otherFormula: adagrad(1e-3) },
  },
  {
    name: "Adadelta as tfjs has it",
    make: (rate) => tf.train.adadelta(rate, 0.95, 0.01),
    rate: 0.2,
    ...{ formula: adadelta(0.01, true), otherFormula: adadelta(0.01) },
  },
  {
    name: "Keras's gradient descent",
    make: (learningRate) => keras.sgd({ learningRate }),
    rate: 0.2,
    ...{ formula: descent(), otherFormula: descent(1.01) },
  },
  {
    name: "Keras's momentum",
    make: (learningRate) => keras.sgd({ learningRate, momentum: 0.9 }),
    rate: 0.05,
    ...{ formula: sumOfChanges(0.9), otherFormula: sumOfGradients(0.9) },
  },
  {
    name: "Keras's Nesterov momentum",
    make: (learningRate) =>
      keras.sgd({ learningRate, momentum: 0.9, nesterov: true }),
    rate: 0.05,
    formula: sumOfChanges(0.9, true),
    otherFormula: sumOfGradients(0.9, true),
  },
  {
    name: "Keras's RMSProp",
    make: (learningRate) =>
      keras.rmsprop({ learningRate, momentum: 0.5, epsilon: 0.01 }),
    rate: 0.01,
    formula: rootMeanSquare([0.9, 0.5, 0.01]),
    otherFormula: rootMeanSquare([0.9, 0, 0.01]),
  },
  {
    name: "Keras's RMSProp without momentum",
    make: (learningRate) => keras.rmsprop({ learningRate, epsilon: 0.01 }),
    rate: 0.01,
    formula: rootMeanSquare([0.9, 0, 0.01]),
    otherFormula: rootMeanSquare([0.9, 0.5, 0.01]),
  },
  {
    name: "Keras's centered RMSProp",
    make: (learningRate) =>
      keras.rmsprop({ learningRate, epsilon: 0.001, centered: true }),
    rate: 0.001,
    formula: rootMeanSquare([0.9, 0, 0.001], true),
    otherFormula: rootMeanSquare([0.9, 0, 0.001]),
  },
  {
    name: "Keras's Adam",
    make: (learningRate) => keras.adam({ learningRate, epsilon: 0.01 }),
    rate: 0.01,
    ...{ formula: adam(0.01, true), otherFormula: adam(0.01) },
  },
  {
    name: "Keras's Adam with the largest mean",
    make: (learningRate) =>
      keras.adam({ learningRate, beta2: 0.8, epsilon: 0.01, amsgrad: true }),
    rate: 0.05,
    formula: adam(0.01, true, true, 0.8),
    otherFormula: adam(0.01, true, false, 0.8),
  },
  {
    name: "Keras's Adamax",
    make: (learningRate) =>
      keras.adamax({ learningRate, beta2: 0.9, epsilon: 0.01 }),
    rate: 0.01,
    ...{ formula: adamax(0.01), otherFormula: adamax(0) },
  },
  {
    name: "Keras's Adagrad",
    make: (learningRate) => keras.adagrad({ learningRate }),
    rate: 0.05,
    ...{ formula: adagrad(0.1), otherFormula: adagrad(0.2) },
  },
  {
    name: "Keras's Nadam",
    make: (learningRate) => keras.nadam({ learningRate, epsilon: 0.01 }),
    rate: 0.01,
    ...{ formula: nadam(0.01), otherFormula: nadam(0.01, false) },
  },
  {
    name: "Keras's Adadelta",
    make: (learningRate) => keras.adadelta({ learningRate, epsilon: 0.01 }),
    rate: 0.2,
    ...{ formula: adadelta(0.01), otherFormula: adadelta(0.01, true) },
  },
];

/** Optimizers whose gradients are scaled by sums over all weights. */
export const limitedCases: readonly Omit<
  OptimizerCase,
  "formula" | "otherFormula"
>[] = [
  {
    name: "Keras's AdamW with a limit of the norm of all gradients",
    make: (learningRate: number) =>
      keras.adamW({ learningRate, globalClipnorm: 0.1 }),
    rate: 0.01,
  },
  {
    name: "Keras's SGD with a limit of the norm of each gradient",
    make: (learningRate: number) => keras.sgd({ learningRate, clipnorm: 0.1 }),
    rate: 0.1,
  },
];
