/**
 * The compiler's room: whether a text is a whole cell, as a console asks when Enter is pressed.
 */
import type { Completeness } from "./compiler";

/** Where the parser stumbled: TypeScript's number and the place in the text. */
export interface SyntaxObjection {
  readonly code: number;
  readonly start: number;
  readonly length: number;
}

/** TypeScript's numbers for a text that ends inside something: a comment, a template, a regular expression. */
const UNTERMINATED = new Set([1010, 1160, 1161]);

/** TypeScript's number for a string without its closing quote, which no further line can bring. */
const OPEN_STRING = 1002;

/** How much deeper the line after an opening bracket stands. */
const INDENT = "  ";

/**
 * Complete if the parser has nothing to object to, incomplete if it objects only to the text's end,
 * else invalid.
 */
export function completeness(
  source: string,
  objections: readonly SyntaxObjection[],
): Completeness {
  const [first] = objections;
  if (first === undefined) return { status: "complete", indent: "" };
  const end = source.trimEnd().length;
  const atEnd = first.start >= end || UNTERMINATED.has(first.code);
  if (!atEnd || first.code === OPEN_STRING)
    return { status: "invalid", indent: "" };
  const line = source.slice(source.lastIndexOf("\n") + 1);
  const current = /^\s*/.exec(line)?.[0] ?? "";
  const deeper = /[{([]\s*$/.test(line) ? INDENT : "";
  return { status: "incomplete", indent: current + deeper };
}
