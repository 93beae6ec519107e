/**
 * Whether a text is a whole cell, as a console asks when Enter is pressed.
 */
import type { Completeness } from "./compiler";

/** Where the parser stumbled: TypeScript's number and the place in the text. */
export interface SyntaxObjection {
  readonly code: number;
  readonly start: number;
  readonly length: number;
}

/** TypeScript's numbers for a text that ends inside something. */
const OPEN_COMMENT = 1010;
const OPEN_TEMPLATE = 1160;
const OPEN_ESCAPE = 1126;

/** TypeScript's numbers for a string and a regular expression without their last character, which no further line can bring. */
const OPEN_STRING = 1002;
const OPEN_EXPRESSION = 1161;

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
  const { code, start } = first;
  if (code === OPEN_TEMPLATE || code === OPEN_ESCAPE) {
    // Spaces would be a part of the text.
    return { status: "incomplete", indent: "" };
  }
  const atEnd = isBlank(source.slice(start)) || code === OPEN_COMMENT;
  if (!atEnd || code === OPEN_STRING || code === OPEN_EXPRESSION) {
    return { status: "invalid", indent: "" };
  }
  return { status: "incomplete", indent: indentAfter(source) };
}

/** Whether a text is nothing but spaces and comments, of which the last may be open. */
function isBlank(text: string): boolean {
  return /^(?:\s|\/\/.*|\/\*[^]*?(?:\*\/|$))*$/.test(text);
}

/** As deep as the last line that is not empty, and deeper if that opens more brackets than it closes behind them. */
function indentAfter(source: string): string {
  const line = source.trimEnd().split("\n").at(-1) ?? "";
  const current = /^\s*/.exec(line)?.[0] ?? "";
  return opensBracket(line) ? current + INDENT : current;
}

/** Whether a line leaves a bracket open. */
function opensBracket(line: string): boolean {
  const code = line.replace(
    /\/\/.*|\/\*.*?\*\/|"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'|`(?:\\.|[^`\\])*`/g,
    "",
  );
  let open = 0;
  for (const [bracket] of code.matchAll(/[()[\]{}]/g)) {
    // A bracket that an earlier line has opened takes nothing away from those of this line.
    open = "([{".includes(bracket) ? open + 1 : Math.max(0, open - 1);
  }
  return open > 0;
}
