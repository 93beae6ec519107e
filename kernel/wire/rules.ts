/**
 * Rules for values of JSON, with which the messages of the protocol are declared and checked.
 *
 * A rule has the TypeScript type of the values that pass it, so that a declaration is both the
 * specification of a message and the type of its content.
 */
import type { ErrorCode } from "@convnotes/notebook/coded-error";
import type { JsonObject } from "./message";

/** Thrown for content that breaks a rule; the message names the field, the rule and the value. */
export class InvalidContent extends Error {
  override name = "InvalidContent";
  readonly code = "ERR_PROTOCOL" satisfies ErrorCode;
}

/** Where a value is: the type of its message, and the names that lead to it in the content. */
interface Place {
  readonly type: string;
  readonly path: string;
}

/** What a value has to be. */
export interface Rule<Value> {
  /** The rule in an error message, such as "a string". */
  readonly expected: string;
  /**
   * Returns the value.
   *
   * @param place Where it is, for the error.
   *
   * @throws {InvalidContent} If the value breaks the rule.
   */
  check(value: unknown, place: Place): Value;
}

/** A field of a message's content. */
export interface Field<Value, IsOptional extends boolean> {
  readonly rule: Rule<Value>;
  readonly isOptional: IsOptional;
  /** The value that a request without the field gets. */
  readonly fallback?: Value;
}

/** The fields of a message's content, or of an object in it, by name. */
export type Fields = Readonly<Record<string, Field<unknown, boolean>>>;

/** Names of the fields that a checked content may lack. */
type Absent<Declared extends Fields> = {
  [Name in keyof Declared]: Declared[Name] extends Field<unknown, false>
    ? never
    : Name;
}[keyof Declared];

/** The type of a field's value. */
type ValueOf<Declared> =
  Declared extends Field<infer Value, boolean> ? Value : never;

/** The type of the content with these fields. */
export type ContentOf<Declared extends Fields> = {
  readonly [Name in Exclude<keyof Declared, Absent<Declared>>]: ValueOf<
    Declared[Name]
  >;
} & {
  readonly [Name in Absent<Declared>]?: ValueOf<Declared[Name]>;
};

/**
 * Declares a field that the specification requires.
 *
 * @param fallback The value for a request that omits the field anyway.
 */
export function required<Value>(
  rule: Rule<Value>,
  fallback?: Value,
): Field<Value, false> {
  return { rule, isOptional: false, ...given(fallback) };
}

/** Declares a field that the specification does not require and that has no default. */
export function optional<Value>(rule: Rule<Value>): Field<Value, true> {
  return { rule, isOptional: true };
}

/** Declares an optional field of a request that has a default. */
export function defaulted<Value>(
  rule: Rule<Value>,
  fallback: Value,
): Field<Value, false> {
  return { rule, isOptional: false, fallback };
}

function given<Value>(fallback: Value | undefined): { fallback?: Value } {
  return fallback === undefined ? {} : { fallback };
}

/** A declared message: its section in the specification and the fields of its content. */
export interface Declaration<Declared extends Fields = Fields> {
  readonly section: string;
  readonly fields: Declared;
}

/** Declares a message. */
export function declare<Declared extends Fields>(
  section: string,
  fields: Declared,
): Declaration<Declared> {
  return { section, fields };
}

/** Creates a rule from a predicate. */
export function rule<Value>(
  expected: string,
  passes: (value: unknown) => boolean,
): Rule<Value> {
  return {
    expected,
    check(value, place) {
      if (!passes(value)) throw broken(expected, value, place);
      return value as Value;
    },
  };
}

export const text = rule<string>(
  "a string",
  (value) => typeof value === "string",
);

export const flag = rule<boolean>(
  "true or false",
  (value) => typeof value === "boolean",
);

export const integer = rule<number>("an integer", Number.isInteger);

/** Any object of JSON. */
export const anyObject = rule<JsonObject>("an object", isObject);

/** Data by MIME type: texts, and any value for the types of JSON. */
export const mimeBundle = rule<JsonObject>(
  "an object of texts by MIME type",
  (value) =>
    isObject(value) &&
    Object.entries(value).every(
      ([type, data]) =>
        /^[\w.+-]+\/[\w.+-]+$/.test(type) &&
        (typeof data === "string" || /json$/.test(type)),
    ),
);

/** One of these values. */
export function oneOf<Value extends string | number>(
  ...values: readonly Value[]
): Rule<Value> {
  const names = values.map((value) => JSON.stringify(value)).join(" or ");
  return rule(names, (value) => values.includes(value as Value));
}

/** A list whose items pass a rule. */
export function list<Value>(items: Rule<Value>): Rule<readonly Value[]> {
  return {
    expected: "a list",
    check(value, place) {
      if (!Array.isArray(value)) throw broken("a list", value, place);
      for (const [index, item] of value.entries()) {
        items.check(item, inside(place, `[${index}]`));
      }
      return value as Value[];
    },
  };
}

/** An object with any names, whose values pass a rule. */
export function dictionary<Value>(
  values: Rule<Value>,
): Rule<Readonly<Record<string, Value>>> {
  return {
    expected: "an object",
    check(value, place) {
      const entries = Object.entries(anyObject.check(value, place));
      for (const [name, each] of entries) {
        values.check(each, inside(place, `.${name}`));
      }
      return value as Record<string, Value>;
    },
  };
}

/** An object with exactly these fields. */
export function shape<Declared extends Fields>(
  fields: Declared,
): Rule<ContentOf<Declared>> {
  return {
    expected: "an object",
    check(value, place) {
      checkEach(fields, anyObject.check(value, place), (name) =>
        inside(place, `.${name}`),
      );
      return value as ContentOf<Declared>;
    },
  };
}

/** A value that passes one of two rules. */
export function either<First, Second>(
  first: Rule<First>,
  second: Rule<Second>,
): Rule<First | Second> {
  return {
    expected: `${first.expected} or ${second.expected}`,
    check(value, place) {
      try {
        return first.check(value, place);
      } catch {
        return second.check(value, place);
      }
    },
  };
}

/**
 * Reads the content of a received message: the declared fields, with their fallbacks. Other fields
 * are ignored, and `null` counts as absent, because some clients write it for what they leave out.
 *
 * @param type The type of the message, for the error.
 *
 * @throws {InvalidContent} If a field breaks its rule, or is required and absent.
 */
export function readContent<Declared extends Fields>(
  fields: Declared,
  content: JsonObject,
  type: string,
): ContentOf<Declared> {
  const read: Record<string, unknown> = {};
  for (const [name, { rule, isOptional, fallback }] of Object.entries(fields)) {
    const value = content[name] ?? fallback;
    if (value === undefined && isOptional) continue;
    read[name] = rule.check(value, { type, path: name });
  }
  return read as ContentOf<Declared>;
}

/**
 * Holds content to its declaration, strictly: no field may be missing, `null` is a value, and there
 * may be no other fields.
 *
 * @param type The type of the message, for the error.
 *
 * @throws {InvalidContent} If the content breaks a rule.
 */
export function checkFields(
  fields: Fields,
  content: JsonObject,
  type: string,
): void {
  checkEach(fields, content, (path) => ({ type, path }));
}

function checkEach(
  fields: Fields,
  content: JsonObject,
  placeOf: (name: string) => Place,
): void {
  for (const [name, { rule, isOptional }] of Object.entries(fields)) {
    if (isOptional && !Object.hasOwn(content, name)) continue;
    rule.check(content[name], placeOf(name));
  }
  const other = Object.keys(content).find(
    (name) => !Object.hasOwn(fields, name),
  );
  if (other !== undefined) {
    throw broken("absent", content[other], placeOf(other));
  }
}

function inside({ type, path }: Place, more: string): Place {
  return { type, path: `${path}${more}` };
}

/** The maximum length of a quoted value. */
const QUOTED_LENGTH = 80;

function broken(
  expected: string,
  value: unknown,
  { type, path }: Place,
): InvalidContent {
  const json = value === undefined ? "nothing" : JSON.stringify(value);
  const quoted =
    json.length > QUOTED_LENGTH ? `${json.slice(0, QUOTED_LENGTH)}…` : json;
  return new InvalidContent(
    `Expected "${path}" of ${type} to be ${expected}, received ${quoted}.`,
  );
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
