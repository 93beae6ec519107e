/**
 * Tracks the live names, their meanings and the slots of their values.
 *
 * Every cell sees the names as they were when it was compiled. Afterwards it only retains the names
 * that it mentions. A cell whose names have all been redeclared, and which no live cell mentions,
 * can therefore be garbage-collected. A name may have two meanings at once, such as a type from one
 * cell and a value from another. Older meanings that newer ones do not replace are in deeper
 * *layers*.
 *
 * The value of a name is stored in a *slot*. A redeclared name reuses the slot of the old one if
 * its type is compatible, so that functions of earlier cells use the new value. Otherwise it gets a
 * new slot, and these functions keep the value they were checked against.
 */
import ts from "typescript";
import { WRAPPER_LETTER } from "../../wrapper-names";
import { createFile } from "./cell-file";
import type { VisibleName } from "./cell-wrapper";
import {
  internalFile,
  type InternalSymbol,
  setScope,
} from "./internal-typescript";

type Layer = Map<ts.__String, ts.Symbol>;

const EVERY_MEANING =
  ts.SymbolFlags.Value | ts.SymbolFlags.Type | ts.SymbolFlags.Namespace;

/** The names declared by all cells so far. */
export class LiveNames {
  readonly #layers: Layer[] = [];
  readonly #slots = new WeakMap<ts.Symbol, string>();
  readonly #usedSlots = new Set<string>();
  readonly #slotCounts = new Map<string, number>();
  /** The slots assigned to the cell compiled last, with the previous slot count of each name. */
  #draft: { name: string; slot: string; count: number }[] = [];
  #temporarySlots = 0;

  /** Returns the slot of a symbol; undefined if the symbol is not live. */
  slotOf(symbol: ts.Symbol): string | undefined {
    return this.#slots.get(symbol);
  }

  /** Returns the live symbol that a name refers to as a value. */
  valueOf(name: string, checker: ts.TypeChecker): ts.Symbol | undefined {
    for (const layer of this.#layers) {
      const symbol = layer.get(ts.escapeLeadingUnderscores(name));
      if (symbol && meaningOf(symbol, checker) & ts.SymbolFlags.Value) {
        return symbol;
      }
    }
    return undefined;
  }

  /**
   * Starts assigning slots for another cell.
   *
   * If the previous cell was not added, its slots are released: a cell that is compiled but never
   * runs has no effect, so that replaying the added cells assigns the same slots.
   */
  beginCell(): void {
    for (const { name, slot, count } of this.#draft.reverse()) {
      this.#usedSlots.delete(slot);
      this.#slotCounts.set(name, count);
    }
    this.#draft = [];
  }

  /**
   * Assigns a slot to a symbol that a cell declares: the slot of the previous symbol if `fits`, or
   * a new one.
   */
  assignSlot(
    symbol: ts.Symbol,
    name: string,
    before: ts.Symbol | undefined,
    fits: boolean,
  ): string {
    const old = before && this.#slots.get(before);
    const slot = old !== undefined && fits ? old : this.#newSlot(name);
    this.#slots.set(symbol, slot);
    return slot;
  }

  /** Assigns a unique slot to a symbol of a cell that runs but is never added. */
  assignTemporarySlot(symbol: ts.Symbol, name: string): string {
    this.#temporarySlots += 1;
    const slot = `${name}${WRAPPER_LETTER}${WRAPPER_LETTER}${this.#temporarySlots}`;
    this.#slots.set(symbol, slot);
    return slot;
  }

  /** Returns the names that have a value in a cell, including those that the cell declares. */
  visible(cell: ts.SourceFile, checker: ts.TypeChecker): VisibleName[] {
    const names = new Set(
      [internalFile(cell).locals, ...this.#layers].flatMap((layer) =>
        Array.from(layer.entries(), ([name]) => name),
      ),
    );
    return [...names].flatMap((escapedName) => {
      const name = ts.unescapeLeadingUnderscores(escapedName);
      const local = internalFile(cell).locals.get(escapedName);
      const own = local && exported(local);
      const symbol =
        own && this.#slots.has(own) ? own : this.valueOf(name, checker);
      const slot = symbol && this.#slots.get(symbol);
      return slot === undefined
        ? []
        : [{ name, slot, isConstant: isConstant(symbol!) }];
    });
  }

  /** Returns the latest symbol of each name in order of declaration. */
  symbols(): Iterable<ts.Symbol> {
    return this.#layers[0]?.values() ?? [];
  }

  /**
   * Returns the parent for a cell's file, through which its names are looked up: a chain of files,
   * one per layer. It reflects later changes until the cell is added.
   */
  scope(folder: string): ts.SourceFile | undefined {
    let parent: ts.SourceFile | undefined;
    for (const layer of [...this.#layers].reverse()) {
      const file = createFile(folder, "scope", "export {}");
      internalFile(file).locals = layer;
      setScope(file, parent);
      parent = file;
    }
    return parent;
  }

  /** The symbols that the next cell sees, by name; older meanings are in later layers. */
  get layers(): readonly ReadonlyMap<ts.__String, ts.Symbol>[] {
    return this.#layers;
  }

  /** Makes the declarations of a cell visible to later cells, and releases what it does not use. */
  add(cell: ts.SourceFile, checker: ts.TypeChecker): void {
    this.#draft = [];
    keepMentioned(cell, checker);
    this.declare(cell, checker);
  }

  /** Makes the declarations of a cell visible to later cells. */
  declare(cell: ts.SourceFile, checker: ts.TypeChecker): void {
    for (const [name, local] of internalFile(cell).locals.entries()) {
      let symbol: ts.Symbol | undefined = exported(local);
      let meaning = meaningOf(symbol, checker);
      for (let depth = 0; symbol !== undefined; depth += 1) {
        const layer = (this.#layers[depth] ??= new Map());
        const older: ts.Symbol | undefined = layer.get(name);
        // Deleting first moves the key to the end; a map keeps the position of an existing key.
        layer.delete(name);
        layer.set(name, symbol);
        if (older === undefined || older === symbol) break;
        const olderMeaning = meaningOf(older, checker);
        if ((olderMeaning & ~meaning) === 0) break;
        meaning |= olderMeaning;
        symbol = older;
      }
    }
  }

  /** Removes all names. */
  clear(): void {
    this.#layers.length = 0;
    this.#draft = [];
    this.#slotCounts.clear();
    this.#usedSlots.clear();
  }

  #newSlot(name: string): string {
    const before = this.#slotCounts.get(name) ?? 0;
    let count = before;
    let slot: string;
    do {
      count += 1;
      // The slot must be an identifier, as a JSX element can be `ºcells.Tagº2` but cannot contain
      // brackets. `__proto__` is a built-in property of objects.
      slot =
        count === 1 && name !== "__proto__"
          ? name
          : `${name}${WRAPPER_LETTER}${count}`;
    } while (this.#usedSlots.has(slot));
    this.#slotCounts.set(name, count);
    this.#usedSlots.add(slot);
    this.#draft.push({ name, slot, count: before });
    return slot;
  }
}

/** Whether a name cannot be reassigned. */
function isConstant(symbol: ts.Symbol): boolean {
  if (symbol.flags & ts.SymbolFlags.Alias) return true;
  const { valueDeclaration } = symbol;
  return (
    valueDeclaration !== undefined &&
    (ts.getCombinedNodeFlags(valueDeclaration) & ts.NodeFlags.Constant) !== 0
  );
}

/** Reduces a cell's scope to the current meanings of the names that the cell mentions. */
export function keepMentioned(
  cell: ts.SourceFile,
  checker: ts.TypeChecker,
): void {
  const { identifiers, locals } = internalFile(cell);
  const mentioned = [...identifiers.keys()].map(ts.escapeLeadingUnderscores);
  // JSX calls a function that may only be named in the configuration or in a comment.
  const mentionsAll = cell.languageVariant === ts.LanguageVariant.JSX;
  let file = cell.parent as ts.SourceFile | undefined;
  for (; file; file = file.parent as ts.SourceFile | undefined) {
    const inside = internalFile(file);
    const kept: Layer = new Map();
    const names = mentionsAll
      ? Array.from(inside.locals.entries(), ([name]) => name)
      : mentioned;
    for (const name of names) {
      const symbol = inside.locals.get(name);
      const own = locals.get(name);
      if (symbol && !(own && hides(own, symbol, checker))) {
        kept.set(name, symbol);
      }
    }
    inside.locals = kept;
  }
}

/** Whether the newer of two symbols of the same name hides every meaning of the older one. */
function hides(
  newer: ts.Symbol,
  older: ts.Symbol,
  checker: ts.TypeChecker,
): boolean {
  const meaning = meaningOf(exported(newer), checker);
  return (meaningOf(older, checker) & ~meaning) === 0;
}

/**
 * Returns the exported symbol of a declaration, or the symbol itself if it is not exported. An
 * exported declaration has two symbols.
 */
export function exported(symbol: ts.Symbol): ts.Symbol {
  return (symbol as InternalSymbol).exportSymbol ?? symbol;
}

/** Returns the meanings of a symbol: value, type, namespace, or several of these. */
function meaningOf(symbol: ts.Symbol, checker: ts.TypeChecker): number {
  if ((symbol.flags & ts.SymbolFlags.Alias) === 0) {
    return symbol.flags & EVERY_MEANING;
  }
  const aliased = checker.getAliasedSymbol(symbol);
  return aliased.flags & EVERY_MEANING || EVERY_MEANING;
}
