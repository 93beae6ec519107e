/**
 * Members of tfjs's optimizers that the engine reads and that its types do not declare.
 */
import { tf } from "./library";

/**
 * Fields of tfjs's optimizers that contain their settings. If the engine writes the update, these
 * values are fed to each run.
 */
export const settingFields = [
  "learningRate",
  "c",
  "m",
  "beta1",
  "beta2",
  "epsilon",
  "decay",
  "momentum",
] as const;

/** The methods that perform an update. */
export const updateMethods = [
  "applyGradients",
  "computeGradients",
  "incrementIterations",
  "minimize",
] as const;

/** The variables that tfjs keeps for an optimizer, one per trained variable. */
export type Slots = readonly {
  /** `NAME/m` for the `m` of the variable NAME. */
  readonly originalName?: string;
  readonly variable: tf.Variable;
}[];

/**
 * Stochastic gradient descent. `c` is −η, and is the value that counts if `learningRate` is
 * assigned without `setLearningRate`.
 */
export interface GradientDescent {
  readonly c: tf.Scalar | number;
}

/** Gradient descent with momentum. */
export interface Momentum extends GradientDescent {
  /** A tensor, unless user code has replaced it by a number, which tfjs accepts as well. */
  readonly m: tf.Scalar | number;
  readonly useNesterov: boolean;
  readonly accumulations: Slots;
}

/** Adam. `accBeta1` and `accBeta2` hold β₁ᵗ and β₂ᵗ. */
export interface Adam {
  readonly learningRate: number;
  readonly beta1: number;
  readonly beta2: number;
  readonly epsilon: number;
  readonly accBeta1: tf.Variable;
  readonly accBeta2: tf.Variable;
  readonly accumulatedFirstMoment: Slots;
  readonly accumulatedSecondMoment: Slots;
}

/** Adamax. `accBeta1` holds β₁ᵗ, `iteration` holds t. */
export interface Adamax {
  readonly learningRate: number;
  readonly beta1: number;
  readonly beta2: number;
  readonly epsilon: number;
  readonly decay: number;
  readonly iteration: tf.Variable;
  readonly accBeta1: tf.Variable;
  readonly accumulatedFirstMoment: Slots;
  readonly accumulatedWeightedInfNorm: Slots;
}

/** Adagrad. */
export interface Adagrad {
  readonly learningRate: number;
  readonly initialAccumulatorValue: number;
  readonly accumulatedGrads: Slots;
}

/** RMSProp. */
export interface RmsProp {
  readonly learningRate: number;
  readonly decay: number;
  readonly momentum: number;
  readonly epsilon: number;
  readonly centered: boolean;
  readonly accumulatedMeanSquares: Slots;
  readonly accumulatedMoments: Slots;
}

/** An optimizer of one of tfjs's classes, not of a class that extends one. */
export type KnownOptimizer =
  | { readonly kind: "sgd"; readonly optimizer: GradientDescent }
  | { readonly kind: "momentum"; readonly optimizer: Momentum }
  | { readonly kind: "adam"; readonly optimizer: Adam }
  | { readonly kind: "adamax"; readonly optimizer: Adamax }
  | { readonly kind: "adagrad"; readonly optimizer: Adagrad }
  | { readonly kind: "rmsprop"; readonly optimizer: RmsProp };

const kinds = new Map<unknown, KnownOptimizer["kind"]>([
  [tf.SGDOptimizer.prototype, "sgd"],
  [tf.MomentumOptimizer.prototype, "momentum"],
  [tf.AdamOptimizer.prototype, "adam"],
  [tf.AdamaxOptimizer.prototype, "adamax"],
  [tf.AdagradOptimizer.prototype, "adagrad"],
  [tf.RMSPropOptimizer.prototype, "rmsprop"],
]);

/** Returns an optimizer with its class; undefined for Adadelta and for classes of the user. */
export function knownOptimizer(
  optimizer: tf.Optimizer,
): KnownOptimizer | undefined {
  const kind = kinds.get(Object.getPrototypeOf(optimizer));
  return kind && ({ kind, optimizer } as unknown as KnownOptimizer);
}

/** The internals of optimizers; each class has some of them. */
interface OptimizerInternals extends Readonly<
  Record<(typeof updateMethods)[number], unknown>
> {
  readonly c?: tf.Scalar | number;
  readonly learningRate?: number;
  readonly centered?: boolean;
  incrementIterations(): void;
}

/** Returns the internals of an optimizer. */
export function optimizerInternals(
  optimizer: tf.Optimizer,
): OptimizerInternals {
  return optimizer as unknown as OptimizerInternals;
}

/**
 * Returns the learning rate that the next step uses; undefined for an optimizer of the user's that
 * has none.
 */
export function learningRateOf(optimizer: tf.Optimizer): number | undefined {
  const { c, learningRate } = optimizerInternals(optimizer);
  if (c === undefined) return learningRate;
  return -(typeof c === "number" ? c : c.dataSync()[0]!);
}
