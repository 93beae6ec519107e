/**
 * Describes the optimizer updates that have a native kernel: their settings, and their state.
 */
import type { FusedUpdate } from "../optimizers/fused-update";
import { tf } from "../tfjs/library";
import type { OperationName } from "./operations";

/** The native kernel of an optimizer's update. */
interface Form {
  readonly name: OperationName;
  /** Number of settings that each step is given. */
  readonly settings: number;
  /** Number of state variables that the optimizer has once for all weights. */
  readonly common: number;
  /** Number of state variables that the optimizer has for each weight. */
  readonly perWeight: number;
  readonly integers?: readonly number[];
  readonly numbers?: () => readonly number[];
  /**
   * Computes the settings of a step; the optimizer's settings by default. `common` has the values
   * of the common variables.
   */
  readonly stepSettings?: StepFunction;
  /** Computes the values of the common variables after a step. */
  readonly nextCommonState?: StepFunction;
}

type StepFunction = (
  settings: readonly number[],
  common: readonly number[],
) => readonly number[];

type FourNumbers = [number, number, number, number];
type FiveNumbers = [number, number, number, number, number];

const forms: Readonly<Record<string, Form>> = {
  adam: {
    name: "updateAdam",
    settings: 4,
    common: 2,
    perWeight: 2,
    stepSettings: (settings, common) => {
      const [rate, beta1, beta2, epsilon] = settings as FourNumbers;
      const [power1, power2] = common as [number, number];
      const root = Math.sqrt(1 - power2);
      return [(rate * root) / (1 - power1), beta1, beta2, epsilon * root];
    },
    nextCommonState: ([, beta1, beta2], common) => {
      const [power1, power2] = common as [number, number];
      return [power1 * Math.fround(beta1!), power2 * Math.fround(beta2!)];
    },
  },
  adamax: {
    name: "updateAdamax",
    settings: 4,
    common: 2,
    perWeight: 2,
    stepSettings: (settings, common) => {
      const [rate, beta1, beta2, epsilon, decay] = settings as FiveNumbers;
      const [power, steps] = common as [number, number];
      return [rate / (1 + steps * decay) / (1 - power), beta1, beta2, epsilon];
    },
    nextCommonState: ([, beta1], common) => {
      const [power, steps] = common as [number, number];
      return [power * Math.fround(beta1!), steps + 1];
    },
  },
  adagrad: {
    name: "updateAdagrad",
    settings: 1,
    common: 0,
    perWeight: 1,
    // The optimizer has no epsilon setting.
    numbers: () => [tf.backend().epsilon()],
  },
  "gradient descent": {
    name: "updateGradientDescent",
    settings: 1,
    common: 0,
    perWeight: 0,
  },
  momentum: {
    name: "updateMomentum",
    settings: 2,
    common: 0,
    perWeight: 1,
    integers: [0],
  },
  "momentum with Nesterov's look ahead": {
    name: "updateMomentum",
    settings: 2,
    common: 0,
    perWeight: 1,
    integers: [1],
  },
  rmsprop: {
    name: "updateRmsProp",
    settings: 4,
    common: 0,
    perWeight: 2,
  },
};

/** Returns the kernel of an update; undefined if it has none. */
export function formOf({ form }: FusedUpdate): Form | undefined {
  return forms[form];
}

/** Returns the state variables that the optimizer has once for all weights. */
export function commonState(update: FusedUpdate | undefined): tf.Variable[] {
  const count = (update && formOf(update)?.common) ?? 0;
  return count > 0 ? (update!.state([]).slice(0, count) as tf.Variable[]) : [];
}

/** Returns the settings of a step. `common` has the values of {@link commonState}. */
export function settingsOf(
  update: FusedUpdate,
  common: readonly number[],
): readonly number[] {
  const settings = update.settings();
  return formOf(update)?.stepSettings?.(settings, common) ?? settings;
}

/** Returns the values of {@link commonState} after a step. */
export function nextCommon(
  update: FusedUpdate,
  common: readonly number[],
): readonly number[] {
  return formOf(update)?.nextCommonState?.(update.settings(), common) ?? common;
}
