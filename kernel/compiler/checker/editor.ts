/**
 * The compiler's room, its counter: what an editor asks about a cell that is being written.
 */
import * as ts from "typescript";
import type { CompletionList, Inspection } from "../compiler";
import { documentation, signature } from "../quick-info";
import type { CellProgram } from "./cell-program";
import { inner } from "./inner-typescript";

const preferences: ts.UserPreferences = {
  includeCompletionsWithInsertText: false,
  includeCompletionsForModuleExports: false,
};

/** What can stand at the offset, the likeliest first. */
export function complete(
  program: CellProgram,
  cell: ts.SourceFile,
  offset: number,
): CompletionList {
  const found = inner().Completions.getCompletionsAtPosition(
    serviceHost(program),
    program.services,
    () => undefined,
    cell,
    offset,
    preferences,
    undefined,
    undefined,
  );
  const { text } = cell;
  const before = /[\p{ID_Continue}$]*$/u.exec(text.slice(0, offset))![0];
  const after = /^[\p{ID_Continue}$]*/u.exec(text.slice(offset))![0];
  const span = found?.optionalReplacementSpan ?? {
    start: offset - before.length,
    length: before.length + after.length,
  };
  const typed = text.slice(span.start, offset);
  const entries = (found?.entries ?? [])
    .filter(({ name }) => name.startsWith(typed))
    .sort((one, other) => compare(one.sortText, other.sortText))
    .map(({ name, kind }) => ({ name, kind: String(kind) }));
  return { start: span.start, end: span.start + span.length, entries };
}

/** What is known of the name at the offset; undefined if there is nothing to tell. */
export function inspect(
  program: CellProgram,
  cell: ts.SourceFile,
  offset: number,
): Inspection | undefined {
  const { checker } = program;
  for (const place of [offset, offset - 1]) {
    if (place < 0) continue;
    const node = inner().getTouchingPropertyName(cell, place);
    if (!ts.isIdentifier(node) && !ts.isPrivateIdentifier(node)) continue;
    const symbol = checker.getSymbolAtLocation(node);
    if (symbol === undefined) continue;
    const {
      displayParts,
      documentation: text,
      tags,
    } = inner().SymbolDisplay.getSymbolDisplayPartsDocumentationAndSymbolKind(
      checker,
      symbol,
      cell,
      ts.findAncestor(node.parent, ts.isFunctionLike) ?? cell,
      node,
    );
    const info = { displayParts, documentation: text, tags: tags ?? [] };
    const shown = signature(info);
    if (shown === "" || shown === "any") return undefined;
    return { signature: shown, documentation: documentation(info) };
  }
  return undefined;
}

/** What TypeScript's services may ask of the file system. */
function serviceHost({ files, services }: CellProgram): object {
  const { sys } = ts;
  return {
    getCompilationSettings: () => services.getCompilerOptions(),
    getCurrentDirectory: () => files.getCurrentDirectory(),
    fileExists: (path: string) => files.fileExists(path),
    readFile: (path: string) => files.readFile(path),
    directoryExists: (path: string) => sys.directoryExists(path),
    getDirectories: (path: string) => sys.getDirectories(path),
    readDirectory: sys.readDirectory.bind(sys),
    useCaseSensitiveFileNames: () => sys.useCaseSensitiveFileNames,
  };
}

function compare(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0;
}
