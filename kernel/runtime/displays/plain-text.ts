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
      return stripVTControlCharacters(
        inspect(value, {
          depth: 4,
          maxArrayLength,
          maxStringLength: 10_000,
          customInspect,
        }),
      );
    } catch {
      continue;
    }
  }
  return `[${typeof value} that cannot be inspected]`;
}

/** A text without halves of surrogate pairs, which no notebook file can hold. */
function wellFormed(text: string): string {
  return text.replace(/\p{Cs}/gu, "\ufffd");
}
