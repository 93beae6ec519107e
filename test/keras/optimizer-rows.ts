/**
 * Checks of optimizers: the change of a weight after twelve steps with the same gradients.
 */
import { tf } from "../../src/engine/tensorflow";
import * as keras from "../../src/keras";
import { flat, forPython, rounding, tensor, type Row } from "./row";

const steps = 12;
const start = tensor([4], 1);

/** Gradients of a sequence of steps. */
interface Stepping {
  readonly gradients: tf.Tensor;
  /** Number of steps after which the rate is halved. */
  readonly halvedAfter?: number;
  /** Whether the rate is assigned instead of set by tfjs's method; false by default. */
  readonly isAssigned?: boolean;
}

/** The same steps as input for Python. */
export function steppingGiven({ gradients, halvedAfter }: Stepping) {
  return {
    start: forPython(start),
    gradients: forPython(gradients),
    ...(halvedAfter === undefined ? {} : { halvedAfter }),
  };
}

/** Change of a weight after one step with each of the gradients. */
export function stepped(
  optimizer: tf.Optimizer,
  { gradients, halvedAfter, isAssigned = false }: Stepping,
): number[] {
  const weight = tf.variable(start);
  for (const [step, tensor] of tf.unstack(gradients).entries()) {
    if (step === halvedAfter) {
      const settable = optimizer as unknown as {
        learningRate: number;
        setLearningRate(rate: number): void;
      };
      const rate = settable.learningRate / 2;
      if (isAssigned) settable.learningRate = rate;
      else settable.setLearningRate(rate);
    }
    optimizer.applyGradients([{ name: weight.name, tensor }]);
  }
  const change = flat(tf.sub(weight, start));
  optimizer.dispose();
  weight.dispose();
  return change;
}

function row(
  tfjs: () => tf.Optimizer,
  ours: () => tf.Optimizer,
  stepping: Stepping,
  differs: Row["differs"],
): Row {
  return {
    given: steppingGiven(stepping),
    tfjs: () => stepped(tfjs(), stepping),
    ours: () => stepped(ours(), stepping),
    // Rounding of twelve steps, and of 1 − 0.999 in float32, which has five significant digits.
    bound: 10 * rounding,
    differs,
  };
}

/** Gradients that are zero for the last of four weights. */
const withoutOne = tf.mul(tensor([steps, 4], 2), tf.tensor([1, 1, 1, 0]));
/** Gradients from −1 to 1. */
export const plain: Stepping = { gradients: tensor([steps, 4], 2) };
const small: Stepping = { gradients: tensor([steps, 4], 2, 1e-6) };
/** Decreasing gradients, so that the largest mean of squares is in the past. */
const shrinking: Stepping = {
  gradients: tf.mul(
    tensor([steps, 4], 2),
    tf.pow(0.3, tf.range(0, steps).expandDims(1)),
  ),
};
const slowed: Stepping = { ...plain, halvedAfter: 6 };

/** Creates an optimizer by its name in tfjs. */
function named(name: string): tf.Optimizer {
  const layers = [tf.layers.dense({ units: 1, inputShape: [1] })];
  const model = tf.sequential({ layers });
  model.compile({ optimizer: name, loss: "meanSquaredError" });
  return model.optimizer;
}

const rateOf = (optimizer: tf.Optimizer) =>
  optimizer.getConfig()["learningRate"] as number;

export const optimizerRows: Readonly<Record<string, Row>> = {
  adadelta: row(
    () => tf.train.adadelta(1, 0.95, 1e-7),
    () => keras.adadelta({ learningRate: 1 }),
    plain,
    0.5,
  ),
  "rmsprop-centered": row(
    () => tf.train.rmsprop(0.01, 0.9, 0.5, 1e-7, true),
    () => keras.rmsprop({ learningRate: 0.01, momentum: 0.5, centered: true }),
    { gradients: withoutOne },
    1,
  ),
  "adam-epsilon": row(
    () => tf.train.adam(0.01),
    () => keras.adam({ learningRate: 0.01 }),
    small,
    0.01,
  ),
  amsgrad: row(
    () => tf.train.adam(0.01),
    () => keras.adam({ learningRate: 0.01, amsgrad: true }),
    shrinking,
    1e-4,
  ),
  nadam: row(
    () => named("nadam"),
    () => keras.nadam({ learningRate: 0.01 }),
    plain,
    /Unknown Optimizer nadam/,
  ),
  "momentum-rate": row(
    () => tf.train.momentum(0.1, 0.9),
    () => keras.sgd({ learningRate: 0.1, momentum: 0.9 }),
    slowed,
    0.01,
  ),
  "nesterov-rate": row(
    () => tf.train.momentum(0.1, 0.9, true),
    () => keras.sgd({ learningRate: 0.1, momentum: 0.9, nesterov: true }),
    slowed,
    0.01,
  ),
  "assigned-rate": row(
    () => tf.train.sgd(0.1),
    () => keras.sgd({ learningRate: 0.1 }),
    { ...slowed, isAssigned: true },
    0.1,
  ),
  "optimizer-names": {
    given: {},
    tfjs: () => ["adadelta", "adagrad", "adamax"].map(named).map(rateOf),
    ours: () => [keras.adadelta(), keras.adagrad(), keras.adamax()].map(rateOf),
    bound: rounding,
    differs: 1,
  },
};
