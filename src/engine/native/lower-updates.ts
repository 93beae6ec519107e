/**
 * What a step changes: weights, by the optimizer's formula, and variables that are assigned.
 */
import type { FusedUpdate } from "../optimizers/fused-update";
import type { tf } from "../tfjs/library";
import { NotNative, type Lowering } from "./lowering";
import type { OperationName } from "./operations";
import type { SimplifiedStep } from "./simplify";
import { sizeOf } from "./values";

/** How an optimizer's update is done natively. */
interface Form {
  readonly name: OperationName;
  /** Numbers that each step is given. */
  readonly settings: number;
  /** Variables that the optimizer keeps for the whole, and for each weight. */
  readonly common: number;
  readonly perWeight: number;
  readonly integers?: readonly number[];
}

const forms: Readonly<Record<string, Form>> = {
  adam: { name: "updateAdam", settings: 4, common: 2, perWeight: 2 },
  "gradient descent": {
    name: "updateGradientDescent",
    ...{ settings: 1, common: 0, perWeight: 0 },
  },
  momentum: {
    name: "updateMomentum",
    ...{ settings: 2, common: 0, perWeight: 1, integers: [0] },
  },
  "momentum with Nesterov's look ahead": {
    name: "updateMomentum",
    ...{ settings: 2, common: 0, perWeight: 1, integers: [1] },
  },
  rmsprop: {
    name: "updateRmsProp",
    ...{ settings: 4, common: 0, perWeight: 2 },
  },
};

/** Writes the updates and assignments; how many settings each step is given. */
export function lowerUpdates(
  lowering: Lowering,
  { updates, assignments }: SimplifiedStep,
  update: FusedUpdate | undefined,
): number {
  const { writer } = lowering;
  for (const { variable, value } of assignments) {
    const size = sizeOf(variable.shape);
    const { buffer } = lowering.valueBefore(value);
    writer.atEnd("copy", [bufferOf(lowering, variable), buffer], {
      integers: [size],
    });
  }
  if (update === undefined) {
    if (updates.length > 0) throw new NotNative("the optimizer is not known");
    return 0;
  }
  const form = forms[update.form];
  if (form === undefined) {
    throw new NotNative(`the optimizer's form is ${update.form}`);
  }
  const state = update.state(updates.map(({ index }) => index));
  const ofWeights = state.slice(form.common);
  for (const [place, { variable, gradient }] of updates.entries()) {
    const size = sizeOf(variable.shape);
    const kept = Array.from(
      { length: form.perWeight },
      (_, which) => ofWeights[which * updates.length + place]!,
    );
    const buffers = [variable, ...kept].map((each) => bufferOf(lowering, each));
    const { buffer } = lowering.valueBefore(gradient);
    writer.atEnd(form.name, [...buffers, buffer], {
      integers: [size, 0, ...(form.integers ?? [])],
    });
  }
  return form.settings;
}

function bufferOf(lowering: Lowering, variable: tf.Variable): number {
  return lowering.variable(variable).buffer;
}

/** Numbers that the update of each step is given, from the optimizer's settings and the powers that Adam keeps. */
export function settingsOf(
  update: FusedUpdate,
  powers: readonly number[],
): readonly number[] {
  const settings = update.settings();
  if (update.form !== "adam") return settings;
  const [rate, beta1, beta2, epsilon] = settings as [
    number,
    number,
    number,
    number,
  ];
  const [power1, power2] = powers as [number, number];
  const root = Math.sqrt(1 - power2);
  return [(rate * root) / (1 - power1), beta1, beta2, epsilon * root];
}
