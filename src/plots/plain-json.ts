/**
 * Values as they come out of a computation, as JSON has them.
 */

/**
 * Copies a value into plain JSON values: typed arrays become arrays, numbers that JSON does not know become null,
 * fields that are undefined are left out.
 *
 * `place` names the value in errors. Throws a TypeError for what has no JSON form: a function, a symbol, a bigint, or
 * an object of a class, such as a tensor.
 */
export function plainJson(value: unknown, place: string): unknown {
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
      (item, index) => plainJson(item, `${place}[${index}]`) ?? null,
    );
  }
  if (ArrayBuffer.isView(value) && !(value instanceof DataView)) {
    return plainJson(Array.from(value as unknown as ArrayLike<unknown>), place);
  }
  if (value === undefined) return undefined;
  if (isPlainObject(value)) {
    return Object.fromEntries(
      Object.entries(value)
        .filter(([, item]) => item !== undefined)
        .map(([key, item]) => [key, plainJson(item, `${place}.${key}`)]),
    );
  }
  const kind =
    typeof value === "object"
      ? `a ${value.constructor?.name ?? "value"}`
      : `a ${typeof value}`;
  throw new TypeError(
    `Expected ${place} to be made of numbers, texts, lists and plain objects, received ${kind}`,
  );
}

function isPlainObject(value: unknown): value is Record<string, unknown> {
  if (typeof value !== "object" || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  // Compared by shape: an object literal of a notebook cell may come from another realm, with its own Object.
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}
