/**
 * Lists what a value contains: elements, entries and properties, in parts of limited size. Getters
 * are listed but not run.
 */
import { types } from "node:util";
import { isIdentifier } from "../../identifier";
import { className, innerText, isObject, sizeOf } from "./value-text";

/** One member of a value. */
export type Member =
  | {
      readonly name: string;
      /** What leads to it, such as ".x" or "[0]"; absent if no expression does. */
      readonly access?: string;
      readonly value: unknown;
    }
  | {
      readonly name: string;
      readonly access?: string;
      /** Computes the value when the user asks for it. */
      readonly get: () => unknown;
    };

/** The members of a value, which are created when they are shown. */
export interface Members {
  /** Number of members with an index. */
  readonly indexed: number;
  /** Number of other members. */
  readonly named: number;
  /** Returns the indexed members from `start` to before `end`. */
  elements(start: number, end: number): readonly Member[];
  /** Returns the other members from `start` to before `end`. */
  properties(start: number, end: number): readonly Member[];
}

/**
 * How many elements a list has at most whose other properties are listed: listing all keys takes
 * long if there are many.
 */
const MOST_WITH_PROPERTIES = 100_000;

const NONE: Members = {
  indexed: 0,
  named: 0,
  elements: () => [],
  properties: () => [],
};

/** Returns the members of a value. */
export function membersOf(value: unknown): Members {
  if (!isObject(value) || types.isProxy(value)) return NONE;
  const indexed = sizeOf(value) ?? 0;
  const isLong = indexed > MOST_WITH_PROPERTIES;
  const names = isLong ? [] : propertyNames(value);
  const properties = (start: number, end: number) =>
    names
      .slice(start, end)
      .map(([owner, key]) => propertyOf(value, owner, key));
  const named = names.length;
  if (Array.isArray(value) || types.isTypedArray(value)) {
    const elements = (start: number, end: number) =>
      range(start, Math.min(end, indexed)).map((index) =>
        propertyOf(value, value, String(index)),
      );
    return { indexed, named, elements, properties };
  }
  if (types.isMap(value) || types.isSet(value)) {
    const elements = (start: number, end: number) =>
      entriesOf(value, start, end);
    return { indexed, named, elements, properties };
  }
  return { indexed: 0, named, elements: () => [], properties };
}

/** An entry of a map whose key is an object. */
class Entry {
  constructor(
    readonly key: unknown,
    readonly value: unknown,
  ) {}
}

function entriesOf(value: object, start: number, end: number): Member[] {
  const members: Member[] = [];
  const isMap = types.isMap(value);
  const iterator: Iterator<unknown> = isMap
    ? Map.prototype.entries.call(value)
    : Set.prototype.values.call(value as Set<unknown>);
  for (let index = 0; index < end; index += 1) {
    const { done, value: found } = iterator.next();
    if (done) break;
    if (index < start) continue;
    if (!isMap) {
      members.push({ name: String(index), value: found });
      continue;
    }
    const [key, each] = found as [unknown, unknown];
    members.push(
      isObject(key)
        ? { name: String(index), value: new Entry(key, each) }
        : { name: innerText(key), value: each },
    );
  }
  return members;
}

/**
 * Returns the names of an object's properties with their owners: its own, and the getters of its
 * class.
 */
function propertyNames(value: object): readonly [object, PropertyKey][] {
  const isIndexed = Array.isArray(value) || types.isTypedArray(value);
  const own = Reflect.ownKeys(value).filter(
    (key) =>
      !(isIndexed && typeof key === "string" && /^(?:\d+|length)$/.test(key)) &&
      !(typeof value === "function" && HIDDEN_OF_FUNCTIONS.has(key)) &&
      (typeof key === "string" || isEnumerable(value, key)),
  );
  const names: [object, PropertyKey][] = own.map((key) => [value, key]);
  for (
    let owner = Object.getPrototypeOf(value) as object | null;
    owner !== null && !types.isProxy(owner) && !isBuiltIn(owner);
    owner = Object.getPrototypeOf(owner) as object | null
  ) {
    for (const key of Reflect.ownKeys(owner)) {
      const found = Object.getOwnPropertyDescriptor(owner, key);
      if (key !== "__proto__" && found?.get) names.push([owner, key]);
    }
  }
  return names;
}

const HIDDEN_OF_FUNCTIONS: ReadonlySet<PropertyKey> = new Set([
  "length",
  "name",
  "prototype",
  "arguments",
  "caller",
]);

function isEnumerable(value: object, key: PropertyKey): boolean {
  return Object.prototype.propertyIsEnumerable.call(value, key);
}

/** Whether a prototype belongs to a class of JavaScript or Node, whose getters are not listed. */
function isBuiltIn(prototype: object): boolean {
  const made: unknown = Object.getOwnPropertyDescriptor(
    prototype,
    "constructor",
  )?.value;
  return (
    typeof made === "function" &&
    Function.prototype.toString.call(made).includes("[native code]") &&
    className(prototype) !== ""
  );
}

function propertyOf(value: object, owner: object, key: PropertyKey): Member {
  const name = typeof key === "symbol" ? `[${String(key)}]` : String(key);
  const access =
    typeof key === "symbol"
      ? {}
      : { access: isIdentifier(name) ? `.${name}` : `[${quoted(name)}]` };
  try {
    const found = Object.getOwnPropertyDescriptor(owner, key);
    const get = found?.get;
    return get
      ? { name, ...access, get: () => get.call(value) as unknown }
      : { name, ...access, value: found?.value };
  } catch {
    // A module's export that is not initialized yet.
    return { name, ...access, value: undefined };
  }
}

function quoted(name: string): string {
  return /^\d+$/.test(name) ? name : JSON.stringify(name);
}

function range(start: number, end: number): number[] {
  return Array.from(
    { length: Math.max(0, end - start) },
    (_, index) => start + index,
  );
}
