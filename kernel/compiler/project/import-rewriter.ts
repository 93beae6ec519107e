/**
 * Transforms a file so that it can run from another location: rewrites module specifiers and
 * `import.meta`.
 */
import type * as typescript from "typescript";

/**
 * The property of `globalThis` through which the runtime provides files with their scope; see
 * `runtime/file-scope.ts`.
 */
export const FILE_SCOPES = "convnotes.kernel.files";

/** The name through which a file accesses its scope. */
export class ScopeName {
  readonly text: string;
  isUsed = false;

  /** @param taken The identifiers in the file. */
  constructor(taken: ReadonlyMap<string, string>) {
    let text = "__file";
    while (taken.has(text)) text += "_";
    this.text = text;
  }

  /** Returns the declaration for the first line; empty if the name is not used. */
  declaration(path: string): string {
    if (!this.isUsed) return "";
    // A function is hoisted, so that it is available before the statements of the file run.
    return `function ${this.text}() { return globalThis[${JSON.stringify(FILE_SCOPES)}](${JSON.stringify(path)}); }`;
  }
}

/**
 * Returns a transformer that rewrites `import.meta` and `import()` as properties of the file's
 * scope.
 */
export function withScope(
  ts: typeof typescript,
  scope: ScopeName,
): typescript.TransformerFactory<typescript.SourceFile> {
  return (context) => {
    const { factory } = context;
    const field = (name: string) => {
      scope.isUsed = true;
      return factory.createPropertyAccessExpression(
        factory.createCallExpression(
          factory.createIdentifier(scope.text),
          undefined,
          [],
        ),
        name,
      );
    };
    let places: readonly number[] = [];
    const visit = (node: typescript.Node): typescript.Node => {
      // A long sum is a deep tree: skip nodes without `import` in their text. Nodes that TypeScript
      // has generated have no position in the text.
      const { pos, end } = node;
      if (pos >= 0 && !places.some((each) => pos <= each && each < end)) {
        return node;
      }
      if (
        ts.isMetaProperty(node) &&
        node.keywordToken === ts.SyntaxKind.ImportKeyword
      ) {
        return ts.setTextRange(field("meta"), node);
      }
      if (
        ts.isCallExpression(node) &&
        node.expression.kind === ts.SyntaxKind.ImportKeyword
      ) {
        const { arguments: values } = ts.visitEachChild(node, visit, context);
        const call = factory.createCallExpression(
          field("import"),
          undefined,
          values,
        );
        return ts.setTextRange(call, node);
      }
      return ts.visitEachChild(node, visit, context);
    };
    return (file) => {
      const found = file.text.matchAll(/\bimport\s*(?:\/[/*][^]*?)?[(.]/g);
      places = [...found].map(({ index }) => index);
      return places.length > 0
        ? (ts.visitNode(file, visit) as typescript.SourceFile)
        : file;
    };
  };
}

/**
 * Returns a transformer for the calls generated from `import a = require()` in an ES module, which
 * has no `require`.
 */
export function withRequires(
  ts: typeof typescript,
  scope: ScopeName,
): typescript.TransformerFactory<typescript.SourceFile> {
  return (context) => {
    const { factory } = context;
    const visitCall = (node: typescript.Node): typescript.Node => {
      if (
        !ts.isCallExpression(node) ||
        !ts.isIdentifier(node.expression) ||
        node.expression.text !== "require"
      ) {
        return ts.visitEachChild(node, visitCall, context);
      }
      scope.isUsed = true;
      const own = factory.createCallExpression(
        factory.createIdentifier(scope.text),
        undefined,
        [],
      );
      return factory.updateCallExpression(
        node,
        factory.createPropertyAccessExpression(own, "require"),
        undefined,
        node.arguments,
      );
    };
    const visit = (node: typescript.Node): typescript.Node =>
      ts.isImportEqualsDeclaration(ts.getOriginalNode(node))
        ? ts.visitEachChild(node, visitCall, context)
        : node;
    return (file) => ts.visitEachChild(file, visit, context);
  };
}

/** The names that an import takes from a module. */
export interface ImportedNames {
  /** The names, which may include `default`; undefined for all names. */
  readonly names?: readonly string[];
}

/** Returns a transformer that rewrites the specifiers of the remaining imports and exports. */
export function withSpecifiers(
  ts: typeof typescript,
  write: (name: string, imported: ImportedNames) => string,
): typescript.TransformerFactory<typescript.SourceFile> {
  return (context) => {
    const { factory } = context;
    const literal = (
      specifier: typescript.Expression | undefined,
      imported: ImportedNames,
    ) =>
      specifier && ts.isStringLiteralLike(specifier)
        ? factory.createStringLiteral(write(specifier.text, imported))
        : specifier;
    const visit = (node: typescript.Node): typescript.Node => {
      if (ts.isImportDeclaration(node)) {
        const specifier = literal(
          node.moduleSpecifier,
          importedNames(ts, node),
        );
        return factory.updateImportDeclaration(
          node,
          node.modifiers,
          node.importClause,
          specifier!,
          // The rewritten target needs no import attributes such as `with { type: "json" }`.
          undefined,
        );
      }
      if (ts.isExportDeclaration(node) && node.moduleSpecifier) {
        const { exportClause } = node;
        const imported =
          exportClause && ts.isNamedExports(exportClause)
            ? {
                names: exportClause.elements.map(
                  ({ name, propertyName }) => (propertyName ?? name).text,
                ),
              }
            : {};
        return factory.updateExportDeclaration(
          node,
          node.modifiers,
          node.isTypeOnly,
          exportClause,
          literal(node.moduleSpecifier, imported),
          undefined,
        );
      }
      return node;
    };
    return (file) => ts.visitEachChild(file, visit, context);
  };
}

function importedNames(
  ts: typeof typescript,
  { importClause }: typescript.ImportDeclaration,
): ImportedNames {
  const { name, namedBindings } = importClause ?? {};
  if (namedBindings && ts.isNamespaceImport(namedBindings)) return {};
  return {
    names: [
      ...(name ? ["default"] : []),
      ...(namedBindings?.elements ?? []).map(
        (element) => (element.propertyName ?? element.name).text,
      ),
    ],
  };
}
