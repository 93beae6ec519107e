/**
 * The forms of optimizers' updates that have a kernel: what it is given, and what the optimizer keeps for all weights together.
 */
import type { FusedUpdate } from "../optimizers/fused-update";
import { tf } from "../tfjs/library";
import type { OperationName } from "./operations";

/** How an optimizer's update is done natively. */
interface Form {
  readonly name: OperationName;
  /** Numbers that each step is given. */
  readonly settings: number;
  /** Variables that the optimizer keeps for the whole, and for each weight. */
  readonly common: number;
  readonly perWeight: number;
  readonly integers?: readonly number[];
  readonly numbers?: () => readonly number[];
  /** What each step is given, where that is not the optimizer's settings as they are; `common` are the numbers of those variables. */
  readonly given?: Given;
  /** The numbers of the common variables after a step. */
  readonly next?: Given;
}

type Given = (
  settings: readonly number[],
  common: readonly number[],
) => readonly number[];

type FourNumbers = [number, number, number, number];
type FiveNumbers = [number, number, number, number, number];

const forms: Readonly<Record<string, Form>> = {
  adam: {
    name: "updateAdam",
    ...{ settings: 4, common: 2, perWeight: 2 },
    given: (settings, common) => {
      const [rate, beta1, beta2, epsilon] = settings as FourNumbers;
      const [power1, power2] = common as [number, number];
      const root = Math.sqrt(1 - power2);
      return [(rate * root) / (1 - power1), beta1, beta2, epsilon * root];
    },
    next: ([, beta1, beta2], common) => {
      const [power1, power2] = common as [number, number];
      return [power1 * Math.fround(beta1!), power2 * Math.fround(beta2!)];
    },
  },
  adamax: {
    name: "updateAdamax",
    ...{ settings: 4, common: 2, perWeight: 2 },
    given: (settings, common) => {
      const [rate, beta1, beta2, epsilon, decay] = settings as FiveNumbers;
      const [power, steps] = common as [number, number];
      return [rate / (1 + steps * decay) / (1 - power), beta1, beta2, epsilon];
    },
    next: ([, beta1], common) => {
      const [power, steps] = common as [number, number];
      return [power * Math.fround(beta1!), steps + 1];
    },
  },
  adagrad: {
    name: "updateAdagrad",
    ...{ settings: 1, common: 0, perWeight: 1 },
    // The optimizer has none of its own.
    numbers: () => [tf.backend().epsilon()],
  },
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

/** The form of an update; undefined if it has no kernel. */
export function formOf({ form }: FusedUpdate): Form | undefined {
  return forms[form];
}

/** The variables that the optimizer keeps for all weights together. */
export function commonState(update: FusedUpdate | undefined): tf.Variable[] {
  const count = (update && formOf(update)?.common) ?? 0;
  return count > 0 ? (update!.state([]).slice(0, count) as tf.Variable[]) : [];
}

/** Numbers that the update of each step is given; `common` are those of {@link commonState}. */
export function settingsOf(
  update: FusedUpdate,
  common: readonly number[],
): readonly number[] {
  const settings = update.settings();
  return formOf(update)?.given?.(settings, common) ?? settings;
}

/** The numbers of {@link commonState} after a step. */
export function nextCommon(
  update: FusedUpdate,
  common: readonly number[],
): readonly number[] {
  return formOf(update)?.next?.(update.settings(), common) ?? common;
}
