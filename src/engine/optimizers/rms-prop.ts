/**
 * The update of RMSProp (Tieleman and Hinton 2012), not centered.
 *
 *     s ← ρ s + (1 − ρ) g², a ← μ a + η g / √(s + ε), w ← w − a
 *
 * tfjs and TensorFlow's operation agree, with ε inside the root; ε = 1e-7 by default. (Keras has
 * the same position and default. tfjs's centered form subtracts ε where Keras adds it; it is
 * recorded as tfjs computes it.)
 */
import type { RmsProp } from "../tfjs/optimizer-internals";
import {
  beginSlots,
  slot,
  slotsOf,
  updateAttributes,
  type FusedUpdate,
} from "./fused-update";

type FourNames = [string, string, string, string];

/** Returns the update of RMSProp, as `ResourceApplyRMSProp`; undefined if it is centered. */
export function fuseRmsProp(optimizer: RmsProp): FusedUpdate | undefined {
  if (optimizer.centered) return undefined;
  const square = (index: number) =>
    slot(optimizer.accumulatedMeanSquares, index);
  const moment = (index: number) => slot(optimizer.accumulatedMoments, index);
  return {
    form: "rmsprop",
    settings: () => [
      optimizer.learningRate,
      optimizer.decay,
      optimizer.momentum,
      optimizer.epsilon,
    ],
    state: (indices) => [
      ...slotsOf(optimizer.accumulatedMeanSquares, indices),
      ...slotsOf(optimizer.accumulatedMoments, indices),
    ],
    begin: (trained) => {
      beginSlots(trained, [
        { slots: optimizer.accumulatedMeanSquares, name: "rms" },
        { slots: optimizer.accumulatedMoments, name: "momentum" },
      ]);
    },
    write: ({ graph, handle, settings, after }, updates) => {
      const [rate, decay, momentum, epsilon] = settings as FourNames;
      return updates.map(({ index, variable, gradient }) =>
        graph.add(
          `update/${variable.id}`,
          "ResourceApplyRMSProp",
          [
            handle(variable),
            handle(square(index)),
            handle(moment(index)),
            rate,
            decay,
            momentum,
            epsilon,
            gradient,
            ...after(variable),
          ],
          updateAttributes,
        ),
      );
    },
  };
}
