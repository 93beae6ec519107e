/**
 * JSON of optimizers, whose settings Keras wants as floats: in JavaScript, 1.0 is written as 1.
 */
import { isRecord } from "./keras-object";

/** Marks numbers that are written with a decimal point. */
const mark = "\u0000float ";
const marked = /"\\u0000float ([^"]+)"/g;

/** Settings that are counts. */
const counts = /(^|_)(steps|boundaries)$/;

/**
 * Returns a configuration with marks at its whole numbers, except counts of steps, for
 * {@link jsonWithFloats}.
 */
export function asFloats(value: unknown): unknown {
  if (typeof value === "number" && Number.isInteger(value)) {
    const digits = String(value);
    return mark + (digits.includes("e") ? digits : `${digits}.0`);
  }
  if (Array.isArray(value)) return value.map(asFloats);
  if (!isRecord(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, each]) => [
      key,
      counts.test(key) ? each : asFloats(each),
    ]),
  );
}

/** Returns a value as JSON, with a decimal point in numbers that {@link asFloats} has marked. */
export function jsonWithFloats(value: unknown): string {
  return JSON.stringify(value).replaceAll(marked, "$1");
}
