/**
 * Adds to errors of a cell which magic may help: `%install` for a package that is not found, and a
 * semicolon before a line that looks like a magic.
 */
import { isBuiltin } from "node:module";
import type { Diagnostic } from "../../compiler/compiler";
import { packageOf, typesPackageOf } from "../../extensions/installed-packages";
import { findMagic } from "../catalog";

/**
 * TypeScript's error codes for a module that is not found, also for its side effects, and for one
 * without declarations.
 */
const NOT_FOUND: ReadonlySet<number> = new Set([2307, 2792, 2882]);
const UNTYPED = 7016;

/** Matches names that npm allows for packages. */
const PACKAGE = /^(?:@[a-z0-9~-][\w.~-]*\/)?[a-z0-9~-][\w.~-]*$/;

/**
 * Returns the errors of a cell with the offers added.
 *
 * @param source The cell, without the lines that are magics.
 * @param diagnostics The errors.
 */
export function withOffers(
  source: string,
  diagnostics: readonly Diagnostic[],
): readonly Diagnostic[] {
  const lines = source.split(/\r\n|[\n\r\u2028\u2029]/);
  const offered = new Set<number>();
  return diagnostics.map((each) => {
    const { start, end } = each;
    let offer = installOffer(each);
    const isInCell = each.file === undefined && each.code !== 0;
    // One syntax error often brings others on its line.
    if (offer === undefined && isInCell && !offered.has(start.line)) {
      offer = semicolonOffer(lines, start.line, end.line);
      if (offer !== undefined) offered.add(start.line);
    }
    return offer === undefined
      ? each
      : { ...each, message: `${each.message}\n${offer}` };
  });
}

function installOffer({ code, message }: Diagnostic): string | undefined {
  if (!NOT_FOUND.has(code) && code !== UNTYPED) return undefined;
  const module = /'([^']+)'/.exec(message)?.[1] ?? "";
  const name = module.startsWith("#") ? undefined : packageOf(module);
  if (name === undefined || isBuiltin(name) || !PACKAGE.test(name)) {
    return undefined;
  }
  if (code !== UNTYPED)
    return `%install ${name} installs it beside the notebook.`;
  const types = typesPackageOf(name);
  return `%install ${types} installs its types, if there are any.`;
}

/**
 * Returns the offer for an error on a line that would be a magic if the statement above had ended.
 */
function semicolonOffer(
  lines: readonly string[],
  first: number,
  last: number,
): string | undefined {
  for (const line of lines.slice(first, last + 1)) {
    const name = /^\s*%{1,2}([A-Za-z]\w*)(?=\s|;|$)/.exec(line)?.[1];
    if (name !== undefined && findMagic(name) !== undefined) {
      return `The line continues the statement above. If %${name} should be a magic, end that statement with a semicolon.`;
    }
  }
  return undefined;
}
