/**
 * The text of any value, as Node's `util.inspect` prints it, of bounded length.
 */
import { inspect, stripVTControlCharacters } from "node:util";
import { type Bounds, LEVELS, MANY_KEYS, PrintedValue } from "./narrowed";

/** How much of a value is printed: as much as the whole text has room for. */
const BOUNDS: readonly Bounds[] = [
  { items: 100, keys: MANY_KEYS, characters: 10_000 },
  { items: 6, keys: MANY_KEYS, characters: 10_000 },
  { items: 6, keys: 100, characters: 10_000 },
  { items: 6, keys: 100, characters: 200 },
  { items: 6, keys: 6, characters: 200 },
];

/** How long a text may be, in characters. */
const MOST_CHARACTERS = 20_000;

/**
 * The text of a value, without colours. Deep, long and wide values are shortened, and also a value that refuses to be
 * inspected gets a text.
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
  const left = text.length - MOST_CHARACTERS;
  const start = text.slice(0, MOST_CHARACTERS);
  return `${wellFormed(start)}\n… ${left.toLocaleString("en-US")} more characters`;
}

function inspected(value: unknown, { items, characters }: Bounds): string {
  // The value's own `util.inspect.custom` may throw; what it returns may be coloured.
  for (const customInspect of [true, false]) {
    try {
      const text = inspect(value, {
        depth: LEVELS,
        maxArrayLength: items,
        maxStringLength: characters,
        customInspect,
      });
      return withoutMarks(stripVTControlCharacters(text));
    } catch {
      continue;
    }
  }
  return `[${typeof value} that cannot be inspected]`;
}
/** Up to Node 22 promises carry marks of Node's own, by which late output finds its cell (`../output.ts`). */
function withoutMarks(text: string): string {
  const mark =
    /,\s*\[Symbol\((?:async_id_symbol|trigger_async_id_symbol|kResourceStore)\)\]: (?:\d+|undefined)/g;
  if (!text.includes("[Symbol(async_id_symbol)]")) return text;
  return text
    .replace(mark, "")
    .replace(/Promise \{\n\s+([^\n]{1,60})\n\s*\}/g, "Promise { $1 }");
}

/** A text without halves of surrogate pairs, which no notebook file can hold. */
function wellFormed(text: string): string {
  return text.replace(/\p{Cs}/gu, "\ufffd");
}
