/**
 * Adds an import to a cell: to an import of the same module if the cell has one, else as a new
 * line.
 */
import ts from "typescript";
import type { TextEdit } from "vscode-languageserver/node";
import type { ImportCandidate } from "./import-sources";
import type { NotebookCell } from "./notebook-cell";

/** Returns the edit of the client's document. */
export function importEdit(
  cell: NotebookCell,
  candidate: ImportCandidate,
): TextEdit {
  const { name, module, isDefault } = candidate;
  const imports = cell.file.statements.filter(ts.isImportDeclaration);
  const place = isDefault ? undefined : placeBeside(imports, candidate);
  if (place !== undefined) return insertion(cell, place.offset, place.text);
  const clause = isDefault ? name : `{ ${name} }`;
  const line = `import ${clause} from ${JSON.stringify(module)};`;
  const last = imports.at(-1);
  return last === undefined
    ? insertion(cell, startOf(cell.file), `${line}\n`)
    : insertion(cell, last.end, `\n${line}`);
}

/** Returns a sentence for a menu, such as `Add import from "node:fs"`. */
export function importTitle({ module }: ImportCandidate): string {
  return `Add import from ${JSON.stringify(module)}`;
}

/** Returns where a name can be added to an import of the same module. */
function placeBeside(
  imports: readonly ts.ImportDeclaration[],
  { name, module }: ImportCandidate,
): { readonly offset: number; readonly text: string } | undefined {
  for (const { moduleSpecifier, importClause } of imports) {
    const isSame = (moduleSpecifier as ts.StringLiteral).text === module;
    if (!isSame || !importClause || importClause.isTypeOnly) continue;
    const { namedBindings } = importClause;
    if (namedBindings === undefined) {
      return { offset: importClause.end, text: `, { ${name} }` };
    }
    if (!ts.isNamedImports(namedBindings)) continue;
    const last = namedBindings.elements.at(-1);
    return last === undefined
      ? { offset: namedBindings.getStart() + 1, text: ` ${name} ` }
      : { offset: last.end, text: `, ${name}` };
  }
  return undefined;
}

/** Returns the start of a cell, after a line such as `#!/usr/bin/env node`. */
function startOf({ text }: ts.SourceFile): number {
  return /^#!.*\n?/.exec(text)?.[0].length ?? 0;
}

function insertion(
  cell: NotebookCell,
  offset: number,
  newText: string,
): TextEdit {
  return { range: cell.rangeOf(offset, 0), newText };
}
