/**
 * All that an optimizer remembers from step to step, whatever its class.
 *
 * tfjs's `getWeights` leaves out the powers of Adam's betas, and `setWeights` computes them again,
 * with other rounding errors.
 */
import { tf } from "../tfjs/library";

/** A value that is stored in a field of an object. */
interface Place {
  readonly path: string;
  readonly owner: object;
  readonly key: string;
  readonly value: unknown;
}

/** Limit for the nesting depth, above that of tfjs's lists of variables. */
const deepest = 6;

/** Returns the optimizer's variables, by their paths from its fields, such as `iteration`. */
export function optimizerVariables(
  optimizer: tf.Optimizer,
): Map<string, tf.Variable> {
  const found = new Map<string, tf.Variable>();
  for (const { path, value } of places(optimizer)) {
    if (value instanceof tf.Variable) found.set(path, value);
  }
  return found;
}

/** Returns the optimizer's numbers by their paths: the count of steps, and its settings. */
export function optimizerNumbers(
  optimizer: tf.Optimizer,
): Record<string, number> {
  const found: Record<string, number> = {};
  for (const { path, value } of places(optimizer)) {
    if (typeof value === "number") found[path] = value;
    else if (isConstant(value)) found[path] = value.dataSync()[0]!;
  }
  return found;
}

/** Sets the numbers that differ. Those of other optimizers are ignored. */
export function setOptimizerNumbers(
  optimizer: tf.Optimizer,
  numbers: Readonly<Record<string, number>>,
): void {
  for (const { path, owner, key, value } of [...places(optimizer)]) {
    const wanted = numbers[path];
    if (wanted === undefined) continue;
    const fields = owner as Record<string, unknown>;
    if (typeof value === "number") {
      if (!Object.is(value, wanted)) fields[key] = wanted;
    } else if (isConstant(value) && value.dataSync()[0] !== wanted) {
      // As tfjs's `setLearningRate` does.
      fields[key] = tf.keep(tf.scalar(wanted, value.dtype as "float32"));
      value.dispose();
    }
  }
}

/** Whether a value is a number that tfjs holds as a tensor, such as SGD's learning rate. */
function isConstant(value: unknown): value is tf.Scalar {
  return (
    value instanceof tf.Tensor &&
    !(value instanceof tf.Variable) &&
    value.size === 1 &&
    !value.isDisposed
  );
}

/** Visits the fields of an optimizer, of its lists and of plain objects in them. */
function* places(
  owner: object,
  path = "",
  depth = 0,
): Generator<Place, void, undefined> {
  if (depth > deepest) return;
  for (const [key, descriptor] of Object.entries(
    Object.getOwnPropertyDescriptors(owner),
  )) {
    // An accessor is called by nobody here: it may count the reads.
    if (!descriptor.enumerable || !("value" in descriptor)) continue;
    const value = descriptor.value as unknown;
    const place = path === "" ? key : `${path}/${key}`;
    yield { path: place, owner, key, value };
    if (isOpen(value)) yield* places(value, place, depth + 1);
  }
}

/** Whether an object belongs to the optimizer alone. */
function isOpen(value: unknown): value is object {
  if (typeof value !== "object" || value === null) return false;
  if (Array.isArray(value) || value instanceof tf.Optimizer) return true;
  return Object.getPrototypeOf(value) === Object.prototype;
}
