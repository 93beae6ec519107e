/**
 * Completes names, members, paths and keywords, and names that the cell would have to import.
 */
import {
  type CompletionItem,
  type CompletionList,
  MarkupKind,
} from "vscode-languageserver/node";
import type { CompletionList as Found } from "../compiler/compiler";
import { complete } from "../compiler/checker/editor";
import { inspect, isInComment } from "../compiler/checker/inspection";
import { setScope } from "../compiler/checker/internal-typescript";
import { stringAt } from "../compiler/checker/string-place";
import { kindOfEntry, kindOfSymbol } from "./completion-kinds";
import { importEdit, importTitle } from "./import-edit";
import type { ImportCandidate } from "./import-sources";
import type { CellPosition } from "./locations";

/** The most names that are offered with an import. */
const MOST_IMPORTS = 50;

/** What the client sends back to have an item completed. */
export interface ItemData {
  readonly uri: string;
  /** The position of the cursor. */
  readonly line: number;
  readonly character: number;
  /** The part of the cell that the item replaces. */
  readonly start: number;
  readonly end: number;
  /** The import that the item adds. */
  readonly import?: ImportCandidate;
}

/** Returns the candidates at a position, the most likely first. */
export function completion(position: CellPosition): CompletionList {
  const { notebook, cell, offset } = position;
  notebook.wantsImports = true;
  const found = notebook.query(() =>
    notebook.withAllNames(cell, () =>
      complete(notebook.program, cell.file, offset),
    ),
  ) ?? { start: offset, end: offset, entries: [] };
  const items = found.entries.map(({ name, kind, signature }, index) => ({
    ...common(position, found, name),
    kind: kindOfEntry(kind),
    sortText: `0${String(index).padStart(5, "0")}`,
    ...(signature === undefined ? {} : { detail: signature }),
  }));
  const imported = mayImport(position, found) ? imports(position, found) : [];
  return {
    // The names to import are read after the first request.
    isIncomplete: !notebook.imports.isRead,
    items: [...items, ...imported],
  };
}

function common(
  { cell, offset }: CellPosition,
  { start, end }: Found,
  name: string,
): CompletionItem & { readonly data: ItemData } {
  const { uri } = cell.place;
  return {
    label: name,
    filterText: name,
    textEdit: { range: cell.rangeOf(start, end - start), newText: name },
    data: { uri, ...cell.positionAt(offset), start, end },
  };
}

/** Whether the text at the cursor is the beginning of a name on its own. */
function mayImport(
  { notebook, cell: { file }, offset }: CellPosition,
  { start }: Found,
): boolean {
  const before = file.text.slice(0, start);
  return (
    notebook.imports.isRead &&
    offset > start &&
    !/[.?#]\s*$/.test(before) &&
    !stringAt(file, offset) &&
    !isInComment(file, offset)
  );
}

function imports(position: CellPosition, found: Found): CompletionItem[] {
  const { notebook, cell, offset } = position;
  const typed = cell.file.text.slice(found.start, offset);
  const known = new Set(found.entries.map(({ name }) => name));
  return notebook.imports
    .beginningWith(typed)
    .filter(({ name }) => !known.has(name))
    .slice(0, MOST_IMPORTS)
    .map((candidate) => {
      const item = common(position, found, candidate.name);
      return {
        ...item,
        kind: kindOfSymbol(candidate.flags),
        sortText: `1${candidate.name}`,
        labelDetails: { description: candidate.module },
        data: { ...item.data, import: candidate },
      };
    });
}

/**
 * Returns an item with its documentation, and with the import that it needs.
 *
 * @param position The position at which it was offered.
 */
export function resolved(
  item: CompletionItem,
  { notebook, cell }: CellPosition,
): CompletionItem {
  const data = item.data as ItemData;
  if (data.import !== undefined) {
    return {
      ...item,
      detail: importTitle(data.import),
      additionalTextEdits: [importEdit(cell, data.import)],
    };
  }
  const { text } = cell.file;
  const completed = `${text.slice(0, data.start)}${item.label}${text.slice(data.end)}`;
  const { file } = notebook.parse(completed);
  const found = notebook.query(() =>
    notebook.withAllNames(cell, (scope) => {
      setScope(file, scope);
      const end = data.start + item.label.length;
      return inspect(notebook.program, file, end);
    }),
  );
  if (!found) return item;
  return {
    ...item,
    detail: found.signature,
    documentation: { kind: MarkupKind.Markdown, value: found.documentation },
  };
}
