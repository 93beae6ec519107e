/**
 * The compiler's room, its register: which names are live, what each of them means, and where its value lies.
 *
 * Every cell sees the names as they were when it was compiled. For good it keeps those that it mentions, and no others, so that
 * a cell whose names have all been declared again, and that no living cell mentions, is nowhere held in memory. A name may
 * mean two things at once, such as a type from one cell and a value from another; older meanings that newer ones leave free lie
 * in deeper *layers*.
 *
 * The value of a name lies in a *slot*. A name declared again takes over the slot of the old one if its type fits there, so that
 * functions of earlier cells work with the new value. Otherwise it gets a slot of its own, and those functions keep what
 * they were checked against.
 */
import * as ts from "typescript";
import { createFile } from "./cell-file";
import { innerFile, setScope } from "./inner-typescript";

type Layer = Map<ts.__String, ts.Symbol>;

const EVERY_MEANING =
  ts.SymbolFlags.Value | ts.SymbolFlags.Type | ts.SymbolFlags.Namespace;

/** The names of all cells so far. */
export class LiveNames {
  readonly #layers: Layer[] = [];
  readonly #slots = new WeakMap<ts.Symbol, string>();
  readonly #usedSlots = new Set<string>();
  readonly #slotCounts = new Map<string, number>();

  /** The slot of what a symbol stands for; undefined if it is not live. */
  slotOf(symbol: ts.Symbol): string | undefined {
    return this.#slots.get(symbol);
  }

  /** The live symbol of a name that is a value. */
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
   * Gives a symbol that a cell declares its slot: that of the symbol before it if `fits`, or a new one.
   *
   * A cell that fails and is compiled again asks anew; a slot that no cell came to use is just left out.
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

  /** The latest meaning of each name, in the order in which they were declared. */
  symbols(): Iterable<ts.Symbol> {
    return this.#layers[0]?.values() ?? [];
  }

  /**
   * The parent that a cell's file is given, so that its names are looked up here: a chain of files, one a layer. It follows what
   * becomes of the names until the cell is added.
   */
  scope(folder: string): ts.SourceFile | undefined {
    let parent: ts.SourceFile | undefined;
    for (const layer of [...this.#layers].reverse()) {
      const file = createFile(folder, "scope", "export {}");
      innerFile(file).locals = layer;
      setScope(file, parent);
      parent = file;
    }
    return parent;
  }

  /** Makes what a cell declares live, from the next cell on. */
  add(cell: ts.SourceFile, checker: ts.TypeChecker): void {
    keepMentioned(cell, checker);
    for (const [name, local] of innerFile(cell).locals.entries()) {
      let symbol: ts.Symbol | undefined = exported(local);
      let meaning = meaningOf(symbol, checker);
      for (let depth = 0; symbol !== undefined; depth += 1) {
        const layer = (this.#layers[depth] ??= new Map());
        const older: ts.Symbol | undefined = layer.get(name);
        // Put at the end: a map keeps the place of a key that it has.
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

  /** Forgets all names. */
  clear(): void {
    this.#layers.length = 0;
    this.#slotCounts.clear();
    this.#usedSlots.clear();
  }

  #newSlot(name: string): string {
    let count = this.#slotCounts.get(name) ?? 0;
    let slot: string;
    do {
      count += 1;
      // A name, as a JSX tag can be `__cells.Tag$2` and nothing in brackets; an object has a `__proto__` of its own.
      slot = count === 1 && name !== "__proto__" ? name : `${name}$${count}`;
    } while (this.#usedSlots.has(slot));
    this.#slotCounts.set(name, count);
    this.#usedSlots.add(slot);
    return slot;
  }
}

/** Cuts a cell's scope down to what the cell can mean by the names that it mentions, as they are now. */
function keepMentioned(cell: ts.SourceFile, checker: ts.TypeChecker): void {
  const { identifiers, locals } = innerFile(cell);
  const mentioned = [...identifiers.keys()].map(ts.escapeLeadingUnderscores);
  // A tag calls a function that is named in the configuration or in a comment, if anywhere.
  const mentionsAll = cell.languageVariant === ts.LanguageVariant.JSX;
  let file = cell.parent as ts.SourceFile | undefined;
  for (; file; file = file.parent as ts.SourceFile | undefined) {
    const inside = innerFile(file);
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

/** Whether nothing can mean the older one of two symbols of a name where the newer one is declared. */
function hides(
  newer: ts.Symbol,
  older: ts.Symbol,
  checker: ts.TypeChecker,
): boolean {
  const meaning = meaningOf(exported(newer), checker);
  return (meaningOf(older, checker) & ~meaning) === 0;
}

/** An exported declaration has two symbols; this is the one that carries the declaration. */
export function exported(symbol: ts.Symbol): ts.Symbol {
  return (
    (symbol as ts.Symbol & { exportSymbol?: ts.Symbol }).exportSymbol ?? symbol
  );
}

/** What a symbol can mean: a value, a type, a namespace, or several of these. */
function meaningOf(symbol: ts.Symbol, checker: ts.TypeChecker): number {
  if ((symbol.flags & ts.SymbolFlags.Alias) === 0) {
    return symbol.flags & EVERY_MEANING;
  }
  const aliased = checker.getAliasedSymbol(symbol);
  return aliased.flags & EVERY_MEANING || EVERY_MEANING;
}
