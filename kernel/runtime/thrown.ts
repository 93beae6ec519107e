/**
 * What a thrown value tells beside its stack: its name and message, the properties it was given, and the errors behind it.
 */
import { withoutWrapperNames } from "../wrapper-names";
import { plainText } from "./displays/plain-text";

/** The name of what is thrown and is no error. */
export const THROWN_VALUE = "Thrown value";

/** How much of a name and of a message is told, in UTF-16 code units. */
const MOST_NAME = 1_000;
const MOST_MESSAGE = 100_000;

/** How much of an error's properties is told, in characters. */
const MOST_PROPERTIES = 4_000;

/** An error behind another, and what it is to it. */
export type Relative = readonly [label: string, value: unknown];

/** What is told of a value of which nothing else can be. */
export const UNTELLABLE = {
  ename: THROWN_VALUE,
  evalue: "a value that itself throws when it is looked at",
} as const;

/** What `read` gives, or `otherwise` if it throws, as looking at a proxy or calling a getter may. */
export function attempt<Value>(read: () => Value, otherwise: Value): Value {
  try {
    return read();
  } catch {
    return otherwise;
  }
}

/** Whether a value is an error, also one of another realm. */
export function isError(value: unknown): value is Error {
  return attempt(
    () =>
      value instanceof Error ||
      Object.prototype.toString.call(value) === "[object Error]",
    false,
  );
}

/** Name and message, of bounded length. */
export function describe(thrown: unknown): {
  readonly ename: string;
  readonly evalue: string;
} {
  if (!isError(thrown)) {
    return { ename: THROWN_VALUE, evalue: plainText(thrown) };
  }
  return attempt(
    () => ({
      ename: bounded(String(thrown.name || "Error"), MOST_NAME),
      evalue: bounded(
        withoutWrapperNames(String(thrown.message)),
        MOST_MESSAGE,
      ),
    }),
    UNTELLABLE,
  );
}

/** The errors behind this one: what a disposal has thrown and suppressed, its cause, and those that an AggregateError holds. */
export function relativesOf(thrown: unknown): readonly Relative[] {
  return isError(thrown) ? attempt(() => relativesOfError(thrown), []) : [];
}

function relativesOfError(thrown: Error): readonly Relative[] {
  const { cause, errors, error, suppressed } = thrown as Error & {
    errors?: unknown;
    error?: unknown;
    suppressed?: unknown;
  };
  const found: Relative[] = [];
  if (isSuppressing(thrown)) {
    found.push(["error", error], ["suppressed", suppressed]);
  }
  if (cause !== undefined) found.push(["Caused by", cause]);
  if (hasErrors(errors)) {
    errors.forEach((each, index) =>
      found.push([`Error ${index + 1} of ${errors.length}`, each]),
    );
  }
  return found;
}

/** Whether it stands for two errors: one that a disposal has thrown, and the one before it. */
export function isSuppressing(
  thrown: unknown,
): thrown is Error & { readonly error: unknown; readonly suppressed: unknown } {
  return (
    isError(thrown) &&
    Object.hasOwn(thrown, "error") &&
    Object.hasOwn(thrown, "suppressed")
  );
}

/** The properties that an error was given, such as `code` or `status`, as Node prints them; undefined if it has none. */
export function propertiesOf(thrown: unknown): string | undefined {
  return isError(thrown)
    ? attempt(() => propertiesOfError(thrown), undefined)
    : undefined;
}

function propertiesOfError(thrown: Error): string | undefined {
  const told = new Set<PropertyKey>(["name", "message", "stack", "cause"]);
  if (isSuppressing(thrown)) told.add("error").add("suppressed");
  if (hasErrors((thrown as { errors?: unknown }).errors)) told.add("errors");
  const properties: Record<PropertyKey, unknown> = {};
  for (const key of Reflect.ownKeys(thrown)) {
    const property = Object.getOwnPropertyDescriptor(thrown, key);
    // With its getter, which is not called.
    if (property?.enumerable && !told.has(key)) {
      Object.defineProperty(properties, key, property);
    }
  }
  return Reflect.ownKeys(properties).length === 0
    ? undefined
    : bounded(plainText(properties), MOST_PROPERTIES);
}

function hasErrors(errors: unknown): errors is readonly unknown[] {
  return Array.isArray(errors) && errors.some(isError);
}

function bounded(text: string, most: number): string {
  if (text.length <= most) return text;
  const left = (text.length - most).toLocaleString("en-US");
  return `${text.slice(0, most)}\n… ${left} more characters`;
}
