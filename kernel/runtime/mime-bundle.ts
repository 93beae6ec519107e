/**
 * What a cell shows, as a notebook can hold it: texts under the types of text, JSON under those of JSON.
 */
import { inspect } from "node:util";
import type { MimeBundle } from "./channel";

/** The types under which a notebook takes more than texts (nbformat's schema). */
const JSON_TYPE = /^application\/(?:.*\+)?json$/;

/** How deep data may be nested. Jupyter's programs, which are recursive, break at about twice that. */
const MOST_LEVELS = 200;

/** How much text data may hold, in UTF-16 code units; a string of V8 holds about twice that, escapes included. */
const MOST_CHARACTERS = 2 ** 28;

/** How much of it there may still be. */
interface Room {
  characters: number;
}

type JsonData = Record<string, unknown>;

/**
 * A copy of the bundle that can be sent and saved. Numbers and the like become texts, and bytes base64, where texts belong; a list of
 * texts, as a notebook's file holds long ones, becomes one text.
 *
 * @throws {TypeError} If it is no object, holds an object under a type that is not JSON, or what JSON cannot carry.
 */
export function mimeBundle(given: unknown): MimeBundle {
  if (!isObject(given) || Array.isArray(given)) {
    throw new TypeError(
      `Expected a MIME bundle, an object of data by type, received ${brief(given)}.`,
    );
  }
  const room: Room = { characters: MOST_CHARACTERS };
  const bundle: [string, unknown][] = [];
  for (const [type, value] of Object.entries(given)) {
    const data = JSON_TYPE.test(type)
      ? jsonValue(value, 0, room)
      : textValue(type, value, room);
    if (data !== undefined) bundle.push([type, data]);
  }
  return Object.fromEntries(bundle);
}

/**
 * A copy of data as JSON carries it: what `JSON.stringify` leaves out is left out, and NaN becomes null.
 *
 * @throws {TypeError} If it is no object, is nested too deep or in a circle, too long, or holds a bigint.
 */
export function jsonObject(given: unknown): JsonData {
  const value = jsonValue(given, 0, { characters: MOST_CHARACTERS });
  if (!isObject(value) || Array.isArray(value)) {
    throw new TypeError(
      `Expected an object of data, received ${brief(given)}.`,
    );
  }
  return value as JsonData;
}

/** Bytes in base64, whatever kind of view they are seen through. */
export function base64(data: unknown): string {
  const bytes = ArrayBuffer.isView(data)
    ? Buffer.from(data.buffer, data.byteOffset, data.byteLength)
    : Buffer.from(data as ArrayBuffer);
  return bytes.toString("base64");
}

function textValue(type: string, value: unknown, room: Room): unknown {
  switch (typeof value) {
    case "undefined":
      return undefined;
    case "object":
      if (value === null) return undefined;
      if (value instanceof ArrayBuffer || ArrayBuffer.isView(value)) {
        return take(base64(value), room);
      }
      if (Array.isArray(value) && value.every(isText)) {
        return take(value.join(""), room);
      }
      throw new TypeError(
        `Expected a text under ${type}, as it is no type of JSON, received ${brief(value)}.`,
      );
    default:
      return take(String(value), room);
  }
}

function jsonValue(given: unknown, level: number, room: Room): unknown {
  const value = unwrapped(given);
  switch (typeof value) {
    case "string":
      return take(value, room);
    case "number":
      return take(Number.isFinite(value) ? value : null, room);
    case "boolean":
      return take(value, room);
    case "bigint":
      throw new TypeError(
        `Expected data that JSON can carry, received the bigint ${brief(value)}.`,
      );
    case "object":
      break;
    default:
      return undefined; // As JSON.stringify leaves them out.
  }
  if (value === null || isRawJson(value)) return take(value, room);
  if (level >= MOST_LEVELS) {
    throw new TypeError(
      `Expected data of at most ${MOST_LEVELS} levels, received data that is deeper or refers to itself.`,
    );
  }
  take(null, room);
  if (Array.isArray(value)) {
    return Array.from(
      value,
      (item) => jsonValue(item, level + 1, room) ?? null,
    );
  }
  const entries: [string, unknown][] = [];
  for (const key of Object.keys(value)) {
    const item = jsonValue((value as JsonData)[key], level + 1, room);
    if (item !== undefined) entries.push([take(key, room), item]);
  }
  return Object.fromEntries(entries);
}

/** What JSON.stringify takes for the value: what its `toJSON` gives, and what a wrapper holds. */
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

/** Numbers written as a text of their own (`JSON.rawJSON`, from Node 22 on). */
function isRawJson(value: object): boolean {
  const { isRawJSON } = JSON as { isRawJSON?: (value: object) => boolean };
  return isRawJSON?.(value) ?? false;
}

/** Counts a value that needs room in the message. */
function take<Value>(value: Value, room: Room): Value {
  room.characters -= typeof value === "string" ? value.length + 3 : 6;
  if (room.characters < 0) {
    throw new TypeError(
      `Expected data of at most ${MOST_CHARACTERS.toLocaleString("en-US")} characters, received more.`,
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
