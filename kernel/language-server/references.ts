/**
 * Finds the uses of a name: in the cells, and in files of the user that they import.
 */
import type ts from "typescript";
import {
  type DocumentHighlight,
  DocumentHighlightKind,
  type Location,
} from "vscode-languageserver/node";
import { internalServices } from "../compiler/checker/internal-services";
import { type NameUse, usesOfCellName } from "./cell-names";
import { type CellPosition, locationOf } from "./locations";
import type { Notebook } from "./notebook";
import { neverCanceled, ownFiles, servicesOf } from "./program-services";

/** A place where a name is used. */
interface Reference {
  readonly location: Location;
  readonly isDeclaration: boolean;
  readonly isWritten: boolean;
}

/** Returns the uses of the name at a position. */
export function references(
  position: CellPosition,
  { includeDeclaration }: { readonly includeDeclaration: boolean },
): Location[] {
  return referencesOf(position)
    .filter(({ isDeclaration }) => includeDeclaration || !isDeclaration)
    .map(({ location }) => location);
}

/** Returns the uses of the name at a position in the same document. */
export function highlights(position: CellPosition): DocumentHighlight[] {
  const { uri } = position.cell.place;
  return referencesOf(position)
    .filter(({ location }) => location.uri === uri)
    .map(({ location: { range }, isWritten }) => ({
      range,
      kind: isWritten
        ? DocumentHighlightKind.Write
        : DocumentHighlightKind.Read,
    }));
}

function referencesOf(position: CellPosition): Reference[] {
  const { notebook, cell, offset } = position;
  const uses = notebook.query(() => usesOfCellName(position));
  if (uses) return uses.map(toReference);
  // Members, and names within functions.
  const { FindAllReferences } = internalServices();
  const found = notebook.query(() =>
    FindAllReferences.findReferencedSymbols(
      servicesOf(notebook),
      neverCanceled,
      searchedFiles(notebook),
      cell.file,
      offset,
    ),
  );
  return (found ?? [])
    .flatMap((symbol) => symbol.references)
    .flatMap(({ fileName, textSpan, isWriteAccess, isDefinition }) => {
      const location = locationOf(notebook, fileName, textSpan);
      return location === undefined
        ? []
        : [
            {
              location,
              isWritten: isWriteAccess,
              isDeclaration: isDefinition === true,
            },
          ];
    });
}

function toReference({ cell, node, isDeclaration }: NameUse): Reference {
  const range = cell.rangeOf(node.getStart(cell.file), node.getWidth());
  return {
    location: { uri: cell.place.uri, range },
    isDeclaration,
    isWritten: isDeclaration || internalServices().isWriteAccess(node),
  };
}

/** Returns the files in which members are looked for. */
export function searchedFiles(notebook: Notebook): ts.SourceFile[] {
  return [...notebook.cells.map(({ file }) => file), ...ownFiles(notebook)];
}
