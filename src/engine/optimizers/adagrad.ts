/**
 * The update of Adagrad (Duchi, Hazan and Singer 2011).
 *
 *     a ← a + g², w ← w − η g / √(a + ε)
 *
 * tfjs has ε = 1e-7 inside the root. TensorFlow's operation and Keras have it outside, √a + ε, so
 * the update is composed here. All three initialize a to 0.1.
 */
import { typeAttribute } from "../tfjs/attribute";
import { tf } from "../tfjs/library";
import type { Adagrad } from "../tfjs/optimizer-internals";
import {
  assign,
  beginSlots,
  slot,
  slotsOf,
  type FusedUpdate,
} from "./fused-update";

/** Returns the update of Adagrad, composed of several operations per variable. */
export function fuseAdagrad(optimizer: Adagrad): FusedUpdate {
  const sum = (index: number) => slot(optimizer.accumulatedGrads, index);
  return {
    form: "adagrad",
    settings: () => [optimizer.learningRate],
    state: (indices) => slotsOf(optimizer.accumulatedGrads, indices),
    begin: (trained) => {
      beginSlots(trained, [
        {
          slots: optimizer.accumulatedGrads,
          name: "accumulator",
          value: optimizer.initialAccumulatorValue,
        },
      ]);
    },
    write: (context, updates) => {
      const { graph, handle, value, settings, after } = context;
      const rate = settings[0]!;
      const float = [typeAttribute("T", "float32")];
      const epsilon = graph.number(tf.backend().epsilon());
      return updates.flatMap(({ index, variable, gradient }) => {
        const operation = (name: string, kind: string, inputs: string[]) =>
          graph.add(`adagrad/${name}/${variable.id}`, kind, inputs, float);
        const square = operation("square", "Square", [gradient]);
        const total = operation("sum", "AddV2", [value(sum(index)), square]);
        const inside = operation("inside", "AddV2", [total, epsilon]);
        const root = operation("root", "Sqrt", [inside]);
        const direction = operation("direction", "RealDiv", [gradient, root]);
        const change = operation("change", "Mul", [direction, rate]);
        return [
          assign(context, sum(index), total),
          graph.add(
            `update/${variable.id}`,
            "AssignSubVariableOp",
            [handle(variable), change, ...after(variable)],
            [typeAttribute("dtype", "float32")],
          ),
        ];
      });
    },
  };
}
