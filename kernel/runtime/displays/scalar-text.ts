/**
 * The text of a single number, string or cell, always one short line.
 */
import { types } from "node:util";
import { plainText } from "./plain-text";

/** How many characters of a text a cell shows. */
const MOST_CHARACTERS = 100;

/** From here on a fraction gets more digits, or it would look like a whole number. */
const LARGE = 1e5;

const ESCAPES: Readonly<Record<string, string>> = {
  "\n": "\\n",
  "\r": "\\r",
  "\t": "\\t",
};

/**
 * A number with seven significant digits, which is what a float32 holds: 0.1 rather than 0.10000000149011612.
 * Whole numbers stay whole.
 */
export function numberText(value: number): string {
  if (Object.is(value, -0)) return "-0";
  if (Number.isSafeInteger(value)) return String(value);
  return String(Number(value.toPrecision(Math.abs(value) < LARGE ? 7 : 12)));
}

/** A text on one line: shortened, with line breaks and other control characters written as escapes. */
export function singleLine(text: string): string {
  const short =
    text.length > MOST_CHARACTERS
      ? `${text.slice(0, MOST_CHARACTERS - 1)}…`
      : text;
  // Half of a surrogate pair, left by the cut or there from the start, has no place in a notebook file.
  return short.replace(
    /[\p{Cc}\p{Cs}]/gu,
    (character) =>
      ESCAPES[character] ??
      `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

/** What stands in a table's cell for a value of any kind. */
export function cellText(value: unknown): string {
  if (typeof value === "number") return numberText(value);
  if (typeof value === "string") return singleLine(value);
  if (types.isDate(value) && Number.isFinite(value.getTime())) {
    return value.toISOString();
  }
  return singleLine(plainText(value));
}
