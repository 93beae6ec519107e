/**
 * Formats values on one line for a debugger, without running any code of the user: no getters,
 * methods or traps of proxies.
 *
 * Values of libraries that have registered a display are described by it.
 */
import { inspect, types } from "node:util";
import type { ValueDisplay } from "@convnotes/notebook/value-display";

/** The text of a value, and of its type. */
export interface ValueText {
  readonly text: string;
  readonly type: string;
}

/** Maximum length of the text of a value, in UTF-16 code units. */
const MOST_TEXT = 200;

/** Maximum length of the text of a value inside another one. */
const MOST_INNER = 40;

/** Maximum number of elements or properties in the text of a value. */
const MOST_SHOWN = 8;

/** Returns the text and the type of a value. */
export function valueText(
  value: unknown,
  displays: readonly ValueDisplay[],
): ValueText {
  if (!isObject(value)) {
    return { text: primitiveText(value, MOST_TEXT), type: typeOf(value) };
  }
  const described = describedBy(value, displays);
  if (described) return described;
  return {
    text: shortened(objectText(value), MOST_TEXT),
    type: typeof value === "function" ? "function" : className(value),
  };
}

/** Returns a value's text inside that of another one. */
export function innerText(value: unknown): string {
  if (!isObject(value)) return primitiveText(value, MOST_INNER);
  if (typeof value === "function" || types.isProxy(value)) {
    return shortened(objectText(value), MOST_INNER);
  }
  const size = sizeOf(value);
  return size === undefined
    ? `${className(value)} {…}`
    : `${className(value)}(${size})`;
}

/** Returns whether a value is an object or a function. */
export function isObject(value: unknown): value is object {
  return (
    (typeof value === "object" && value !== null) || typeof value === "function"
  );
}

/** Returns the number of elements of an array or a collection; undefined for other objects. */
export function sizeOf(value: object): number | undefined {
  if (types.isProxy(value)) return undefined;
  if (Array.isArray(value)) return value.length;
  if (types.isTypedArray(value)) return typedLength.call(value);
  if (types.isMap(value)) return mapSize.call(value);
  if (types.isSet(value)) return setSize.call(value);
  if (types.isAnyArrayBuffer(value)) return value.byteLength;
  return undefined;
}

/** Returns the name of an object's class, read without running getters. */
export function className(value: object): string {
  if (types.isProxy(value)) return "Proxy";
  for (
    let owner: object | null = value;
    owner !== null && !types.isProxy(owner);
    owner = Object.getPrototypeOf(owner) as object | null
  ) {
    const made = dataProperty(owner, "constructor");
    if (typeof made === "function") {
      const name = dataProperty(made, "name");
      if (typeof name === "string" && name !== "") return name;
    }
  }
  return types.isModuleNamespaceObject(value) ? "Module" : "Object";
}

/** Returns the value of an own property that has no getter. */
export function dataProperty(owner: object, name: PropertyKey): unknown {
  if (types.isProxy(owner)) return undefined;
  try {
    return (Object.getOwnPropertyDescriptor(owner, name) ?? {}).value;
  } catch {
    return undefined; // A module's export that is not initialized yet.
  }
}

/** Returns a text of limited length. */
export function shortened(text: string, most: number): string {
  return text.length > most ? `${text.slice(0, most - 1)}…` : text;
}

// The getters of the built-in classes, which a subclass may override.
const typedLength = getterOf<number>(
  Object.getPrototypeOf(Uint8Array.prototype) as object,
  "length",
);
const mapSize = getterOf<number>(Map.prototype, "size");
const setSize = getterOf<number>(Set.prototype, "size");

function getterOf<Value>(owner: object, name: string): (this: object) => Value {
  return Object.getOwnPropertyDescriptor(owner, name)!.get as () => Value;
}

/**
 * Returns the description of a value by the library that it belongs to; undefined for other values.
 */
export function describedBy(
  value: object,
  displays: readonly ValueDisplay[],
): ValueText | undefined {
  if (types.isProxy(value) || typeof value === "function") return undefined;
  for (const display of displays) {
    try {
      if (!display.describe || !display.matches(value)) continue;
      const { type, size, preview } = display.describe(value);
      const text = [size, preview].filter(Boolean).join(": ");
      return { text: shortened(text, MOST_TEXT), type };
    } catch {
      // A value that only resembles those of the library.
    }
  }
  return undefined;
}

function typeOf(value: unknown): string {
  return value === null ? "null" : typeof value;
}

function primitiveText(value: unknown, most: number): string {
  if (typeof value !== "string") return inspect(value);
  const inside = value.slice(0, most);
  return JSON.stringify(inside) + (inside.length < value.length ? "…" : "");
}

function objectText(value: object): string {
  if (types.isProxy(value)) return "Proxy";
  if (typeof value === "function") return functionText(value);
  const size = sizeOf(value);
  if (Array.isArray(value) || types.isTypedArray(value)) {
    const shown = Array.from(
      { length: Math.min(size!, MOST_SHOWN) },
      (_, index) => elementText(value, index),
    );
    const label = Array.isArray(value) ? "" : className(value);
    return `${label}(${size}) [${listed(shown, size!)}]`;
  }
  if (types.isMap(value)) {
    const entries = first(mapEntries.call(value)).map(
      ([key, each]) => `${innerText(key)} → ${innerText(each)}`,
    );
    return `${className(value)}(${size}) {${listed(entries, size!)}}`;
  }
  if (types.isSet(value)) {
    const entries = first(setValues.call(value)).map(innerText);
    return `${className(value)}(${size}) {${listed(entries, size!)}}`;
  }
  if (types.isAnyArrayBuffer(value)) return `${className(value)}(${size})`;
  if (types.isNativeError(value)) return errorText(value);
  if (
    types.isDate(value) ||
    types.isRegExp(value) ||
    types.isBoxedPrimitive(value) ||
    types.isPromise(value)
  ) {
    return inspect(value, {
      customInspect: false,
      depth: 0,
      breakLength: Infinity,
    });
  }
  return propertiesText(value);
}

const mapEntries = Map.prototype.entries as (
  this: object,
) => Iterator<[unknown, unknown]>;
const setValues = Set.prototype.values as (this: object) => Iterator<unknown>;

/** Takes the first values of a built-in iterator. */
function first<Value>(iterator: Iterator<Value>): Value[] {
  const taken: Value[] = [];
  while (taken.length < MOST_SHOWN) {
    const { done, value } = iterator.next();
    if (done) break;
    taken.push(value);
  }
  return taken;
}

function listed(texts: readonly string[], count: number): string {
  return [...texts, ...(count > texts.length ? ["…"] : [])].join(", ");
}

function elementText(list: object, index: number): string {
  const found = Object.getOwnPropertyDescriptor(list, index);
  if (found === undefined) return "";
  return found.get ? "(…)" : innerText(found.value);
}

function errorText(error: Error): string {
  const message = dataProperty(error, "message");
  const name = className(error);
  return typeof message === "string" && message !== ""
    ? `${name}: ${message.replaceAll("\n", " ")}`
    : name;
}

function functionText(value: object): string {
  const source = Function.prototype.toString.call(value);
  const name = dataProperty(value, "name");
  const label = typeof name === "string" ? name : "";
  return /^class\b/.test(source) ? `class ${label}` : `ƒ ${label}()`;
}

function propertiesText(value: object): string {
  const label = className(value);
  const names = Object.keys(value);
  const shown = names.slice(0, MOST_SHOWN).map((name) => {
    const found = Object.getOwnPropertyDescriptor(value, name);
    return `${name}: ${found?.get ? "(…)" : innerText(found?.value)}`;
  });
  const prefix = label === "Object" ? "" : `${label} `;
  return `${prefix}{${listed(shown, names.length)}}`;
}
