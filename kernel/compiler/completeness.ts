/**
 * Decides whether a text is a complete cell, for a console that checks this when Enter is pressed.
 */
import type { Completeness } from "./compiler";

/** A syntax error: TypeScript's error code and the range in the text. */
export interface SyntaxDiagnostic {
  readonly code: number;
  readonly start: number;
  readonly length: number;
}

/** TypeScript's error codes for a text that ends inside a construct. */
const OPEN_COMMENT = 1010;
const OPEN_TEMPLATE = 1160;
const OPEN_ESCAPE = 1126;

/**
 * TypeScript's error codes for an unterminated string and regular expression, which no further line
 * can complete.
 */
const OPEN_STRING = 1002;
const OPEN_EXPRESSION = 1161;

/** The additional indentation after an opening bracket. */
const INDENT = "  ";

/**
 * Returns "complete" if there are no syntax errors, "incomplete" if the only errors are at the end
 * of the text, else "invalid".
 */
export function completeness(
  source: string,
  diagnostics: readonly SyntaxDiagnostic[],
): Completeness {
  const [first] = diagnostics;
  if (first === undefined) return { status: "complete", indent: "" };
  const { code, start } = first;
  if (code === OPEN_TEMPLATE || code === OPEN_ESCAPE) {
    // Spaces would become part of the text.
    return { status: "incomplete", indent: "" };
  }
  const atEnd = isBlank(source.slice(start)) || code === OPEN_COMMENT;
  if (!atEnd || code === OPEN_STRING || code === OPEN_EXPRESSION) {
    return { status: "invalid", indent: "" };
  }
  return { status: "incomplete", indent: indentAfter(source) };
}

/** Whether a text consists of white space and comments, the last of which may be unterminated. */
function isBlank(text: string): boolean {
  return /^(?:\s|\/\/.*|\/\*[^]*?(?:\*\/|$))*$/.test(text);
}

/**
 * Returns the indentation of the last non-empty line, increased if that line leaves a bracket open.
 */
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
    // A closing bracket of an earlier line does not cancel an opening one on this line.
    open = "([{".includes(bracket) ? open + 1 : Math.max(0, open - 1);
  }
  return open > 0;
}
