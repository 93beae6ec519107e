/**
 * Turns places in syntax trees into the client's locations.
 */
import { pathToFileURL } from "node:url";
import ts from "typescript";
import type { Location } from "vscode-languageserver/node";
import { internals } from "../compiler/checker/internal-typescript";
import type { Notebook } from "./notebook";
import type { NotebookCell } from "./notebook-cell";

/** A position in a cell of an open notebook, which is up to date. */
export interface CellPosition {
  readonly notebook: Notebook;
  readonly cell: NotebookCell;
  /** In UTF-16 code units from the start of the cell. */
  readonly offset: number;
}

/**
 * Returns the location of a part of a file: in the client's document for a cell, or in a file on
 * disk. Returns undefined for a file that exists in memory only.
 */
export function locationOf(
  notebook: Notebook,
  path: string,
  { start, length }: ts.TextSpan,
): Location | undefined {
  const cell = notebook.cellAt(path);
  if (cell !== undefined) {
    return { uri: cell.place.uri, range: cell.rangeOf(start, length) };
  }
  const file = notebook.program.services.getSourceFile(path);
  if (file === undefined || !ts.sys.fileExists(path)) return undefined;
  const positionOf = (offset: number) =>
    file.getLineAndCharacterOfPosition(offset);
  return {
    uri: pathToFileURL(path).href,
    range: { start: positionOf(start), end: positionOf(start + length) },
  };
}

/** Returns the name at an offset, even if the offset is at its end; undefined if there is none. */
export function nameAt(
  file: ts.SourceFile,
  offset: number,
): ts.Identifier | ts.PrivateIdentifier | undefined {
  const node = internals(ts).getTouchingPropertyName(file, offset);
  const isName = ts.isIdentifier(node) || ts.isPrivateIdentifier(node);
  return isName && node.getStart(file) <= offset && offset <= node.end
    ? node
    : undefined;
}
