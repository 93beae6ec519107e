/**
 * Replaces the names in a cell's text with the properties that contain their values.
 */
import type MagicString from "magic-string";
import ts from "typescript";
import { beginsStatement, callOf } from "./cell-syntax";
import type { CellWrapper } from "./cell-wrapper";
import type { FileChecker } from "./internal-typescript";
import { exported, type LiveNames } from "./live-names";

/** Writes the names of one cell. */
export class NameWriter {
  /**
   * Positions to replace in the source map: V8 reports a call like `(0, f)()` at its bracket, while
   * a reader expects the position of the name.
   */
  readonly calls = new Map<string, readonly [line: number, column: number]>();
  readonly #file: ts.SourceFile;
  readonly #text: MagicString;
  readonly #checker: FileChecker;
  readonly #names: LiveNames;
  readonly #wrapper: CellWrapper;

  constructor(
    file: ts.SourceFile,
    text: MagicString,
    checker: FileChecker,
    names: LiveNames,
    wrapper: CellWrapper,
  ) {
    this.#file = file;
    this.#text = text;
    this.#checker = checker;
    this.#names = names;
    this.#wrapper = wrapper;
  }

  /** Returns the expression for the value of a slot. */
  field(slot: string): string {
    return this.#wrapper.field(slot);
  }

  /** Writes a use of a name. */
  writeReference(identifier: ts.Identifier): void {
    const slot = this.slotAt(identifier);
    if (slot === undefined) return;
    const call = callOf(identifier);
    const isCalled = call !== undefined;
    // Called as a method, the function would receive the containing object as `this`.
    const text = isCalled ? `(0, ${this.field(slot)})` : this.field(slot);
    const start = identifier.getStart();
    this.#text.overwrite(start, identifier.end, text);
    if (isCalled && ts.isCallExpression(call)) {
      this.calls.set(
        this.#placeOf(call.arguments.pos - 1).join(":"),
        this.#placeOf(start),
      );
    }
    if (isCalled && beginsStatement(identifier)) {
      // The line before may end without a semicolon.
      this.#text.appendRight(start, ";");
    }
  }

  #placeOf(offset: number): [line: number, column: number] {
    const place = this.#file.getLineAndCharacterOfPosition(offset);
    return [place.line, place.character];
  }

  /** Writes a shorthand property `{ a }`. Returns whether its value is in a slot. */
  writeShorthand(property: ts.ShorthandPropertyAssignment): boolean {
    const { name } = property;
    const symbol = this.#checker.getShorthandAssignmentValueSymbol(property);
    const slot = symbol && this.#slotSeenAt(symbol, property);
    if (slot !== undefined) {
      this.#text.appendLeft(name.end, `: ${this.field(slot)}`);
    }
    return slot !== undefined;
  }

  /** Returns the slot that a use of a name refers to. */
  slotAt(identifier: ts.Identifier): string | undefined {
    const symbol = this.#checker.getSymbolAtLocation(identifier);
    return symbol && this.#slotSeenAt(symbol, identifier);
  }

  /**
   * Returns the expression for the value that a name would have at a location where it does not
   * occur.
   */
  valueAt(name: string, place: ts.Node): string {
    const { Value } = ts.SymbolFlags;
    const symbol = this.#checker.resolveName(name, place, Value, false);
    const slot = symbol && this.#slotSeenAt(symbol, place);
    return slot === undefined ? name : this.field(slot);
  }

  /**
   * Returns the slot of a symbol; undefined inside the symbol's own declaration, where the name is
   * local.
   */
  #slotSeenAt(symbol: ts.Symbol, place: ts.Node): string | undefined {
    const slot = this.#names.slotOf(exported(symbol));
    if (slot === undefined) return undefined;
    const isOwn = symbol.declarations?.some(
      (declaration) =>
        (ts.isClassLike(declaration) ||
          ts.isEnumDeclaration(declaration) ||
          ts.isModuleDeclaration(declaration)) &&
        ts.findAncestor(place, (node) => node === declaration),
    );
    return isOwn ? undefined : slot;
  }

  /** Returns the slot of a name at its declaration. */
  slotOf(name: ts.Identifier): string | undefined {
    const symbol = this.#checker.getSymbolAtLocation(name);
    return symbol && this.#names.slotOf(exported(symbol));
  }
}
