/**
 * What has to be written another way in a file for it to run from elsewhere: the modules that it names, and what it knows of itself.
 */
import type * as typescript from "typescript";

/** The field of `globalThis` under which the runtime gives files what they need; see `runtime/file-scope.ts`. */
export const FILE_SCOPES = "convnotes.kernel.files";

/** The name by which a file reaches what is given to it. */
export class ScopeName {
  readonly text: string;
  isUsed = false;

  /** @param taken The names that the file has. */
  constructor(taken: ReadonlyMap<string, string>) {
    let text = "__file";
    while (taken.has(text)) text += "_";
    this.text = text;
  }

  /** The statement that declares it, on the first line; empty if it is not used. */
  declaration(path: string): string {
    if (!this.isUsed) return "";
    // A function, which is there before the statements of the file run.
    return `function ${this.text}() { return globalThis[${JSON.stringify(FILE_SCOPES)}](${JSON.stringify(path)}); }`;
  }
}

/** Writes `import.meta` and `import()` as fields of the file's scope. */
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
      // A long sum is a deep tree: what has no `import` in its text is not visited. What TypeScript has made has no place in the text.
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

/** Writes what became of `import a = require()` in an ES module, which has no `require`. */
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

/** What an import of a module asks for. */
export interface ImportedNames {
  /** Names, `default` among them; undefined where all are asked for. */
  readonly names?: readonly string[];
}

/** Writes the names of modules in the imports and exports that stay. */
export function withSpecifiers(
  ts: typeof typescript,
  write: (name: string, asked: ImportedNames) => string,
): typescript.TransformerFactory<typescript.SourceFile> {
  return (context) => {
    const { factory } = context;
    const literal = (
      specifier: typescript.Expression | undefined,
      asked: ImportedNames,
    ) =>
      specifier && ts.isStringLiteralLike(specifier)
        ? factory.createStringLiteral(write(specifier.text, asked))
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
          // Where the name leads to has no attributes: `with { type: "json" }` is seen to.
          undefined,
        );
      }
      if (ts.isExportDeclaration(node) && node.moduleSpecifier) {
        const { exportClause } = node;
        const asked =
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
          literal(node.moduleSpecifier, asked),
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
