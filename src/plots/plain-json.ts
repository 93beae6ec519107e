import { coded } from "../notebook/coded-error";
/**
 * Conversion of computed values to plain JSON values.
 */

/**
 * Copies a value as plain JSON values: typed arrays become arrays, numbers without a JSON form
 * become null, and undefined fields are omitted.
 *
 * `path` is the value's path in error messages. Throws a TypeError for values without a JSON form:
 * functions, symbols, bigints, and class instances such as tensors.
 */
export function plainJson(value: unknown, path: string): unknown {
  if (
    value === null ||
    typeof value === "string" ||
    typeof value === "boolean"
  ) {
    return value;
  }
  if (typeof value === "number") return Number.isFinite(value) ? value : null;
  if (Array.isArray(value)) {
    return value.map(
      (item, index) => plainJson(item, `${path}[${index}]`) ?? null,
    );
  }
  if (ArrayBuffer.isView(value) && !(value instanceof DataView)) {
    return plainJson(Array.from(value as unknown as ArrayLike<unknown>), path);
  }
  if (value === undefined) return undefined;
  if (isPlainObject(value)) {
    return Object.fromEntries(
      Object.entries(value)
        .filter(([, item]) => item !== undefined)
        .map(([key, item]) => [key, plainJson(item, `${path}.${key}`)]),
    );
  }
  const kind =
    typeof value === "object"
      ? `a ${value.constructor?.name ?? "value"}`
      : `a ${typeof value}`;
  throw coded(
    "ERR_INVALID_TYPE",
    new TypeError(
      `Expected ${path} to consist of numbers, strings, arrays and plain objects, received ${kind}`,
    ),
  );
}

function isPlainObject(value: unknown): value is Record<string, unknown> {
  if (typeof value !== "object" || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  // Compares structure instead of identity: object literals of notebook cells may come from another
  // realm with its own Object.
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}
