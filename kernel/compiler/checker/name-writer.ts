/**
 * Names in a cell's text, as the fields that have their values.
 */
import type MagicString from "magic-string";
import ts from "typescript";
import { beginsStatement, callOf } from "./cell-syntax";
import type { CellWrapper } from "./cell-wrapper";
import type { FileChecker } from "./inner-typescript";
import { exported, type LiveNames } from "./live-names";

/** Writes the names of one cell. */
export class NameWriter {
  /** JavaScript names the place of a call like `(0, f)()` by its bracket; a reader looks for it at the name. */
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

  /** The field that has a slot's value. */
  field(slot: string): string {
    return this.#wrapper.field(slot);
  }

  /** A use of a name. */
  writeReference(identifier: ts.Identifier): void {
    const slot = this.slotAt(identifier);
    if (slot === undefined) return;
    const call = callOf(identifier);
    const isCalled = call !== undefined;
    // Called by its field alone, a function would take the object that holds it for `this`.
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

  /** `{ a }`, which is a name and a value in one. Whether the value is a field. */
  writeShorthand(property: ts.ShorthandPropertyAssignment): boolean {
    const { name } = property;
    const symbol = this.#checker.getShorthandAssignmentValueSymbol(property);
    const slot = symbol && this.#slotSeenAt(symbol, property);
    if (slot !== undefined) {
      this.#text.appendLeft(name.end, `: ${this.field(slot)}`);
    }
    return slot !== undefined;
  }

  /** The slot that a use of a name stands for. */
  slotAt(identifier: ts.Identifier): string | undefined {
    const symbol = this.#checker.getSymbolAtLocation(identifier);
    return symbol && this.#slotSeenAt(symbol, identifier);
  }

  /** The value that a name would have at a place where it does not stand. */
  valueAt(name: string, place: ts.Node): string {
    const { Value } = ts.SymbolFlags;
    const symbol = this.#checker.resolveName(name, place, Value, false);
    const slot = symbol && this.#slotSeenAt(symbol, place);
    return slot === undefined ? name : this.field(slot);
  }

  /** The slot of a symbol; undefined where its declaration is around the place, and the name in there its own. */
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

  /** The slot of a name where it is declared. */
  slotOf(name: ts.Identifier): string | undefined {
    const symbol = this.#checker.getSymbolAtLocation(name);
    return symbol && this.#names.slotOf(exported(symbol));
  }
}
