/**
 * Finds the imports and the module syntax of a file.
 */
import type * as typescript from "typescript";
import { hasTopLevelAwait } from "./top-level-await";
import type { FileSyntax } from "./module-format";
import { walk } from "./walk";

/** A module that a file imports. */
export interface FileImport {
  readonly name: string;
  /**
   * `static` for an import declaration, `dynamic` for `import()`, `require` for a call of that
   * name.
   */
  readonly kind: "static" | "dynamic" | "require";
}

/** Returns the modules that a file imports with a literal specifier, in order of occurrence. */
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

/** Returns the syntax features that determine the module format of a file. */
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
  return { isModule, isCommonJs, awaits: hasTopLevelAwait(ts, file) };
}
