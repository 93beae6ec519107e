/**
 * Determines how broadcasting repeats the operands of elementwise functions.
 */
import { NotNative, type Lowering } from "./lowering";
import { mode } from "./operations";
import type { Location } from "./location";
import { sizeOf, type Value } from "./values";

/** The form in which an operand is passed to an elementwise function. */
export interface OperandForm {
  readonly mode: number;
  readonly period: number;
  readonly number: number;
  readonly location: Location | undefined;
}

/** Returns the form of an operand of a function whose result has the given shape. */
export function operandOf(
  lowering: Lowering,
  value: Value,
  shape: readonly number[],
): OperandForm {
  const { data } = value;
  const none = { period: 0, number: 0 };
  if (data.kind === "uniform") {
    const { value: number } = data;
    return { ...none, mode: mode.number, number, location: undefined };
  }
  if (lowering.isRows(value)) return rowOperand(lowering, value, shape);
  const location = lowering.repeating(value);
  const { size } = location;
  if (size === 1) return { ...none, mode: mode.scalar, location };
  if (!isSuffix(value.shape, shape)) {
    throw new NotNative(
      "an unsupported broadcast of a value that all samples share",
    );
  }
  return { ...none, mode: mode.periodic, period: size, location };
}

function rowOperand(
  lowering: Lowering,
  value: Value,
  shape: readonly number[],
): OperandForm {
  const location = lowering.rows(value);
  const none = { period: 0, number: 0 };
  const size = sizeOf(shape) / lowering.samples;
  if (location.size === size) return { ...none, mode: mode.full, location };
  if (location.size === 1) return { ...none, mode: mode.perSample, location };
  if (isPrefix(value.shape, shape)) {
    const period = sizeOf(shape) / sizeOf(value.shape);
    return { ...none, mode: mode.repeated, period, location };
  }
  // (n, 1, 1, c) broadcast to (n, h, w, c).
  const inner = value.shape.slice(1);
  const isRepeated =
    value.shape[0] === lowering.samples && isSuffix(inner, shape.slice(1));
  if (!isRepeated) {
    throw new NotNative("an unsupported broadcast of rows of samples");
  }
  const { periodicPerSample } = mode;
  return { ...none, mode: periodicPerSample, period: location.size, location };
}

/**
 * Returns whether broadcasting to `whole` repeats each element of a shape in place, as (n, h, w, 1)
 * to (n, h, w, c).
 */
function isPrefix(shape: readonly number[], whole: readonly number[]): boolean {
  const last = shape.map((side) => side !== 1).lastIndexOf(true);
  return (
    shape.length === whole.length &&
    shape.every((side, axis) => axis > last || side === whole[axis])
  );
}

/**
 * Returns whether broadcasting to `whole` repeats the elements of a shape as a whole, as (c) to (n,
 * h, w, c).
 */
function isSuffix(shape: readonly number[], whole: readonly number[]): boolean {
  const first = shape.findIndex((side) => side !== 1);
  const sides = first < 0 ? [] : shape.slice(first);
  return sides.every(
    (side, index) => whole[whole.length - sides.length + index] === side,
  );
}
