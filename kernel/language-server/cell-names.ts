/**
 * Finds the uses of a name that a cell declares, in all cells of the notebook.
 *
 * To TypeScript, a cell is a module whose names are not seen outside, so that its own search stays
 * in one cell. A name that is declared again in a later cell is another name from there on.
 */
import ts from "typescript";
import { internalFile } from "../compiler/checker/internal-typescript";
import { exported } from "../compiler/checker/live-names";
import { walk } from "../compiler/project/walk";
import { type CellPosition, nameAt } from "./locations";
import type { Notebook } from "./notebook";
import type { NotebookCell } from "./notebook-cell";

/** A use of a name, or its declaration. */
export interface NameUse {
  readonly cell: NotebookCell;
  readonly node: ts.Identifier;
  readonly isDeclaration: boolean;
}

/**
 * Returns all uses of the name at a position and its declarations, in the order of the notebook.
 * Returns undefined if no cell declares it at its top level.
 */
export function usesOfCellName({
  notebook,
  cell,
  offset,
}: CellPosition): readonly NameUse[] | undefined {
  const node = nameAt(cell.file, offset);
  if (node === undefined || !ts.isIdentifier(node)) return undefined;
  const { checker } = notebook.program;
  const symbol = symbolOf(node, checker);
  if (symbol === undefined || !isOfCell(symbol, notebook)) return undefined;
  return notebook.cells.flatMap((each) =>
    identifiersIn(each.file, node.text)
      .filter((name) => symbolOf(name, checker) === symbol)
      .map((name) => ({
        cell: each,
        node: name,
        isDeclaration: isDeclaredBy(name, symbol),
      })),
  );
}

/** Returns the variable, type or import that a name stands for. */
function symbolOf(
  node: ts.Identifier,
  checker: ts.TypeChecker,
): ts.Symbol | undefined {
  const { parent } = node;
  const found =
    ts.isShorthandPropertyAssignment(parent) && parent.name === node
      ? checker.getShorthandAssignmentValueSymbol(parent)
      : ts.isExportSpecifier(parent) && (parent.propertyName ?? node) === node
        ? checker.getExportSpecifierLocalTargetSymbol(parent)
        : checker.getSymbolAtLocation(node);
  return found && exported(found);
}

function isOfCell(symbol: ts.Symbol, { cells }: Notebook): boolean {
  return cells.some(({ file }) => {
    const own = internalFile(file).locals.get(symbol.escapedName);
    return own !== undefined && exported(own) === symbol;
  });
}

function identifiersIn(file: ts.SourceFile, text: string): ts.Identifier[] {
  if (!internalFile(file).identifiers.has(text)) return [];
  const found: ts.Identifier[] = [];
  walk(ts, file, (node) => {
    if (ts.isIdentifier(node) && node.text === text) found.push(node);
    return true;
  });
  return found;
}

function isDeclaredBy(node: ts.Identifier, symbol: ts.Symbol): boolean {
  return (symbol.declarations ?? []).some(
    (declaration) => ts.getNameOfDeclaration(declaration) === node,
  );
}
