/**
 * Reduces wide values before they are printed. `util.inspect` limits the items of lists but prints
 * every key of every object, so that an object with a million keys takes many seconds.
 *
 * No code of the values runs here that printing them would not run: no getter, no method, no proxy
 * trap.
 */
import { inspect, types } from "node:util";

/** Limits of how much of a value is printed. */
export interface Bounds {
  /** Items of each array, set and map. */
  readonly items: number;
  /** Keys of each object. */
  readonly keys: number;
  /** Characters of each string. */
  readonly characters: number;
}

/**
 * With more keys than this, no text of allowed length is possible; symbol keys are then not
 * collected.
 */
export const MANY_KEYS = 2_500;

/** How many levels of nested values are printed. */
export const LEVELS = 4;

/** Key that represents the omitted keys; its value is their number. */
const MORE = Symbol("convnotes.more");

type List = readonly unknown[];

/** A value to be printed, possibly with several bounds in turn. */
export class PrintedValue {
  readonly #value: unknown;
  /** Keys of wide objects; cached, because listing a million keys takes long. */
  readonly #keys = new Map<object, readonly PropertyKey[]>();

  constructor(value: unknown) {
    this.#value = value;
  }

  /**
   * Returns whether the text may have at most `most` characters; false only if it is certainly
   * longer.
   */
  fits({ items, keys, characters }: Bounds, most: number): boolean {
    let left = most;
    const open = new Set<object>();
    const count = (value: unknown, level: number): void => {
      // At least two characters: one for the value and a comma.
      left -=
        typeof value === "string" ? Math.min(value.length, characters) + 2 : 2;
      if (!isWalked(value) || level > LEVELS || open.has(value)) return;
      open.add(value);
      for (const item of firstItems(value, items)) {
        if (left < 0) break;
        count(item, level + 1);
      }
      const names = this.#keysOf(value);
      if (names.length > keys && keys >= MANY_KEYS) left = -1;
      for (const name of names.slice(0, keys)) {
        if (left < 0) break;
        left -= typeof name === "string" ? name.length + 2 : 10;
        count(dataOf(value, name), level + 1);
      }
      open.delete(value);
    };
    count(this.#value, 0);
    return left >= 0;
  }

  /** Returns the text that `print` makes of a copy with a limited number of keys in each object. */
  narrowText(bounds: Bounds, print: (value: unknown) => string): string {
    const text = print(this.#copy(this.#value, bounds, 0, new Map()));
    return text.replace(
      /\[?Symbol\(convnotes\.more\)\]?: (\d+)/g,
      (_all, left: string) =>
        `... ${left} more ${left === "1" ? "key" : "keys"}`,
    );
  }

  /** Copies a value and its contents; `open` has the copies of the values that contain it. */
  #copy(
    value: unknown,
    bounds: Bounds,
    level: number,
    open: Map<object, object>,
  ): unknown {
    if (!isWalked(value) || level > LEVELS) return value;
    const before = open.get(value);
    if (before !== undefined) return before;
    const copyOf = (part: unknown) => this.#copy(part, bounds, level + 1, open);
    const copy = emptyCopy(value);
    open.set(value, copy);
    copyItems(value, copy, bounds.items, copyOf);
    const keys = this.#keysOf(value);
    for (const key of keys.slice(0, bounds.keys)) {
      copyProperty(value, copy, key, copyOf);
    }
    if (types.isNativeError(value)) {
      for (const key of ["name", "message", "cause", "errors"]) {
        if (Object.hasOwn(value, key)) copyProperty(value, copy, key, copyOf);
      }
      // In some versions of Node, `stack` is a getter that works only on the original error.
      const { stack } = value;
      Object.defineProperty(copy, "stack", { value: stack });
    }
    const left = keys.length - bounds.keys;
    if (left > 0) {
      Object.defineProperty(copy, MORE, { enumerable: true, value: left });
    }
    open.delete(value);
    return copy;
  }

  /** Returns the keys that are printed, except the indices of lists. */
  #keysOf(value: object): readonly PropertyKey[] {
    if (Array.isArray(value)) {
      // A long list has a key for each item, and hardly ever others.
      if (value.length > MANY_KEYS) return [];
      return Object.keys(value).filter((key) => !isIndex(key, value));
    }
    const known = this.#keys.get(value);
    if (known !== undefined) return known;
    const keys: PropertyKey[] = Object.keys(value);
    if (keys.length < MANY_KEYS) keys.push(...symbolsOf(value));
    if (keys.length >= MANY_KEYS) this.#keys.set(value, keys);
    return keys;
  }
}

/**
 * Returns whether a value is an object that can be copied and does not define how it is printed.
 */
function isWalked(value: unknown): value is object {
  return (
    typeof value === "object" &&
    value !== null &&
    !types.isProxy(value) &&
    !IS_SPECIAL.some((isSpecial) => isSpecial(value)) &&
    typeof (value as Record<symbol, unknown>)[inspect.custom] !== "function"
  );
}

/** Objects that a prototype and properties do not fully describe. */
const IS_SPECIAL: readonly ((value: unknown) => boolean)[] = [
  types.isAnyArrayBuffer,
  types.isArrayBufferView,
  types.isArgumentsObject,
  types.isBoxedPrimitive,
  types.isDate,
  types.isExternal,
  types.isGeneratorObject,
  types.isMapIterator,
  types.isModuleNamespaceObject,
  types.isPromise,
  types.isRegExp,
  types.isSetIterator,
  types.isWeakMap,
  types.isWeakSet,
];

function firstItems(value: object, count: number): List {
  if (Array.isArray(value)) return value.slice(0, count);
  if (types.isMap(value)) return firstOf(entriesOf(value), count).flat();
  return types.isSet(value) ? firstOf(valuesOf(value), count) : [];
}

function emptyCopy(value: object): object {
  const prototype = Object.getPrototypeOf(value) as object | null;
  const copy = Array.isArray(value)
    ? new Array<unknown>(value.length)
    : types.isMap(value)
      ? new Map()
      : types.isSet(value)
        ? new Set()
        : {};
  return Object.setPrototypeOf(copy, prototype) as object;
}

/**
 * Copies the first items, and adds others that are not printed, so that the copy has the same size.
 */
function copyItems(
  value: object,
  copy: object,
  count: number,
  copyOf: (part: unknown) => unknown,
): void {
  if (Array.isArray(value)) {
    const items = value.slice(0, count);
    items.forEach((item, index) => {
      Object.defineProperty(copy, index, {
        configurable: true,
        enumerable: true,
        value: copyOf(item),
      });
    });
  } else if (types.isMap(value)) {
    const add = (key: unknown, item: unknown) =>
      Map.prototype.set.call(copy, key, item);
    for (const [key, item] of firstOf(entriesOf(value), count)) {
      add(copyOf(key), copyOf(item));
    }
    const size = sizeOf(value);
    for (let index = count; index < size; index += 1) add({}, index);
  } else if (types.isSet(value)) {
    const add = (item: unknown) => Set.prototype.add.call(copy, item);
    for (const item of firstOf(valuesOf(value), count)) add(copyOf(item));
    const size = sizeOf(value);
    for (let index = count; index < size; index += 1) add({});
  }
}

function copyProperty(
  value: object,
  copy: object,
  key: PropertyKey,
  copyOf: (part: unknown) => unknown,
): void {
  const property = Object.getOwnPropertyDescriptor(value, key);
  if (property === undefined) return;
  if ("value" in property) property.value = copyOf(property.value);
  Object.defineProperty(copy, key, property);
}

function symbolsOf(value: object): symbol[] {
  return Object.getOwnPropertySymbols(value).filter((symbol) =>
    Object.prototype.propertyIsEnumerable.call(value, symbol),
  );
}

function isIndex(key: string, { length }: List): boolean {
  const index = Number(key);
  return String(index) === key && index >= 0 && index < length;
}

function dataOf(value: object, key: PropertyKey): unknown {
  return Object.getOwnPropertyDescriptor(value, key)?.value as unknown;
}

// Uses the built-in methods, because a subclass may override them.
function entriesOf(map: ReadonlyMap<unknown, unknown>) {
  return Map.prototype.entries.call(map) as IterableIterator<
    [unknown, unknown]
  >;
}

function valuesOf(set: ReadonlySet<unknown>) {
  return Set.prototype.values.call(set) as IterableIterator<unknown>;
}

function sizeOf(value: object): number {
  const { prototype } = types.isMap(value) ? Map : Set;
  return Number(Reflect.get(prototype, "size", value));
}

function firstOf<Item>(items: Iterable<Item>, count: number): Item[] {
  const first: Item[] = [];
  if (count === 0) return first;
  for (const item of items) {
    first.push(item);
    if (first.length === count) break;
  }
  return first;
}
