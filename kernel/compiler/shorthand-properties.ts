/**
 * Rewrites shorthand properties such as `{ epochs }` where `epochs` is a variable of an earlier
 * cell.
 *
 * tslab writes `exports.epochs` wherever a cell refers to such a variable, except in a shorthand
 * property, where one word is both the property and the variable. Unchanged, it would throw a
 * ReferenceError at run time.
 */
import type * as TypeScriptModule from "@tslab/typescript-for-tslab";
import type { Edit } from "./text-edit";

type TypeScript = typeof TypeScriptModule;
type Node = TypeScriptModule.Node;

/**
 * Returns the edits that expand shorthand properties whose variable the cell does not declare
 * itself.
 *
 * A name that no cell has declared, as in `{ console }`, still refers to the global variable.
 *
 * @param ts The TypeScript to parse with.
 * @param module tslab's first output, an ES module.
 */
export function spellOutShorthands(ts: TypeScript, module: string): Edit[] {
  // Most cells have none; skip creating a checker for them.
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

/** Whether the property is an assignment target, as in `({ a } = b)`. */
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

/** Returns the module as a separate program in which only the cell's own names are declared. */
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
