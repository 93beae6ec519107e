/**
 * Creates completion entries with their kinds and signatures.
 */
import ts from "typescript";
import type { CompletionEntry } from "../compiler";
import { completionKind } from "../completion-kind";

/** A completion proposed by TypeScript, with its symbol if there is one. */
export interface Proposal {
  readonly text: string;
  readonly kind: string;
  readonly symbol: ts.Symbol | undefined;
}

/** Creates the entries of one completion list. */
export class EntryWriter {
  readonly #checker: ts.TypeChecker;
  readonly #place: ts.Node;

  /** @param place The node at the cursor, where the type of a value may be narrowed. */
  constructor(checker: ts.TypeChecker, place: ts.Node) {
    this.#checker = checker;
    this.#place = place;
  }

  /**
   * Returns the entry. The signature is optional, as resolving types that no cell has used yet
   * takes time.
   */
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
      // A variable has the kind of its value: `Array` is a class, `const f = () => 1` a function.
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

  /**
   * Returns "(x: number): string" for a callable, the type for another value, and nothing for a
   * type.
   */
  #signature(symbol: ts.Symbol, type: ts.Type): { signature?: string } {
    if (!(symbol.flags & ts.SymbolFlags.Value)) return {};
    const [first, ...more] = [
      ...type.getConstructSignatures(),
      ...type.getCallSignatures(),
    ];
    // Relative to its declaration, a type is shorter and faster to format.
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

/** TypeScript's kinds by symbol flags; the first match counts. */
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

/** Returns TypeScript's kind for the target of an imported name. */
function kindOf({ flags }: ts.Symbol): string {
  return KINDS.find(([bits]) => flags & bits)?.[1] ?? ScriptElementKind.alias;
}
