/**
 * Writes the JavaScript that the inspector evaluates: expressions of the user, and the conditions
 * of breakpoints.
 *
 * The names of cells are properties of an object (`compiler/checker/cell-writer.ts`). A `with`
 * statement makes them available under their own names, after the local ones.
 */
import vm from "node:vm";
import { coded } from "@convnotes/notebook/coded-error";
import { TARGET_KEY } from "./target/install";
import type { EarlierSlots } from "./target/cell-names";

/** The expression for the debugger's part in the main thread. */
export const TARGET = `globalThis[Symbol.for(${JSON.stringify(TARGET_KEY)})]`;

/** What decides whether a breakpoint stops. */
export interface StopCondition {
  /** The number of the breakpoint. */
  readonly id: number;
  /** A JavaScript expression. */
  readonly condition?: string | undefined;
  /** A number of hits such as "3", ">= 3" or "% 2". */
  readonly hitCondition?: string | undefined;
  /** A message to print instead of stopping, as JavaScript: a list of its parts. */
  readonly message?: string | undefined;
  /** The local names at the breakpoint of a cell; undefined in a file. */
  readonly locals?: readonly string[] | undefined;
}

/** Matches a hit condition: an optional comparison and a number. */
const HITS = /^\s*(==|<=?|>=?|%)?\s*(\d+)\s*$/;

/** Returns whether a text is a hit condition. */
export function isHitCondition(text: string): boolean {
  return HITS.test(text);
}

/** Returns the condition for the inspector; undefined if the breakpoint always stops. */
export function conditionText({
  id,
  condition,
  hitCondition,
  message,
  locals,
}: StopCondition): string | undefined {
  const parts: string[] = [];
  if (condition !== undefined) parts.push(`(${condition})`);
  const [, comparison = "==", count] = HITS.exec(hitCondition ?? "") ?? [];
  if (count !== undefined) {
    parts.push(`${TARGET}.hit("${id}", "${comparison}", ${count})`);
  }
  if (message !== undefined) parts.push(`${TARGET}.log(${message})`);
  if (parts.length === 0) return undefined;
  const shown = JSON.stringify(condition ?? "");
  const failed = `catch (ºerror) { ${TARGET}.failed(${shown}, ºerror); }`;
  return `try { ${withNames(parts.join(" && "), locals)} } ${failed}`;
}

/**
 * Returns code with the names of the cells.
 *
 * @param javascript The code.
 * @param locals The local names at its place; undefined if the cells' names are unknown.
 * @param earlier The slots that the code around it uses.
 */
export function withNames(
  javascript: string,
  locals: readonly string[] | undefined,
  earlier: EarlierSlots = {},
): string {
  if (locals === undefined) return javascript;
  const names = `${JSON.stringify(locals)}, ${JSON.stringify(earlier)}`;
  return `with (${TARGET}.names(${names})) { ${javascript}\n}`;
}

/**
 * Returns code that Node can parse: an expression in parentheses, statements unchanged, or
 * undefined for TypeScript.
 */
export function parseable(code: string): string | undefined {
  return expressionOf(code) ?? (isJavaScript(code) ? code : undefined);
}

/** Returns an expression in parentheses, or undefined for statements and for TypeScript. */
export function expressionOf(code: string): string | undefined {
  const expression = `(${code.trim().replace(/;$/, "")}\n)`;
  return isJavaScript(expression) ? expression : undefined;
}

function isJavaScript(code: string): boolean {
  try {
    new vm.Script(code);
    return true;
  } catch {
    return false;
  }
}

/**
 * Divides the message of a logpoint, such as "x is {x}", into its texts and expressions.
 *
 * @throws {Error} If a bracket is not closed.
 */
export function messageParts(
  message: string,
): readonly ({ readonly text: string } | { readonly expression: string })[] {
  const parts: ({ text: string } | { expression: string })[] = [];
  let start = 0;
  while (start < message.length) {
    const open = message.indexOf("{", start);
    if (open < 0) break;
    let depth = 1;
    let end = open + 1;
    for (; end < message.length && depth > 0; end += 1) {
      if (message[end] === "{") depth += 1;
      if (message[end] === "}") depth -= 1;
    }
    if (depth > 0) {
      throw coded(
        "ERR_INVALID_VALUE",
        new Error(`Expected a "}" for each "{", received "${message}".`),
      );
    }
    if (open > start) parts.push({ text: message.slice(start, open) });
    parts.push({ expression: message.slice(open + 1, end - 1) });
    start = end;
  }
  if (start < message.length) parts.push({ text: message.slice(start) });
  return parts;
}
