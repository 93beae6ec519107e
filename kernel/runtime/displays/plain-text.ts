/**
 * The gallery's label printer: the text of any value, as Node's `util.inspect` prints it, of bounded length.
 */
import { inspect, stripVTControlCharacters } from "node:util";

/** How many items of each array, set and map are printed: as many as the whole text has room for. */
const ITEM_COUNTS = [100, 6];

/** How long a text may be, in characters. */
const MOST_CHARACTERS = 20_000;

/**
 * The text of a value, without colours. Deep, long and wide values are shortened, and also a value that refuses to be
 * inspected gets a text.
 */
export function plainText(value: unknown): string {
  let text = "";
  for (const items of ITEM_COUNTS) {
    text = inspected(value, items);
    if (text.length <= MOST_CHARACTERS) return wellFormed(text);
  }
  const left = text.length - MOST_CHARACTERS;
  const start = text.slice(0, MOST_CHARACTERS);
  return `${wellFormed(start)}\n… ${left.toLocaleString("en-US")} more characters`;
}

function inspected(value: unknown, maxArrayLength: number): string {
  // The value's own `util.inspect.custom` may throw; what it returns may be coloured.
  for (const customInspect of [true, false]) {
    try {
      const text = inspect(value, {
        depth: 4,
        maxArrayLength,
        maxStringLength: 10_000,
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
