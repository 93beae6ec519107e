/**
 * Writes a notebook's cells as a single file for tsc and Node.
 */
import * as ts from "typescript";

/** The global function that displays a value. */
const SHOW = "showValue";

/** A script for Node's `--require` that displays values like a notebook. */
export const showScript = `globalThis.${SHOW} = (value) => console.log(require("node:util").inspect(value));\n`;

/**
 * Returns the text of the file: the cells one after the other, with the last expression displayed.
 */
export function entryText(cells: readonly string[], extension: string): string {
  const last = cells.at(-1) ?? "";
  const name = extension === "tsx" ? "cell.tsx" : "cell.ts";
  const file = ts.createSourceFile(name, last, ts.ScriptTarget.Latest, true);
  const statement = file.statements.at(-1);
  if (statement === undefined || !ts.isExpressionStatement(statement)) {
    throw new Error(
      `Expected a last cell that ends in an expression, received ${last}`,
    );
  }
  const { expression } = statement;
  return [
    ...cells.slice(0, -1),
    `${last.slice(0, expression.getStart())}${SHOW}(${expression.getText()});`,
    `declare function ${SHOW}(value: unknown): void;`,
    "export {};",
    "",
  ].join("\n");
}
