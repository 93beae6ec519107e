/**
 * What a file imports, and of which kind its syntax is.
 */
import type * as typescript from "typescript";
import { awaitsAtTop } from "./awaits-at-top";
import type { FileSyntax } from "./module-format";
import { walk } from "./walk";

/** A module that a file names. */
export interface FileImport {
  readonly name: string;
  /** `static` before the file runs, `dynamic` by `import()`, `require` by a call of that name. */
  readonly kind: "static" | "dynamic" | "require";
}

/** The modules that a file names by text, in the order in which it does. */
export function fileImports(
  ts: typeof typescript,
  file: typescript.SourceFile,
): readonly FileImport[] {
  const found: FileImport[] = [];
  const add = (node: typescript.Node | undefined, kind: FileImport["kind"]) => {
    if (node && ts.isStringLiteralLike(node)) {
      found.push({ name: node.text, kind });
    }
  };
  const visitCalls = (node: typescript.Node): boolean => {
    if (ts.isCallExpression(node)) {
      const { expression } = node;
      if (expression.kind === ts.SyntaxKind.ImportKeyword) {
        add(node.arguments[0], "dynamic");
      } else if (ts.isIdentifier(expression) && expression.text === "require") {
        add(node.arguments[0], "require");
      }
    }
    return true;
  };
  const visitStatement = (statement: typescript.Statement): void => {
    if (ts.isImportDeclaration(statement)) {
      if (!statement.importClause?.isTypeOnly) {
        add(statement.moduleSpecifier, "static");
      }
    } else if (ts.isExportDeclaration(statement)) {
      if (!statement.isTypeOnly) add(statement.moduleSpecifier, "static");
    } else if (
      ts.isImportEqualsDeclaration(statement) &&
      !statement.isTypeOnly &&
      ts.isExternalModuleReference(statement.moduleReference)
    ) {
      add(statement.moduleReference.expression, "require");
    }
  };
  file.statements.forEach(visitStatement);
  if (/\b(?:import|require)\s*[(/]/.test(file.text)) {
    walk(ts, file, visitCalls);
  }
  return found;
}

/** What in a file's syntax decides of which kind it is. */
export function fileSyntax(
  ts: typeof typescript,
  file: typescript.SourceFile,
): FileSyntax {
  let isModule = false;
  let isCommonJs = false;
  for (const statement of file.statements) {
    if (ts.isExportAssignment(statement) && statement.isExportEquals) {
      isCommonJs = true;
    } else if (
      ts.isImportDeclaration(statement) ||
      ts.isExportDeclaration(statement) ||
      ts.isExportAssignment(statement) ||
      (ts.canHaveModifiers(statement) &&
        ts
          .getModifiers(statement)
          ?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword))
    ) {
      isModule = true;
    }
  }
  isCommonJs ||=
    !isModule && /\bmodule\.exports\b|^\s*exports\.[\w$]+\s*=/m.test(file.text);
  return { isModule, isCommonJs, awaits: awaitsAtTop(ts, file) };
}
