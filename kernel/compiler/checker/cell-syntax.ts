/**
 * Answers questions about the syntax of a cell that matter for writing it as JavaScript.
 */
import ts from "typescript";
import { internalFile, TransformFlags } from "./internal-typescript";

/** Whether a cell is JavaScript that Node can run unchanged. */
export function isJavaScript(file: ts.SourceFile): boolean {
  const { TypeScript, Jsx, EsNext, TypeScriptClassSyntax, Decorators } =
    TransformFlags;
  const rewritten =
    TypeScript | Jsx | EsNext | TypeScriptClassSyntax | Decorators;
  return (internalFile(file).transformFlags & rewritten) === 0;
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

/** Whether a statement has the `declare` modifier. */
export function isDeclared(statement: ts.Statement): boolean {
  return (
    ts.canHaveModifiers(statement) &&
    (ts.getModifiers(statement) ?? []).some(
      ({ kind }) => kind === ts.SyntaxKind.DeclareKeyword,
    )
  );
}

/**
 * Whether a node is a parenthesized expression or a type assertion, which evaluates to its inner
 * expression.
 */
function isCover(
  node: ts.Node,
): node is
  | ts.ParenthesizedExpression
  | ts.AsExpression
  | ts.SatisfiesExpression
  | ts.TypeAssertion
  | ts.NonNullExpression {
  return (
    ts.isParenthesizedExpression(node) ||
    ts.isAsExpression(node) ||
    ts.isSatisfiesExpression(node) ||
    ts.isTypeAssertionExpression(node) ||
    ts.isNonNullExpression(node)
  );
}

/**
 * Whether an expression is an anonymous function or class, which takes the name of the variable it
 * is assigned to.
 */
export function isNamelessFunction(expression: ts.Expression): boolean {
  let inner = expression;
  while (isCover(inner)) inner = inner.expression;
  return (
    ts.isArrowFunction(inner) ||
    ((ts.isFunctionExpression(inner) || ts.isClassExpression(inner)) &&
      inner.name === undefined)
  );
}

/** Returns the call or tagged template whose callee is this expression. */
export function callOf(
  callee: ts.Expression,
): ts.CallExpression | ts.TaggedTemplateExpression | undefined {
  let node: ts.Node = callee;
  while (isCover(node.parent)) node = node.parent;
  const { parent } = node;
  if (ts.isCallExpression(parent) && parent.expression === node) return parent;
  return ts.isTaggedTemplateExpression(parent) && parent.tag === node
    ? parent
    : undefined;
}

/** Returns the target and value of an assignment that gives an anonymous function its name. */
export function namedByAssignment(
  node: ts.Node,
):
  | { readonly target: ts.Identifier; readonly value: ts.Expression }
  | undefined {
  if (!ts.isBinaryExpression(node)) return undefined;
  const { left, operatorToken, right } = node;
  return namingOperators.has(operatorToken.kind) &&
    ts.isIdentifier(left) &&
    isNamelessFunction(right)
    ? { target: left, value: right }
    : undefined;
}

const namingOperators: ReadonlySet<ts.SyntaxKind> = new Set([
  ts.SyntaxKind.EqualsToken,
  ts.SyntaxKind.AmpersandAmpersandEqualsToken,
  ts.SyntaxKind.BarBarEqualsToken,
  ts.SyntaxKind.QuestionQuestionEqualsToken,
]);

/** Whether a call is a direct call of `eval`, whose code can access local names. */
export function isDirectEval(node: ts.CallExpression): boolean {
  if (node.questionDotToken) return false;
  let callee: ts.Expression = node.expression;
  while (isCover(callee)) callee = callee.expression;
  return ts.isIdentifier(callee) && callee.text === "eval";
}

/** Whether a statement is in a list of statements, where a semicolon before it is harmless. */
export function isInList({ parent }: ts.Statement): boolean {
  return (
    ts.isSourceFile(parent) ||
    ts.isBlock(parent) ||
    ts.isModuleBlock(parent) ||
    ts.isCaseOrDefaultClause(parent)
  );
}

export function beginsStatement(node: ts.Expression): boolean {
  const statement = ts.findAncestor(node, ts.isExpressionStatement);
  return (
    statement !== undefined &&
    statement.getStart() === node.getStart() &&
    isInList(statement)
  );
}

/**
 * Whether the innermost function that contains a node is async; `atTop` if no function contains it.
 */
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
