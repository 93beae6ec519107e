/**
 * Renames a name in all cells, and a member also in files of the user that the cells import.
 */
import ts from "typescript";
import {
  ErrorCodes,
  LSPErrorCodes,
  type Range,
  ResponseError,
  type TextEdit,
  type WorkspaceEdit,
} from "vscode-languageserver/node";
import { internalServices } from "../compiler/checker/internal-services";
import { internals } from "../compiler/checker/internal-typescript";
import { type NameUse, usesOfCellName } from "./cell-names";
import { type CellPosition, locationOf } from "./locations";
import { neverCanceled, preferences, servicesOf } from "./program-services";
import { searchedFiles } from "./references";

/**
 * Returns the range of the name at a position and its current text.
 *
 * @throws {ResponseError} If it cannot be renamed, for example because a package declares it.
 */
export function prepareRename(position: CellPosition): {
  readonly range: Range;
  readonly placeholder: string;
} {
  const { notebook, cell, offset } = position;
  const info = notebook.query(() =>
    internalServices().Rename.getRenameInfo(
      servicesOf(notebook),
      cell.file,
      offset,
      preferences,
    ),
  );
  if (!info?.canRename) {
    throw failed(
      info?.localizedErrorMessage ?? "You cannot rename this element.",
    );
  }
  const { start, length } = info.triggerSpan;
  return {
    range: cell.rangeOf(start, length),
    placeholder: cell.text.slice(start, start + length),
  };
}

/**
 * Returns the changes that rename the name at a position.
 *
 * @throws {ResponseError} If it cannot be renamed, or the new name is not a name.
 */
export function rename(position: CellPosition, newName: string): WorkspaceEdit {
  if (!isName(newName)) {
    throw new ResponseError(
      ErrorCodes.InvalidParams,
      `Expected a name, received ${JSON.stringify(newName)}.`,
    );
  }
  prepareRename(position);
  const changes: Record<string, TextEdit[]> = {};
  for (const { uri, ...edit } of editsOf(position, newName)) {
    (changes[uri] ??= []).push(edit);
  }
  return { changes };
}

interface FileEdit extends TextEdit {
  readonly uri: string;
}

function editsOf(position: CellPosition, newName: string): FileEdit[] {
  const { notebook } = position;
  const uses = notebook.query(() => usesOfCellName(position));
  if (uses) return uses.map((use) => editOf(use, newName));
  return memberLocations(position).flatMap(
    ({ fileName, textSpan, prefixText = "", suffixText = "" }) => {
      const location = locationOf(notebook, fileName, textSpan);
      const newText = `${prefixText}${newName}${suffixText}`;
      return location === undefined ? [] : [{ ...location, newText }];
    },
  );
}

/** Returns the edit of one use; other names, such as that of a property, stay as they are. */
function editOf({ cell, node }: NameUse, newName: string): FileEdit {
  const range = cell.rangeOf(node.getStart(cell.file), node.getWidth());
  return { uri: cell.place.uri, range, newText: replacement(node, newName) };
}

function replacement(node: ts.Identifier, newName: string): string {
  const { parent } = node;
  const isShort =
    ts.isShorthandPropertyAssignment(parent) ||
    (ts.isBindingElement(parent) &&
      ts.isObjectBindingPattern(parent.parent) &&
      parent.dotDotDotToken === undefined &&
      parent.name === node);
  if (isShort && !("propertyName" in parent && parent.propertyName)) {
    return `${node.text}: ${newName}`;
  }
  if (ts.isImportSpecifier(parent) && !parent.propertyName) {
    return `${node.text} as ${newName}`;
  }
  if (ts.isExportSpecifier(parent) && !parent.propertyName) {
    return `${newName} as ${node.text}`;
  }
  return newName;
}

function memberLocations({
  notebook,
  cell,
  offset,
}: CellPosition): readonly ts.RenameLocation[] {
  const { FindAllReferences } = internalServices();
  const found = notebook.query(() =>
    FindAllReferences.findReferenceOrRenameEntries(
      servicesOf(notebook),
      neverCanceled,
      searchedFiles(notebook),
      internals(ts).getTouchingPropertyName(cell.file, offset),
      offset,
      { use: 2, providePrefixAndSuffixTextForRename: true },
      (entry, original, checker) =>
        FindAllReferences.toRenameLocation(entry, original, checker, true, 1),
    ),
  );
  return found ?? [];
}

/** Whether a text is a name that a variable may have. */
function isName(text: string): boolean {
  const scanner = ts.createScanner(ts.ScriptTarget.ES2022, false);
  scanner.setText(text.replace(/^#/, ""));
  const token = scanner.scan();
  return (
    (token === ts.SyntaxKind.Identifier ||
      token > ts.SyntaxKind.LastReservedWord) &&
    scanner.getTokenText() === text.replace(/^#/, "") &&
    scanner.scan() === ts.SyntaxKind.EndOfFileToken
  );
}

function failed(message: string): ResponseError<void> {
  return new ResponseError(LSPErrorCodes.RequestFailed, message);
}
