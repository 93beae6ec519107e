/**
 * The updates of stochastic gradient descent, plain and with momentum.
 *
 * - Plain: w ← w − η g.
 * - With momentum m (Sutskever et al. 2013, as written in TensorFlow and tfjs): a ← m a + g, then
 *   w ← w − η a or, with Nesterov momentum, w ← w − η (g + m a).
 *
 * There is no epsilon.
 */
import { attribute } from "../tfjs/attribute";
import type { tf } from "../tfjs/library";
import type { GradientDescent, Momentum } from "../tfjs/optimizer-internals";
import {
  beginSlots,
  slot,
  slotsOf,
  updateAttributes,
  type FusedUpdate,
} from "./fused-update";

/** Returns the update w ← w − η g, as `ResourceApplyGradientDescent`. */
export function fuseGradientDescent(optimizer: GradientDescent): FusedUpdate {
  return {
    form: "gradient descent",
    settings: () => [-numberOf(optimizer.c)],
    state: () => [],
    write: ({ graph, handle, settings, after }, updates) =>
      updates.map(({ variable, gradient }) =>
        graph.add(
          `update/${variable.id}`,
          "ResourceApplyGradientDescent",
          [handle(variable), settings[0]!, gradient, ...after(variable)],
          updateAttributes,
        ),
      ),
  };
}

/** Returns the update with momentum, as `ResourceApplyMomentum`. */
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
    write: ({ graph, handle, settings, after }, updates) =>
      updates.map(({ index, variable, gradient }) =>
        graph.add(
          `update/${variable.id}`,
          "ResourceApplyMomentum",
          [
            handle(variable),
            handle(accumulation(index)),
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

const scalarValues = new WeakMap<tf.Scalar, number>();

/**
 * Returns the value of a scalar, which is read only once: tfjs replaces the tensor to change it.
 */
function numberOf(scalar: tf.Scalar | number): number {
  if (typeof scalar === "number") return scalar;
  const known = scalarValues.get(scalar);
  if (known !== undefined) return known;
  const number = scalar.dataSync()[0]!;
  scalarValues.set(scalar, number);
  return number;
}
