/**
 * What the checker's messages come to in a cell, which may do more than a module and less than a declaration file.
 */
import ts from "typescript";
import { withoutExpected } from "./comment-directives";
import { type FileChecker, innerFile } from "./inner-typescript";

/** TypeScript's number for `import a = require("b")` in an ES module; a cell may. */
const IMPORT_ASSIGNMENT = 1202;

/** TypeScript's numbers for what an ES module cannot do: `import a = require("b")` and `export = a`. */
const COMMON_JS: ReadonlySet<number> = new Set([IMPORT_ASSIGNMENT, 1203]);

/** TypeScript's numbers for `declare module "untyped" { … }` in a module, which a cell is. */
const NO_MODULE_TO_ADD_TO: ReadonlySet<number> = new Set([2664, 2665]);

/**
 * All that is wrong with a cell: its grammar, or if that is right, its types.
 *
 * @param checker The checker that knows the cell's surroundings.
 * @param cell The cell.
 * @param references What is wrong with the files that it names by comments.
 */
export function cellDiagnostics(
  checker: FileChecker,
  cell: ts.SourceFile,
  references: readonly ts.Diagnostic[],
): readonly ts.Diagnostic[] {
  const { parseDiagnostics, bindDiagnostics } = innerFile(cell);
  if (parseDiagnostics.length > 0) return parseDiagnostics;
  const found = [
    ...references,
    ...bindDiagnostics,
    ...checker.getDiagnostics(cell),
  ];
  return withoutExpected(
    cell,
    found
      .filter(({ code }) => code !== IMPORT_ASSIGNMENT)
      .map(withPlaceForDeclaration),
  );
}

/**
 * What is wrong with a file that a cell imports.
 *
 * @param checker The checker that knows it.
 * @param file The file.
 * @param mayRequire Whether it may do what only CommonJS can.
 */
export function fileDiagnostics(
  checker: FileChecker,
  file: ts.SourceFile,
  mayRequire: boolean,
): readonly ts.Diagnostic[] {
  const { parseDiagnostics } = innerFile(file);
  if (parseDiagnostics.length > 0) return parseDiagnostics;
  return withoutExpected(file, checker.getDiagnostics(file)).filter(
    ({ code }) => !mayRequire || !COMMON_JS.has(code),
  );
}

/** Says where what a cell may not declare can be declared. */
function withPlaceForDeclaration(found: ts.Diagnostic): ts.Diagnostic {
  if (!NO_MODULE_TO_ADD_TO.has(found.code)) return found;
  const text = ts.flattenDiagnosticMessageText(found.messageText, "\n");
  return {
    ...found,
    messageText: `${text}\nA module without types of its own is declared in a .d.ts file, which tsconfig.json includes or a cell names by /// <reference path="./name.d.ts" />.`,
  };
}
