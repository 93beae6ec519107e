/**
 * The gearbox: stochastic gradient descent, plain and with momentum.
 *
 * Plain: w ← w − η g. With momentum m (Sutskever et al. 2013, as TensorFlow and tfjs write it): a ← m a + g, then
 * w ← w − η a, or with Nesterov's look ahead w ← w − η (g + m a). There is no epsilon.
 */
import { attribute } from "../tfjs/attribute";
import type { tf } from "../tfjs/library";
import { updateAttributes, type FusedUpdate, type Slots } from "./fused-update";

/** The fields of tfjs's optimizers that are read; `c` is −η, and what counts when `learningRate` is assigned without `setLearningRate`. */
export interface GradientDescent {
  readonly c: tf.Scalar;
}

export interface Momentum extends GradientDescent {
  readonly m: tf.Scalar;
  readonly useNesterov: boolean;
  readonly accumulations: Slots;
}

/** w ← w − η g, as `ResourceApplyGradientDescent`. */
export function fuseGradientDescent(optimizer: GradientDescent): FusedUpdate {
  return {
    rate: rateOf(optimizer),
    state: () => [],
    write: ({ graph, place, rate, after }, updates) =>
      updates.map(({ variable, gradient }) =>
        graph.add(
          `update/${variable.id}`,
          "ResourceApplyGradientDescent",
          [place(variable), rate, gradient, ...after(variable)],
          updateAttributes,
        ),
      ),
  };
}

/** Momentum, as `ResourceApplyMomentum`. */
export function fuseMomentum(optimizer: Momentum): FusedUpdate {
  const accumulation = (index: number) =>
    optimizer.accumulations[index]!.variable;
  return {
    rate: rateOf(optimizer),
    state: (indices) => indices.map(accumulation),
    write: ({ graph, place, rate, after }, updates) => {
      const momentum = graph.number(optimizer.m.dataSync()[0]!);
      return updates.map(({ index, variable, gradient }) =>
        graph.add(
          `update/${variable.id}`,
          "ResourceApplyMomentum",
          [
            place(variable),
            place(accumulation(index)),
            rate,
            gradient,
            momentum,
            ...after(variable),
          ],
          [
            ...updateAttributes,
            attribute("use_nesterov", optimizer.useNesterov),
          ],
        ),
      );
    },
  };
}

/** Reads −η again only when tfjs has put another tensor in its place. */
function rateOf(optimizer: GradientDescent): () => number {
  let known: tf.Scalar | undefined;
  let rate = 0;
  return () => {
    if (optimizer.c !== known) {
      known = optimizer.c;
      rate = -known.dataSync()[0]!;
    }
    return rate;
  };
}
