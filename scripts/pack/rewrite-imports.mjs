// Replaces the specifiers of a module's imports, in JavaScript and in declarations.

import ts from "typescript";

/**
 * @param {string} text A module.
 * @param {(specifier: string) => string} rename Called with each specifier.
 * @returns {string} The module with the new specifiers.
 */
export function rewriteImports(text, rename) {
  const source = ts.createSourceFile(
    "module.ts",
    text,
    ts.ScriptTarget.Latest,
    true,
  );
  /** @type {{ start: number, end: number, name: string }[]} */
  const changes = [];
  /** @param {import("typescript").Node} node */
  const visit = (node) => {
    const literal = specifierOf(node);
    if (literal !== undefined) {
      const name = rename(literal.text);
      if (name !== literal.text) {
        const [start, end] = [literal.getStart(source), literal.getEnd()];
        changes.push({ start, end, name });
      }
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  let rewritten = text;
  for (const { start, end, name } of changes.reverse()) {
    rewritten = `${rewritten.slice(0, start)}${JSON.stringify(name)}${rewritten.slice(end)}`;
  }
  return rewritten;
}

/**
 * @param {import("typescript").Node} node
 * @returns {import("typescript").StringLiteralLike | undefined} The specifier if the node imports a
 *   module: a declaration, a type, or a call of `require` or `import`.
 */
function specifierOf(node) {
  if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) {
    return stringOf(node.moduleSpecifier);
  }
  if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) {
    return stringOf(node.argument.literal);
  }
  if (!ts.isCallExpression(node)) return undefined;
  const { expression } = node;
  const loads =
    expression.kind === ts.SyntaxKind.ImportKeyword ||
    (ts.isIdentifier(expression) && expression.text === "require");
  return loads ? stringOf(node.arguments[0]) : undefined;
}

/**
 * @param {import("typescript").Node | undefined} node
 * @returns {import("typescript").StringLiteralLike | undefined}
 */
function stringOf(node) {
  return node && ts.isStringLiteralLike(node) ? node : undefined;
}
