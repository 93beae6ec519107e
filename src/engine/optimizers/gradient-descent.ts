/**
 * Stochastic gradient descent, plain and with momentum.
 *
 * Plain: w ← w − η g. With momentum m (Sutskever et al. 2013, as TensorFlow and tfjs write it): a ← m a + g, then
 * w ← w − η a, or with Nesterov's look ahead w ← w − η (g + m a). There is no epsilon.
 */
import { attribute } from "../tfjs/attribute";
import type { tf } from "../tfjs/library";
import {
  beginSlots,
  slot,
  slotsOf,
  updateAttributes,
  type FusedUpdate,
  type Slots,
} from "./fused-update";

/** The fields of tfjs's optimizers that are read; `c` is −η, and what counts when `learningRate` is assigned without `setLearningRate`. */
export interface GradientDescent {
  readonly c: tf.Scalar | number;
}

export interface Momentum extends GradientDescent {
  /** A tensor, unless somebody has put a number in its place, which tfjs takes too. */
  readonly m: tf.Scalar | number;
  readonly useNesterov: boolean;
  readonly accumulations: Slots;
}

/** w ← w − η g, as `ResourceApplyGradientDescent`. */
export function fuseGradientDescent(optimizer: GradientDescent): FusedUpdate {
  return {
    form: "gradient descent",
    settings: () => [-numberOf(optimizer.c)],
    state: () => [],
    write: ({ graph, place, settings, after }, updates) =>
      updates.map(({ variable, gradient }) =>
        graph.add(
          `update/${variable.id}`,
          "ResourceApplyGradientDescent",
          [place(variable), settings[0]!, gradient, ...after(variable)],
          updateAttributes,
        ),
      ),
  };
}

/** Momentum, as `ResourceApplyMomentum`. */
export function fuseMomentum(optimizer: Momentum): FusedUpdate {
  const { useNesterov } = optimizer;
  const accumulation = (index: number) => slot(optimizer.accumulations, index);
  return {
    form: useNesterov ? "momentum with Nesterov's look ahead" : "momentum",
    settings: () => [-numberOf(optimizer.c), numberOf(optimizer.m)],
    state: (indices) => slotsOf(optimizer.accumulations, indices),
    begin: (trained) => {
      beginSlots(trained, [
        { slots: optimizer.accumulations, name: "momentum" },
      ]);
    },
    write: ({ graph, place, settings, after }, updates) =>
      updates.map(({ index, variable, gradient }) =>
        graph.add(
          `update/${variable.id}`,
          "ResourceApplyMomentum",
          [
            place(variable),
            place(accumulation(index)),
            settings[0]!,
            gradient,
            settings[1]!,
            ...after(variable),
          ],
          [...updateAttributes, attribute("use_nesterov", useNesterov)],
        ),
      ),
  };
}

const numbers = new WeakMap<tf.Scalar, number>();

/** The number of a tensor that tfjs replaces when it changes; read once. */
function numberOf(scalar: tf.Scalar | number): number {
  if (typeof scalar === "number") return scalar;
  const known = numbers.get(scalar);
  if (known !== undefined) return known;
  const number = scalar.dataSync()[0]!;
  numbers.set(scalar, number);
  return number;
}
