/**
 * Adapts the checker's diagnostics to cells, which allow more than a module and less than a
 * declaration file.
 */
import ts from "typescript";
import { applyDirectives } from "./comment-directives";
import { type FileChecker, internalFile } from "./internal-typescript";

/** TypeScript's error code for `import a = require("b")` in an ES module, which a cell allows. */
const IMPORT_ASSIGNMENT = 1202;

/**
 * TypeScript's error codes for CommonJS syntax in an ES module: `import a = require("b")` and
 * `export = a`.
 */
const COMMON_JS: ReadonlySet<number> = new Set([IMPORT_ASSIGNMENT, 1203]);

/** TypeScript's error codes for `declare module "untyped" { … }` in a module, such as a cell. */
const NO_MODULE_TO_ADD_TO: ReadonlySet<number> = new Set([2664, 2665]);

/**
 * Returns the errors of a cell: syntax errors if there are any, else type errors.
 *
 * @param checker The checker of the program that contains the cell.
 * @param cell The cell.
 * @param references The errors of its `/// <reference …>` comments.
 */
export function cellDiagnostics(
  checker: FileChecker,
  cell: ts.SourceFile,
  references: readonly ts.Diagnostic[],
): readonly ts.Diagnostic[] {
  const { parseDiagnostics, bindDiagnostics } = internalFile(cell);
  if (parseDiagnostics.length > 0) return parseDiagnostics;
  const found = [
    ...references,
    ...bindDiagnostics,
    ...checker.getDiagnostics(cell),
  ];
  return applyDirectives(
    cell,
    found
      .filter(({ code }) => code !== IMPORT_ASSIGNMENT)
      .map(withDeclarationHint),
  );
}

/**
 * Returns the errors of a file that a cell imports.
 *
 * @param checker The checker of the program that contains the file.
 * @param file The file.
 * @param mayRequire Whether the file may use CommonJS syntax.
 */
export function fileDiagnostics(
  checker: FileChecker,
  file: ts.SourceFile,
  mayRequire: boolean,
): readonly ts.Diagnostic[] {
  const { parseDiagnostics } = internalFile(file);
  if (parseDiagnostics.length > 0) return parseDiagnostics;
  return applyDirectives(file, checker.getDiagnostics(file)).filter(
    ({ code }) => !mayRequire || !COMMON_JS.has(code),
  );
}

/** Adds to an error about a declaration that is not allowed in a cell where to put it instead. */
function withDeclarationHint(found: ts.Diagnostic): ts.Diagnostic {
  if (!NO_MODULE_TO_ADD_TO.has(found.code)) return found;
  const text = ts.flattenDiagnosticMessageText(found.messageText, "\n");
  return {
    ...found,
    messageText: `${text}\nDeclare an untyped module in a .d.ts file that tsconfig.json includes or that a cell references with /// <reference path="./name.d.ts" />.`,
  };
}
