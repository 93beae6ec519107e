/**
 * One name that can stand at the cursor, with what it is.
 */
import ts from "typescript";
import type { CompletionEntry } from "../compiler";
import { completionKind } from "../completion-kind";

/** Something that TypeScript proposes, and the symbol that it has in mind, if any. */
export interface Proposal {
  readonly text: string;
  readonly kind: string;
  readonly symbol: ts.Symbol | undefined;
}

/** Writes the entries of one list. */
export class EntryWriter {
  readonly #checker: ts.TypeChecker;
  readonly #place: ts.Node;

  /** @param place The node at the cursor: a value has the type that it is narrowed to there. */
  constructor(checker: ts.TypeChecker, place: ts.Node) {
    this.#checker = checker;
    this.#place = place;
  }

  /** The entry, without its signature unless that is asked for: types cost time where no cell has used them yet. */
  write(proposal: Proposal, withSignature: boolean): CompletionEntry {
    const { text, symbol } = proposal;
    if (symbol === undefined) {
      return { name: text, kind: completionKind(proposal.kind) };
    }
    const isAlias = (symbol.flags & ts.SymbolFlags.Alias) !== 0;
    const target = isAlias ? this.#checker.getAliasedSymbol(symbol) : symbol;
    const kind = symbol.declarations?.some(ts.isNamespaceImport)
      ? "module"
      : completionKind(isAlias ? kindOf(target) : proposal.kind);
    if (kind === "module") return { name: text, kind };
    const isValue = kind === "instance" || kind === "property";
    if (!withSignature && !isValue) return { name: text, kind };
    const type = this.#checker.getTypeOfSymbolAtLocation(target, this.#place);
    const [constructor] = type.getConstructSignatures();
    const calls = type.getCallSignatures();
    return {
      name: text,
      // A variable is what its value is: `Array` a class, `const f = () => 1` a function.
      kind: !isValue
        ? kind
        : constructor
          ? "class"
          : calls.length > 0
            ? "function"
            : kind,
      ...(withSignature ? this.#signature(target, type) : {}),
    };
  }

  /** "(x: number): string" for what can be called, else the type; none for what has no value. */
  #signature(symbol: ts.Symbol, type: ts.Type): { signature?: string } {
    if (!(symbol.flags & ts.SymbolFlags.Value)) return {};
    const [first, ...more] = [
      ...type.getConstructSignatures(),
      ...type.getCallSignatures(),
    ];
    // As seen from where they are declared, types are shorter to write and quicker to name.
    if (first === undefined) {
      const place = symbol.valueDeclaration;
      return { signature: this.#checker.typeToString(type, place) };
    }
    const place = first.getDeclaration() as ts.Node | undefined;
    const text = this.#checker.signatureToString(first, place);
    const overloads = more.length === 1 ? "overload" : "overloads";
    return {
      signature:
        more.length > 0 ? `${text} (+${more.length} ${overloads})` : text,
    };
  }
}

const { SymbolFlags, ScriptElementKind } = ts;

/** Kinds by what a symbol can be, the first that fits. */
const KINDS: readonly [flags: ts.SymbolFlags, kind: string][] = [
  [SymbolFlags.Class, ScriptElementKind.classElement],
  [SymbolFlags.Function, ScriptElementKind.functionElement],
  [SymbolFlags.Method, ScriptElementKind.memberFunctionElement],
  [SymbolFlags.Enum, ScriptElementKind.enumElement],
  [SymbolFlags.Variable, ScriptElementKind.variableElement],
  [SymbolFlags.Property, ScriptElementKind.memberVariableElement],
  [SymbolFlags.Accessor, ScriptElementKind.memberVariableElement],
  [SymbolFlags.Module, ScriptElementKind.moduleElement],
  [SymbolFlags.Interface, ScriptElementKind.interfaceElement],
  [SymbolFlags.TypeAlias, ScriptElementKind.typeElement],
];

/** TypeScript's kind of what an imported name stands for. */
function kindOf({ flags }: ts.Symbol): string {
  return KINDS.find(([bits]) => flags & bits)?.[1] ?? ScriptElementKind.alias;
}
