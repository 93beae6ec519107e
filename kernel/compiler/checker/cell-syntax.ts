/**
 * The compiler's room: what the pen must know of the grammar.
 */
import * as ts from "typescript";

/** Whether a cell awaits outside of its functions. */
export function awaitsAtTop(file: ts.SourceFile): boolean {
  const awaits = (node: ts.Node): boolean => {
    if (ts.isFunctionLike(node) || ts.isPropertyDeclaration(node)) return false;
    return (
      ts.isAwaitExpression(node) ||
      (ts.isForOfStatement(node) && node.awaitModifier !== undefined) ||
      (ts.forEachChild(node, awaits) ?? false)
    );
  };
  return file.text.includes("await") && awaits(file);
}

export function isTypeOnly(node: ts.Node): boolean {
  return (
    ts.isInterfaceDeclaration(node) ||
    ts.isTypeAliasDeclaration(node) ||
    (ts.isHeritageClause(node) &&
      (node.token === ts.SyntaxKind.ImplementsKeyword ||
        ts.isInterfaceDeclaration(node.parent)))
  );
}

/** Whether a statement only says that something is declared elsewhere. */
export function isDeclared(statement: ts.Statement): boolean {
  return (
    ts.canHaveModifiers(statement) &&
    (ts.getModifiers(statement) ?? []).some(
      ({ kind }) => kind === ts.SyntaxKind.DeclareKeyword,
    )
  );
}

export function isNamelessFunction(expression: ts.Expression): boolean {
  return (
    ts.isArrowFunction(expression) ||
    ((ts.isFunctionExpression(expression) ||
      ts.isClassExpression(expression)) &&
      expression.name === undefined)
  );
}

/** Whether a statement stands among others, where a semicolon before it does no harm. */
export function isInList({ parent }: ts.Statement): boolean {
  return (
    ts.isSourceFile(parent) ||
    ts.isBlock(parent) ||
    ts.isModuleBlock(parent) ||
    ts.isCaseOrDefaultClause(parent)
  );
}

export function beginsStatement(identifier: ts.Identifier): boolean {
  const statement = ts.findAncestor(identifier, ts.isExpressionStatement);
  return (
    statement !== undefined &&
    statement.getStart() === identifier.getStart() &&
    isInList(statement)
  );
}

/** Whether a function, whichever a node is in, is asynchronous; `atTop` for a node that is in none. */
export function isInAsync(node: ts.Node, atTop: boolean): boolean {
  const owner = ts.findAncestor(node, ts.isFunctionLike);
  if (owner === undefined) return atTop;
  return (
    ts.canHaveModifiers(owner) &&
    (ts.getModifiers(owner) ?? []).some(
      ({ kind }) => kind === ts.SyntaxKind.AsyncKeyword,
    )
  );
}
