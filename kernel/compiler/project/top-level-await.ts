/**
 * Detects top-level await, which makes a cell an async function, and a file an ES module that
 * cannot be required.
 */
import type typescript from "typescript";
import { walk } from "./walk";

type TypeScript = typeof typescript;

/**
 * Whether a file uses top-level await.
 *
 * @param ts TypeScript.
 * @param file The file, or a cell parsed as a file.
 */
export function hasTopLevelAwait(
  ts: TypeScript,
  file: typescript.SourceFile,
): boolean {
  if (!file.text.includes("await")) return false;
  let found = false;
  const look = (node: typescript.Node): boolean => {
    found ||= isAwait(ts, node);
    if (found) return false;
    if (!ts.isFunctionLike(node) && !ts.isPropertyDeclaration(node)) {
      return true;
    }
    for (const part of partsOutside(ts, node)) walk(ts, part, look);
    return false;
  };
  walk(ts, file, look);
  return found;
}

function isAwait(ts: TypeScript, node: typescript.Node): boolean {
  return (
    ts.isAwaitExpression(node) ||
    (ts.isVariableDeclarationList(node) &&
      (node.flags & ts.NodeFlags.BlockScoped) === ts.NodeFlags.AwaitUsing) ||
    (ts.isForOfStatement(node) && node.awaitModifier !== undefined)
  );
}

/**
 * Returns the parts of a function or a field that are evaluated at its definition rather than when
 * it is called or initialized: computed names and decorators.
 */
function partsOutside(
  ts: TypeScript,
  node: typescript.SignatureDeclaration | typescript.PropertyDeclaration,
): readonly typescript.Node[] {
  const decorators = (each: typescript.Node) =>
    ts.canHaveDecorators(each) ? (ts.getDecorators(each) ?? []) : [];
  const parameters = ts.isPropertyDeclaration(node) ? [] : node.parameters;
  return [
    ...decorators(node),
    ...(node.name && ts.isComputedPropertyName(node.name) ? [node.name] : []),
    ...parameters.flatMap(decorators),
  ];
}
