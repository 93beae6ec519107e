/**
 * Converts displayed data to a form that can be sent to a notebook and stored there: strings for
 * text types, JSON data for JSON types.
 */
import { inspect } from "node:util";
import { coded } from "./coded-error";
import type { MimeBundle } from "./mime";

/** MIME types whose data may be JSON instead of a string (nbformat's schema). */
const JSON_TYPE = /^application\/(?:.*\+)?json$/;

/** Maximum nesting depth. Jupyter's recursive programs fail at about twice that. */
const MOST_LEVELS = 200;

/**
 * Maximum size of data, in UTF-16 code units. A V8 string can hold about twice that, including
 * escapes.
 */
const MOST_CHARACTERS = 2 ** 28;

/** The number of characters that may still be added. */
interface Budget {
  characters: number;
}

type JsonData = Record<string, unknown>;

/**
 * Copies a bundle to a form that can be sent and saved. For text types, numbers and other
 * primitives become strings, bytes become base64, and lists of strings, as in notebook files, are
 * joined.
 *
 * @throws {TypeError} If the bundle is not an object, has an object under a type that is not JSON,
 *   or contains data that JSON cannot represent.
 */
export function mimeBundle(given: unknown): MimeBundle {
  if (!isObject(given) || Array.isArray(given)) {
    throw coded(
      "ERR_INVALID_TYPE",
      new TypeError(
        `Expected a MIME bundle, an object of data by type, received ${brief(given)}.`,
      ),
    );
  }
  const budget: Budget = { characters: MOST_CHARACTERS };
  const bundle: [string, unknown][] = [];
  for (const [type, value] of Object.entries(given)) {
    const data = JSON_TYPE.test(type)
      ? jsonValue(value, 0, budget)
      : textValue(type, value, budget);
    if (data !== undefined) bundle.push([type, data]);
  }
  return Object.fromEntries(bundle);
}

/**
 * Copies data as JSON represents it: omits what `JSON.stringify` omits, and turns NaN into null.
 *
 * @throws {TypeError} If the data is not an object, is nested too deeply or cyclic, too large, or
 *   contains a bigint.
 */
export function jsonObject(given: unknown): JsonData {
  const value = jsonValue(given, 0, { characters: MOST_CHARACTERS });
  if (!isObject(value) || Array.isArray(value)) {
    throw coded(
      "ERR_INVALID_TYPE",
      new TypeError(`Expected an object of data, received ${brief(given)}.`),
    );
  }
  return value as JsonData;
}

/** Encodes an ArrayBuffer or any view of one in base64. */
export function base64(data: unknown): string {
  const bytes = ArrayBuffer.isView(data)
    ? Buffer.from(data.buffer, data.byteOffset, data.byteLength)
    : Buffer.from(data as ArrayBuffer);
  return bytes.toString("base64");
}

function textValue(type: string, value: unknown, budget: Budget): unknown {
  switch (typeof value) {
    case "undefined":
      return undefined;
    case "object":
      if (value === null) return undefined;
      if (value instanceof ArrayBuffer || ArrayBuffer.isView(value)) {
        return charge(base64(value), budget);
      }
      if (Array.isArray(value) && value.every(isText)) {
        return charge(value.join(""), budget);
      }
      throw coded(
        "ERR_INVALID_TYPE",
        new TypeError(
          `Expected a string for ${type}, which is not a JSON type, received ${brief(value)}.`,
        ),
      );
    default:
      return charge(String(value), budget);
  }
}

function jsonValue(given: unknown, level: number, budget: Budget): unknown {
  const value = unwrapped(given);
  switch (typeof value) {
    case "string":
      return charge(value, budget);
    case "number":
      return charge(Number.isFinite(value) ? value : null, budget);
    case "boolean":
      return charge(value, budget);
    case "bigint":
      throw coded(
        "ERR_INVALID_TYPE",
        new TypeError(
          `Expected data that JSON can represent, received the bigint ${brief(value)}.`,
        ),
      );
    case "object":
      break;
    default:
      return undefined; // Omitted, as by JSON.stringify.
  }
  if (value === null || isRawJson(value)) return charge(value, budget);
  if (level >= MOST_LEVELS) {
    throw coded(
      "ERR_INVALID_VALUE",
      new TypeError(
        `Expected data of at most ${MOST_LEVELS} levels, received deeper or cyclic data.`,
      ),
    );
  }
  charge(null, budget);
  if (Array.isArray(value)) {
    return Array.from(
      value,
      (item) => jsonValue(item, level + 1, budget) ?? null,
    );
  }
  const entries: [string, unknown][] = [];
  for (const key of Object.keys(value)) {
    const item = jsonValue((value as JsonData)[key], level + 1, budget);
    if (item !== undefined) entries.push([charge(key, budget), item]);
  }
  return Object.fromEntries(entries);
}

/**
 * Returns the value that JSON.stringify would use: the result of `toJSON`, or a wrapper's primitive
 * value.
 */
function unwrapped(given: unknown): unknown {
  if (!isObject(given)) return given;
  const { toJSON } = given as { toJSON?: unknown };
  const value: unknown =
    typeof toJSON === "function" ? toJSON.call(given, "") : given;
  return value instanceof Number ||
    value instanceof String ||
    value instanceof Boolean ||
    value instanceof BigInt
    ? value.valueOf()
    : value;
}

/** Returns whether a value was made by `JSON.rawJSON`, which exists from Node 22. */
function isRawJson(value: object): boolean {
  const { isRawJSON } = JSON as { isRawJSON?: (value: object) => boolean };
  return isRawJSON?.(value) ?? false;
}

/** Deducts a value's size from the budget and returns the value. */
function charge<Value>(value: Value, budget: Budget): Value {
  budget.characters -= typeof value === "string" ? value.length + 3 : 6;
  if (budget.characters < 0) {
    throw coded(
      "ERR_INVALID_VALUE",
      new TypeError(
        `Expected data of at most ${MOST_CHARACTERS.toLocaleString("en-US")} characters, received more.`,
      ),
    );
  }
  return value;
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}

function isText(value: unknown): value is string {
  return typeof value === "string";
}

function brief(value: unknown): string {
  const text = inspect(value, {
    depth: 0,
    maxArrayLength: 3,
    maxStringLength: 60,
  });
  return text.length > 200 ? `${text.slice(0, 200)}…` : text;
}
