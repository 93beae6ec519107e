/**
 * Lowers the changes of a step: updates of weights by the optimizer, and assignments to variables.
 */
import type { FusedUpdate } from "../optimizers/fused-update";
import type { tf } from "../tfjs/library";
import { NotNative, type Lowering } from "./lowering";
import { lowerAssignments } from "./lower-formulas";
import type { Penalties } from "./penalties";
import type { SimplifiedStep } from "./simplify";
import { formOf } from "./update-forms";
import { sizeOf, type StepNode } from "./values";

/** The parts of a step that its updates depend on. */
interface UpdateParts {
  /** Nodes of assigned formulas. */
  readonly formulas: ReadonlySet<StepNode>;
  readonly penalties: Penalties;
  readonly update: FusedUpdate | undefined;
}

/** Lowers the updates and assignments. Returns the number of settings that each step is given. */
export function lowerUpdates(
  lowering: Lowering,
  step: SimplifiedStep,
  { formulas, penalties, update }: UpdateParts,
): number {
  const { updates } = step;
  const state = update?.state(updates.map(({ index }) => index)) ?? [];
  const changed = [...updates.map(({ variable }) => variable), ...state];
  lowerAssignments(lowering, step, formulas, changed);
  if (update === undefined) {
    if (updates.length > 0)
      throw new NotNative("the optimizer is not supported");
    return 0;
  }
  const form = formOf(update);
  if (form === undefined) {
    throw new NotNative(
      `the optimizer's update has no native kernel: ${update.form}`,
    );
  }
  const ofWeights = state.slice(form.common);
  for (const [place, { variable, gradient }] of updates.entries()) {
    const size = sizeOf(variable.shape);
    const kept = Array.from(
      { length: form.perWeight },
      (_, which) => ofWeights[which * updates.length + place]!,
    );
    const buffers = [variable, ...kept].map((each) => bufferOf(lowering, each));
    const penalty = penalties.gradients.get(gradient.data);
    const { buffer } = lowering.valueBefore(penalty?.other ?? gradient);
    lowering.writer.atEnd(form.name, [...buffers, buffer], {
      integers: [size, 0, ...(form.integers ?? [])],
      numbers: [...(form.numbers?.() ?? []), penalty?.factor ?? 0],
    });
  }
  return form.settings;
}

function bufferOf(lowering: Lowering, variable: tf.Variable): number {
  return lowering.variable(variable).buffer;
}
