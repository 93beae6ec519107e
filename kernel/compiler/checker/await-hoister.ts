/**
 * Hoists `await` expressions out of classes with ECMAScript decorators.
 *
 * TypeScript rewrites such a class with a function and a static block, neither of which may contain
 * `await`. The expression is therefore evaluated just before the statement that contains the class.
 */
import type MagicString from "magic-string";
import ts from "typescript";
import { isInList } from "./cell-syntax";
import type { CellWrapper } from "./cell-wrapper";
import { walk } from "../project/walk";

/**
 * Hoists these `await` expressions in a cell whose text is complete except for the removal of
 * types.
 *
 * @param file The cell.
 * @param text The edited text of the cell.
 * @param wrapper Provides unused names.
 */
export function hoistAwaits(
  file: ts.SourceFile,
  text: MagicString,
  wrapper: CellWrapper,
): void {
  if (!file.text.includes("await") || !file.text.includes("@")) return;
  let count = 0;
  walk(ts, file, (node) => {
    if (!ts.isClassLike(node) || !isDecorated(node)) return true;
    const place = statementOf(node)?.getStart();
    const awaiting = outerExpressions(node).filter(hasAwait);
    for (const expression of place === undefined ? [] : awaiting) {
      count += 1;
      const name = wrapper.awaited(count);
      const [start, { end }] = [expression.getStart(), expression];
      text.appendRight(start, `const ${name} = `);
      text.appendLeft(end, ";");
      text.appendRight(end, ` ${name}`);
      text.move(start, end, place!);
    }
    return true;
  });
}

function isDecorated(node: ts.ClassLikeDeclaration): boolean {
  return [node, ...node.members].some(
    (each) => ts.canHaveDecorators(each) && ts.getDecorators(each)?.length,
  );
}

/**
 * Returns the expressions of a class that are evaluated when it is defined, outside its own
 * functions.
 */
function outerExpressions(node: ts.ClassLikeDeclaration): ts.Expression[] {
  const decorators = (each: ts.Node) =>
    ts.canHaveDecorators(each) ? (ts.getDecorators(each) ?? []) : [];
  const heritage = node.heritageClauses?.find(
    ({ token }) => token === ts.SyntaxKind.ExtendsKeyword,
  );
  return [
    ...decorators(node).map(({ expression }) => expression),
    ...(heritage?.types ?? []).map(({ expression }) => expression),
    ...node.members.flatMap((member) => [
      ...decorators(member).map(({ expression }) => expression),
      ...(member.name && ts.isComputedPropertyName(member.name)
        ? [member.name.expression]
        : []),
    ]),
  ];
}

function hasAwait(expression: ts.Expression): boolean {
  let found = false;
  walk(ts, expression, (node) => {
    found ||= ts.isAwaitExpression(node);
    return !found && !ts.isFunctionLike(node);
  });
  return found;
}

/**
 * Returns the statement that contains a class and before which another may be inserted, or
 * undefined if the head or the concise body of a function is in between.
 */
function statementOf(node: ts.ClassLikeDeclaration): ts.Statement | undefined {
  const found = ts.findAncestor(
    node,
    (each) =>
      (ts.isStatement(each) && isInList(each)) ||
      (each !== node && ts.isFunctionLike(each)),
  );
  return found && ts.isStatement(found) ? found : undefined;
}
