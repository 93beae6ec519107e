/**
 * Makes variables shared by all cells that tslab compiles.
 *
 * tslab declares a cell's variables inside the cell and exports their values:
 *
 *     let rate = 0.1;
 *     export { rate };
 *
 * A function of this cell would continue to read the inner `rate` after a later cell has assigned
 * to it. If the declaration itself is exported, TypeScript keeps the variable in `exports` only,
 * where every cell sees it:
 *
 *     export let rate = 0.1;
 */
import type * as TypeScriptModule from "@tslab/typescript-for-tslab";
import { spellOutShorthands } from "./shorthand-properties";
import { type Edit, edited, shifted } from "./text-edit";

type TypeScript = typeof TypeScriptModule;

/**
 * Exports the `let` and `var` declarations of a cell directly, except destructuring declarations.
 *
 * A `const` is left unchanged: it cannot be reassigned, and reading it from `exports` would be
 * slower.
 *
 * @param ts The TypeScript to parse with.
 * @param module tslab's first output, an ES module.
 * @param sourceMap The source map from `module` to the cell.
 * @returns The changed module and its source map.
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
      // `var a;` keeps the value of an earlier `a`.
      if (!(flags & ts.NodeFlags.Let) && empty.length > 0) continue;
      // TypeScript exports the names of a pattern one by one and treats any iterable as an array.
      if (!names.every(ts.isIdentifier)) continue;
      const start = statement.getStart(file);
      edits.push({ start, end: start, text: "export " });
      // Without an initializer the variable would keep the value from an earlier cell.
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
