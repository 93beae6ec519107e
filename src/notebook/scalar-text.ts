/**
 * Formats single numbers and strings as one short line.
 */

/** Maximum number of characters of a text. */
const MOST_CHARACTERS = 100;

/** Fractions from here on get more digits, or they would look like whole numbers. */
const LARGE = 1e5;

const ESCAPES: Readonly<Record<string, string>> = {
  "\n": "\\n",
  "\r": "\\r",
  "\t": "\\t",
};

/**
 * Formats a number with seven significant digits, the precision of a float32: 0.1 rather than
 * 0.10000000149011612. Integers keep all digits.
 */
export function numberText(value: number): string {
  if (Object.is(value, -0)) return "-0";
  if (Number.isSafeInteger(value)) return String(value);
  return String(Number(value.toPrecision(Math.abs(value) < LARGE ? 7 : 12)));
}

/** Shortens a text to one line, with line breaks and other control characters as escapes. */
export function singleLine(text: string): string {
  const short =
    text.length > MOST_CHARACTERS
      ? `${text.slice(0, MOST_CHARACTERS - 1)}…`
      : text;
  // Notebook files cannot contain lone surrogates, which shortening may leave or the text may
  // contain.
  return short.replace(
    /[\p{Cc}\p{Cs}]/gu,
    (character) =>
      ESCAPES[character] ??
      `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}
