/**
 * What is to be known of the grammar to write a cell as JavaScript.
 */
import ts from "typescript";
import { innerFile, TransformFlags } from "./inner-typescript";

/** Whether a cell is JavaScript that Node takes as it stands. */
export function isJavaScript(file: ts.SourceFile): boolean {
  const { TypeScript, Jsx, EsNext, TypeScriptClassSyntax, Decorators } =
    TransformFlags;
  const rewritten =
    TypeScript | Jsx | EsNext | TypeScriptClassSyntax | Decorators;
  return (innerFile(file).transformFlags & rewritten) === 0;
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

/** Whether a node is an expression in parentheses or under a type, which run as that expression alone. */
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

/** Whether an expression is a function or class that takes the name of the variable it is given to. */
export function isNamelessFunction(expression: ts.Expression): boolean {
  let inner = expression;
  while (isCover(inner)) inner = inner.expression;
  return (
    ts.isArrowFunction(inner) ||
    ((ts.isFunctionExpression(inner) || ts.isClassExpression(inner)) &&
      inner.name === undefined)
  );
}

/** The call or tagged template that calls an expression by its name alone. */
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

/** The function without a name that an assignment to a name gives its name to. */
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

/** Whether a call is of `eval` by its name, so that what it runs sees the names of the place. */
export function isDirectEval(node: ts.CallExpression): boolean {
  if (node.questionDotToken) return false;
  let callee: ts.Expression = node.expression;
  while (isCover(callee)) callee = callee.expression;
  return ts.isIdentifier(callee) && callee.text === "eval";
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

export function beginsStatement(node: ts.Expression): boolean {
  const statement = ts.findAncestor(node, ts.isExpressionStatement);
  return (
    statement !== undefined &&
    statement.getStart() === node.getStart() &&
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
