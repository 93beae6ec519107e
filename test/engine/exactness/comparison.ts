/**
 * Decides whether a trial's model is as accurate as Keras's.
 */
import assert from "node:assert/strict";
import type { Errors, Judgment } from "./model-trial";
import type { TrialRow } from "./trial-model";

/** Errors up to this are negligible: 8 units in the last place of the largest value. */
const floor = 1e-6;

/**
 * The same for moving means and variances. oneDNN's batch normalization, which the engine's
 * operation uses, sums a mean with two to four times the rounding error of Keras's sum (observed:
 * 1.5e-6 / 4e-7).
 */
const statisticsFloor = 5e-6;

/** All errors of one trial, by name. */
export type NamedErrors = Readonly<Record<string, Errors>>;

/**
 * Returns the errors of one trial; for gradients, those on the same side of every kink, if known.
 */
export function errorsOf(judgment: Judgment): NamedErrors {
  const { outputs, loss, normalized, statistics } = judgment;
  const gradients = normalized?.guided ?? judgment.gradients;
  return {
    outputs,
    loss,
    ...statistics,
    ...prefixed("gradient of ", gradients),
  };
}

function prefixed(prefix: string, errors: NamedErrors): NamedErrors {
  return Object.fromEntries(
    Object.entries(errors).map(([name, each]) => [prefix + name, each]),
  );
}

/** Returns everything that is more than three times as far from float64 as Keras. */
export function findTooFar(errors: NamedErrors): string[] {
  return Object.entries(errors)
    .filter(([name, { ours, keras }]) => {
      const least = name.includes("moving") ? statisticsFloor : floor;
      return !(ours <= Math.max(3 * keras, least));
    })
    .map(([name, { ours, keras }]) => `${name}: ${ours}, Keras ${keras}`);
}

/** Asserts that kernel and bias of each layer that has them, outputs and loss were compared. */
export function assertComplete(
  { name, layers }: TrialRow,
  errors: NamedErrors,
): void {
  const kinds = layers.map(({ kind }) => kind);
  const count = (...wanted: readonly (typeof kinds)[number][]) =>
    kinds.filter((kind) => wanted.includes(kind)).length;
  const weights =
    2 * count("dense", "convolution", "anyConvolution") +
    4 * count("batchNormalization");
  assert.equal(Object.keys(errors).length, weights + 2, `model ${name}`);
}

export function assertSameAccuracy(
  { name }: TrialRow,
  { accuracy }: Judgment,
): void {
  assert.ok(
    Math.abs(accuracy.ours - accuracy.double) < 1e-6,
    `model ${name}: accuracy ${accuracy.ours}, Keras ${accuracy.double}`,
  );
}

/** Returns the largest error of a gradient. */
export function worstGradient(errors: NamedErrors): Errors {
  const gradients = Object.entries(errors)
    .filter(([name]) => name.startsWith("gradient"))
    .map(([, each]) => each);
  return {
    ours: Math.max(...gradients.map(({ ours }) => ours)),
    keras: Math.max(...gradients.map(({ keras }) => keras)),
  };
}

/** Returns the errors as text, ours / Keras's. */
export function describeWorst(errors: NamedErrors): string {
  const write = ({ ours, keras }: Errors) =>
    [ours, keras].map((each) => each.toExponential(1)).join("/");
  return [
    `outputs ${write(errors["outputs"]!)}`,
    `loss ${write(errors["loss"]!)}`,
    `gradients ${write(worstGradient(errors))}`,
  ].join(", ");
}
