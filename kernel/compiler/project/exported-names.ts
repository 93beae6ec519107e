/**
 * Finds the names that a file exports and declares.
 */
import type * as typescript from "typescript";

/**
 * Returns the names under which a file exports values, as far as they are visible in its own text.
 *
 * @param ts TypeScript.
 * @param file The file.
 */
export function exportedNames(
  ts: typeof typescript,
  file: typescript.SourceFile,
): readonly string[] {
  return file.statements.flatMap((statement): string[] => {
    if (ts.isExportAssignment(statement)) {
      return statement.isExportEquals ? [] : ["default"];
    }
    if (ts.isExportDeclaration(statement)) {
      const { exportClause } = statement;
      if (statement.isTypeOnly || !exportClause) return [];
      return ts.isNamespaceExport(exportClause)
        ? [exportClause.name.text]
        : exportClause.elements
            .filter(({ isTypeOnly }) => !isTypeOnly)
            .map(({ name }) => name.text);
    }
    const kinds = (
      ts.canHaveModifiers(statement) ? (ts.getModifiers(statement) ?? []) : []
    ).map(({ kind }) => kind);
    if (
      !kinds.includes(ts.SyntaxKind.ExportKeyword) ||
      kinds.includes(ts.SyntaxKind.DeclareKeyword) ||
      ts.isInterfaceDeclaration(statement) ||
      ts.isTypeAliasDeclaration(statement)
    ) {
      return [];
    }
    return kinds.includes(ts.SyntaxKind.DefaultKeyword)
      ? ["default"]
      : declaredNames(ts, statement);
  });
}

/** Returns the names of the values that a statement declares. */
export function declaredNames(
  ts: typeof typescript,
  statement: typescript.Statement,
): string[] {
  const namesOf = (name: typescript.BindingName): string[] =>
    ts.isIdentifier(name)
      ? [name.text]
      : name.elements.flatMap((element) =>
          ts.isOmittedExpression(element) ? [] : namesOf(element.name),
        );
  if (ts.isVariableStatement(statement)) {
    return statement.declarationList.declarations.flatMap(({ name }) =>
      namesOf(name),
    );
  }
  if (ts.isImportDeclaration(statement)) {
    const { name, namedBindings } = statement.importClause ?? {};
    const bound = namedBindings
      ? ts.isNamespaceImport(namedBindings)
        ? [namedBindings.name.text]
        : namedBindings.elements.map((element) => element.name.text)
      : [];
    return [...(name ? [name.text] : []), ...bound];
  }
  if (
    ts.isFunctionDeclaration(statement) ||
    ts.isClassDeclaration(statement) ||
    ts.isEnumDeclaration(statement) ||
    ts.isModuleDeclaration(statement) ||
    ts.isImportEqualsDeclaration(statement)
  ) {
    const { name } = statement;
    return name && ts.isIdentifier(name) ? [name.text] : [];
  }
  return [];
}
