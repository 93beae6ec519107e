/**
 * The update of Adamax (Kingma and Ba 2015, algorithm 2).
 *
 *     m ← β₁ m + (1 − β₁) g, u ← max(β₂ u, |g|), w ← w − η / (1 − β₁ᵗ) · m / (u + ε)
 *
 * ε is 1e-7 by default. tfjs adds a decay: step t, counted from 0, uses η / (1 + t · decay).
 */
import { typeAttribute } from "../tfjs/attribute";
import type { Adamax } from "../tfjs/optimizer-internals";
import {
  assign,
  beginSlots,
  slot,
  slotsOf,
  updateAttributes,
  type FusedUpdate,
} from "./fused-update";

type FiveNames = [string, string, string, string, string];

/** Returns the update of Adamax, as `ResourceApplyAdaMax`. */
export function fuseAdamax(optimizer: Adamax): FusedUpdate {
  const first = (index: number) =>
    slot(optimizer.accumulatedFirstMoment, index);
  const norm = (index: number) =>
    slot(optimizer.accumulatedWeightedInfNorm, index);
  const { accBeta1, iteration } = optimizer;
  return {
    form: "adamax",
    settings: () => [
      optimizer.learningRate,
      optimizer.beta1,
      optimizer.beta2,
      optimizer.epsilon,
      optimizer.decay,
    ],
    state: (indices) => [
      accBeta1,
      iteration,
      ...slotsOf(optimizer.accumulatedFirstMoment, indices),
      ...slotsOf(optimizer.accumulatedWeightedInfNorm, indices),
    ],
    begin: (trained) => {
      beginSlots(trained, [
        { slots: optimizer.accumulatedFirstMoment, name: "m" },
        { slots: optimizer.accumulatedWeightedInfNorm, name: "v" },
      ]);
    },
    write: (context, updates) => {
      const { graph, handle, value, settings, after } = context;
      const [learningRate, beta1, beta2, epsilon, decay] =
        settings as FiveNames;
      const float = [typeAttribute("T", "float32")];
      const operation = (name: string, kind: string, inputs: string[]) =>
        graph.add(`adamax/${name}`, kind, inputs, float);
      const one = graph.number(1);
      const power = value(accBeta1);
      const steps = value(iteration);
      const slowed = operation("slowed", "Mul", [steps, decay]);
      const divisor = operation("divisor", "AddV2", [slowed, one]);
      const rate = operation("rate", "RealDiv", [learningRate, divisor]);
      const applied = updates.map(({ index, variable, gradient }) =>
        graph.add(
          `update/${variable.id}`,
          "ResourceApplyAdaMax",
          [
            handle(variable),
            handle(first(index)),
            handle(norm(index)),
            power,
            rate,
            beta1,
            beta2,
            epsilon,
            gradient,
            ...after(variable),
          ],
          updateAttributes,
        ),
      );
      return [
        ...applied,
        assign(
          context,
          accBeta1,
          operation("power", "Mul", [power, beta1]),
          applied,
        ),
        assign(
          context,
          iteration,
          operation("steps", "AddV2", [steps, one]),
          applied,
        ),
      ];
    },
  };
}
