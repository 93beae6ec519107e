/**
 * The update of Adam (Kingma and Ba 2015, algorithm 1).
 *
 *     m ← β₁ m + (1 − β₁) g, v ← β₂ v + (1 − β₂) g²
 *     w ← w − η m̂ / (√v̂ + ε) with m̂ = m / (1 − β₁ᵗ), v̂ = v / (1 − β₂ᵗ)
 *
 * This is tfjs's formula, with ε = 1e-7 by default. TensorFlow's operation, like Keras, has the
 * paper's other form:
 *
 *     w ← w − η √(1 − β₂ᵗ) / (1 − β₁ᵗ) · m / (√v + ε′)
 *
 * Both are equal if ε′ = ε √(1 − β₂ᵗ), so ε′ is computed in the graph at each step. (Keras uses a
 * fixed ε′ = 1e-7: in its first steps, its epsilon counts 1 / √(1 − β₂ᵗ) ≈ 32 times as much.)
 */
import { attribute, typeAttribute } from "../tfjs/attribute";
import type { Adam } from "../tfjs/optimizer-internals";
import {
  assign,
  beginSlots,
  slot,
  slotsOf,
  updateAttributes,
  type FusedUpdate,
} from "./fused-update";

type FourNames = [string, string, string, string];

/** Returns the update of Adam, as `ResourceApplyAdam`. */
export function fuseAdam(optimizer: Adam): FusedUpdate {
  const first = (index: number) =>
    slot(optimizer.accumulatedFirstMoment, index);
  const second = (index: number) =>
    slot(optimizer.accumulatedSecondMoment, index);
  const { accBeta1, accBeta2 } = optimizer;
  return {
    form: "adam",
    settings: () => [
      optimizer.learningRate,
      optimizer.beta1,
      optimizer.beta2,
      optimizer.epsilon,
    ],
    state: (indices) => [
      accBeta1,
      accBeta2,
      ...slotsOf(optimizer.accumulatedFirstMoment, indices),
      ...slotsOf(optimizer.accumulatedSecondMoment, indices),
    ],
    begin: (trained) => {
      beginSlots(trained, [
        { slots: optimizer.accumulatedFirstMoment, name: "m" },
        { slots: optimizer.accumulatedSecondMoment, name: "v" },
      ]);
    },
    write: (context, updates) => {
      const { graph, handle, value, settings, after } = context;
      const [rate, beta1, beta2, fixedEpsilon] = settings as FourNames;
      const float = [typeAttribute("T", "float32")];
      const power1 = value(accBeta1);
      const power2 = value(accBeta2);
      const left = graph.add(
        "adam/left",
        "Sub",
        [graph.number(1), power2],
        float,
      );
      const root = graph.add("adam/root", "Sqrt", [left], float);
      const epsilon = graph.add(
        "adam/epsilon",
        "Mul",
        [fixedEpsilon, root],
        float,
      );
      const applied = updates.map(({ index, variable, gradient }) =>
        graph.add(
          `update/${variable.id}`,
          "ResourceApplyAdam",
          [
            handle(variable),
            handle(first(index)),
            handle(second(index)),
            power1,
            power2,
            rate,
            beta1,
            beta2,
            epsilon,
            gradient,
            ...after(variable),
          ],
          [...updateAttributes, attribute("use_nesterov", false)],
        ),
      );
      const nextPowers = [
        { variable: accBeta1, power: power1, beta: beta1 },
        { variable: accBeta2, power: power2, beta: beta2 },
      ].map(({ variable, power, beta }) =>
        assign(
          context,
          variable,
          graph.add(`power/${variable.id}`, "Mul", [power, beta], float),
          applied,
        ),
      );
      return [...applied, ...nextPowers];
    },
  };
}
