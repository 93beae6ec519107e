/**
 * Variables that stay one and the same for all cells.
 *
 * tslab declares a cell's variables inside the cell and exports their values:
 *
 *     let rate = 0.1;
 *     export { rate };
 *
 * A function of this cell would go on reading the inner `rate` after a later cell has assigned to it. TypeScript
 * keeps a variable in `exports` alone, where every cell sees it, if the declaration itself is exported:
 *
 *     export let rate = 0.1;
 */
import type * as TypeScriptModule from "@tslab/typescript-for-tslab";
import { spellOutShorthands } from "./shorthand-properties";
import { type Edit, edited, shifted } from "./text-edit";

type TypeScript = typeof TypeScriptModule;

/**
 * Exports a cell's `let` and `var` declarations themselves, but for those that take a value apart. A `const` is left
 * alone: nobody assigns to it, and reading it from `exports` would be slower.
 *
 * @param ts The TypeScript to parse with.
 * @param module tslab's first output, an ES module.
 * @param sourceMap The map from there to the cell.
 * @returns The changed module, and its map.
 */
export function exportVariables(
  ts: TypeScript,
  module: string,
  sourceMap: string,
): { module: string; sourceMap: string } {
  const file = ts.createSourceFile("cell.js", module, ts.ScriptTarget.ES2022);
  const edits: Edit[] = spellOutShorthands(ts, module);
  const live = new Set<string>();
  for (const statement of file.statements) {
    if (ts.isVariableStatement(statement)) {
      const { flags, declarations } = statement.declarationList;
      const names = declarations.map(({ name }) => name);
      const empty = declarations.filter(({ initializer }) => !initializer);
      if (flags & ts.NodeFlags.Const || statement.modifiers) continue;
      // `var a;` leaves the value of an `a` before it as it is.
      if (!(flags & ts.NodeFlags.Let) && empty.length > 0) continue;
      // TypeScript exports the names of a pattern one by one, taking whatever is iterated for an array.
      if (!names.every(ts.isIdentifier)) continue;
      const start = statement.getStart(file);
      edits.push({ start, end: start, text: "export " });
      // Without a value the variable would keep the one that an earlier cell gave it.
      for (const { end } of empty) {
        edits.push({ start: end, end, text: " = undefined" });
      }
      for (const { text } of names) live.add(text);
    } else if (
      ts.isExportDeclaration(statement) &&
      statement.exportClause &&
      ts.isNamedExports(statement.exportClause)
    ) {
      const { elements } = statement.exportClause;
      const names = elements
        .filter(({ name }) => !live.has(name.text))
        .map((element) => element.getText(file));
      const text = `export { ${names.join(", ")} };`;
      edits.push({ start: statement.getStart(file), end: statement.end, text });
    }
  }
  return {
    module: edited(module, edits),
    sourceMap: shifted(sourceMap, edits, (offset) =>
      file.getLineAndCharacterOfPosition(offset),
    ),
  };
}
