/**
 * Reads the name, message, properties and related errors of thrown values.
 */
import { withoutWrapperNames } from "../wrapper-names";
import { bounded, plainText } from "./displays/plain-text";

/** The error name of thrown values that are not errors. */
const THROWN_VALUE = "Thrown value";

/** Maximum length of a name, in UTF-16 code units. */
const MOST_NAME = 1_000;

/** Maximum length of a message, in UTF-16 code units. */
const MOST_MESSAGE = 100_000;

/** Maximum length of the text of an error's properties, in characters. */
const MOST_PROPERTIES = 4_000;

/** A related error, with a label for the relation. */
type RelatedError = readonly [label: string, value: unknown];

/** The description of a value that throws when it is inspected. */
const UNREADABLE = {
  ename: THROWN_VALUE,
  evalue: "a value that throws when it is inspected",
} as const;

/** Returns the result of `read`, or `otherwise` if it throws, as proxies and getters may. */
export function attempt<Value>(read: () => Value, otherwise: Value): Value {
  try {
    return read();
  } catch {
    return otherwise;
  }
}

/** Returns whether a value is an error, including errors of other realms. */
export function isError(value: unknown): value is Error {
  return attempt(
    () =>
      value instanceof Error ||
      Object.prototype.toString.call(value) === "[object Error]",
    false,
  );
}

/** Returns the name and message of a thrown value, of limited length. */
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
    UNREADABLE,
  );
}

/**
 * Returns the related errors: those of a SuppressedError, the cause, and those of an
 * AggregateError.
 */
export function relatedErrors(thrown: unknown): readonly RelatedError[] {
  return isError(thrown) ? attempt(() => readRelatedErrors(thrown), []) : [];
}

function readRelatedErrors(thrown: Error): readonly RelatedError[] {
  const { cause, errors, error, suppressed } = thrown as Error & {
    errors?: unknown;
    error?: unknown;
    suppressed?: unknown;
  };
  const found: RelatedError[] = [];
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

/**
 * Returns whether a value is a SuppressedError: an error thrown by a disposal, and the one that it
 * suppressed.
 */
export function isSuppressing(
  thrown: unknown,
): thrown is Error & { readonly error: unknown; readonly suppressed: unknown } {
  return (
    isError(thrown) &&
    Object.hasOwn(thrown, "error") &&
    Object.hasOwn(thrown, "suppressed")
  );
}

/**
 * Returns an error's own properties, such as `code` or `status`, as Node prints them, or undefined
 * if it has none.
 */
export function propertiesOf(thrown: unknown): string | undefined {
  return isError(thrown)
    ? attempt(() => propertiesOfError(thrown), undefined)
    : undefined;
}

function propertiesOfError(thrown: Error): string | undefined {
  const shownElsewhere = new Set<PropertyKey>([
    "name",
    "message",
    "stack",
    "cause",
  ]);
  if (isSuppressing(thrown)) shownElsewhere.add("error").add("suppressed");
  if (hasErrors((thrown as { errors?: unknown }).errors))
    shownElsewhere.add("errors");
  const properties: Record<PropertyKey, unknown> = {};
  for (const key of Reflect.ownKeys(thrown)) {
    const property = Object.getOwnPropertyDescriptor(thrown, key);
    // Copied with its getter, which is not called.
    if (property?.enumerable && !shownElsewhere.has(key)) {
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
