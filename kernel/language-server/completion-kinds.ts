/**
 * Maps the kernel's kinds of completions, and TypeScript's symbols, to those of the protocol.
 */
import ts from "typescript";
import { CompletionItemKind } from "vscode-languageserver/node";

/** The protocol's kinds by those of `completion-kind.ts`. */
const KINDS: Readonly<Record<string, CompletionItemKind>> = {
  keyword: CompletionItemKind.Keyword,
  instance: CompletionItemKind.Variable,
  param: CompletionItemKind.Variable,
  function: CompletionItemKind.Function,
  class: CompletionItemKind.Class,
  property: CompletionItemKind.Property,
  module: CompletionItemKind.Module,
  path: CompletionItemKind.Folder,
  type: CompletionItemKind.TypeParameter,
  interface: CompletionItemKind.Interface,
  enum: CompletionItemKind.Enum,
  string: CompletionItemKind.Constant,
};

/** Returns the protocol's kind for a kind of the kernel. */
export function kindOfEntry(kind: string): CompletionItemKind {
  return KINDS[kind] ?? CompletionItemKind.Text;
}

const { SymbolFlags } = ts;

/** The protocol's kinds by symbol flags; the first match counts. */
const FLAGS: readonly [flags: ts.SymbolFlags, kind: CompletionItemKind][] = [
  [SymbolFlags.Class, CompletionItemKind.Class],
  [SymbolFlags.Function, CompletionItemKind.Function],
  [SymbolFlags.Enum, CompletionItemKind.Enum],
  [SymbolFlags.Variable, CompletionItemKind.Variable],
  [SymbolFlags.Interface, CompletionItemKind.Interface],
  [SymbolFlags.TypeAlias, CompletionItemKind.Interface],
  [SymbolFlags.Module, CompletionItemKind.Module],
];

/** Returns the protocol's kind for an exported symbol. */
export function kindOfSymbol(flags: ts.SymbolFlags): CompletionItemKind {
  return (
    FLAGS.find(([bits]) => flags & bits)?.[1] ?? CompletionItemKind.Variable
  );
}
