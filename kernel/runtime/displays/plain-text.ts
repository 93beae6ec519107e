/**
 * Formats any value as text of limited length, as Node's `util.inspect` prints it.
 */
import { inspect, stripVTControlCharacters } from "node:util";
import { count } from "@convnotes/notebook/quantity";
import { type Bounds, LEVELS, MANY_KEYS, PrintedValue } from "./narrowed";

/** The bounds that are tried in turn, until the text is short enough. */
const BOUNDS: readonly Bounds[] = [
  { items: 100, keys: MANY_KEYS, characters: 10_000 },
  { items: 6, keys: MANY_KEYS, characters: 10_000 },
  { items: 6, keys: 100, characters: 10_000 },
  { items: 6, keys: 100, characters: 200 },
  { items: 6, keys: 6, characters: 200 },
];

/** Maximum length of a text, in characters. */
const MOST_CHARACTERS = 20_000;

/**
 * Returns the text of a value, without colors. Deep, long and wide values are shortened. A value
 * that throws when it is inspected also has a text.
 */
export function plainText(value: unknown): string {
  const printed = new PrintedValue(value);
  let text = "";
  for (const bounds of BOUNDS) {
    const isLast = bounds === BOUNDS.at(-1);
    if (!isLast && !printed.fits(bounds, MOST_CHARACTERS)) continue;
    text =
      bounds.keys < MANY_KEYS
        ? printed.narrowText(bounds, (copy) => inspected(copy, bounds))
        : inspected(value, bounds);
    if (text.length <= MOST_CHARACTERS) return wellFormed(text);
  }
  return wellFormed(bounded(text, MOST_CHARACTERS));
}

/** Returns a text of at most `most` characters; it ends with the number of the missing ones. */
export function bounded(text: string, most: number): string {
  if (text.length <= most) return text;
  const left = count(text.length - most);
  return `${text.slice(0, most)}\n… ${left} more characters`;
}

function inspected(value: unknown, { items, characters }: Bounds): string {
  // The value's own `util.inspect.custom` may throw; what it returns may be colored.
  for (const customInspect of [true, false]) {
    try {
      const text = inspect(value, {
        depth: LEVELS,
        maxArrayLength: items,
        maxStringLength: characters,
        customInspect,
      });
      return withoutAsyncSymbols(stripVTControlCharacters(text));
    } catch {
      continue;
    }
  }
  return `[${typeof value} that cannot be inspected]`;
}

/**
 * Removes the symbols that Node up to version 22 adds to promises to track asynchronous contexts
 * (`../output.ts`).
 */
function withoutAsyncSymbols(text: string): string {
  const symbols =
    /,\s*\[Symbol\((?:async_id_symbol|trigger_async_id_symbol|kResourceStore)\)\]: (?:\d+|undefined)/g;
  if (!text.includes("[Symbol(async_id_symbol)]")) return text;
  return text
    .replace(symbols, "")
    .replace(/Promise \{\n\s+([^\n]{1,60})\n\s*\}/g, "Promise { $1 }");
}

/** Replaces lone surrogates, which notebook files cannot contain. */
function wellFormed(text: string): string {
  return text.replace(/\p{Cs}/gu, "\ufffd");
}
