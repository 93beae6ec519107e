/**
 * `{ epochs }` where `epochs` is a variable of an earlier cell.
 *
 * tslab writes `exports.epochs` wherever a cell names such a variable, except in this short form, in which
 * one word is both the property and the variable. Left alone it would be a ReferenceError at run time.
 */
import type * as TypeScriptModule from "@tslab/typescript-for-tslab";
import type { Edit } from "./text-edit";

type TypeScript = typeof TypeScriptModule;
type Node = TypeScriptModule.Node;

/**
 * The edits that spell out a cell's short properties whose variable the cell does not declare itself.
 *
 * What no cell has declared, such as `{ console }`, still means the global variable.
 *
 * @param ts The TypeScript to parse with.
 * @param module tslab's first output, an ES module.
 */
export function spellOutShorthands(ts: TypeScript, module: string): Edit[] {
  // Most cells have none, and need no checker to find that out.
  if (!/[{,]\s*[\w$\u0080-\uffff]+\s*[,}=]/.test(module)) return [];
  const { file, checker } = checkedFile(ts, module);
  const edits: Edit[] = [];
  const visit = (node: Node): void => {
    if (
      ts.isShorthandPropertyAssignment(node) &&
      checker.getShorthandAssignmentValueSymbol(node) === undefined
    ) {
      const { end, text } = node.name;
      const place = `exports.${text}`;
      const value = isTarget(ts, node)
        ? place
        : `${JSON.stringify(text)} in exports ? ${place} : ${text}`;
      edits.push({ start: end, end, text: `: ${value}` });
    }
    ts.forEachChild(node, visit);
  };
  visit(file);
  return edits;
}

/** Whether the property takes a value, as in `({ a } = b)`, rather than gives one. */
function isTarget(ts: TypeScript, property: Node): boolean {
  let node = property.parent;
  while (
    ts.isObjectLiteralExpression(node.parent) ||
    ts.isArrayLiteralExpression(node.parent) ||
    ts.isPropertyAssignment(node.parent) ||
    ts.isSpreadAssignment(node.parent) ||
    ts.isSpreadElement(node.parent)
  ) {
    node = node.parent;
  }
  const { parent } = node;
  return (
    (ts.isBinaryExpression(parent) &&
      parent.operatorToken.kind === ts.SyntaxKind.EqualsToken &&
      parent.left === node) ||
    ((ts.isForOfStatement(parent) || ts.isForInStatement(parent)) &&
      parent.initializer === node)
  );
}

/** The module as a program of its own, in which only the cell's own names are known. */
function checkedFile(ts: TypeScript, module: string) {
  const name = "cell.js";
  const target = ts.ScriptTarget.ES2022;
  const file = ts.createSourceFile(name, module, target, true);
  const program = ts.createProgram(
    [name],
    { allowJs: true, noLib: true, noResolve: true, target, types: [] },
    {
      fileExists: (path) => path === name,
      getCanonicalFileName: (path) => path,
      getCurrentDirectory: () => "",
      getDefaultLibFileName: () => "",
      getNewLine: () => "\n",
      getSourceFile: (path) => (path === name ? file : undefined),
      readFile: () => undefined,
      useCaseSensitiveFileNames: () => true,
      writeFile: () => undefined,
    },
  );
  return { file, checker: program.getTypeChecker() };
}
