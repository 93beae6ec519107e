/**
 * The compiler's room, its register: which names are live, what each of them means, and where its value lies.
 *
 * Every cell sees the names as they were when it was compiled, so each entry has the version since which it holds. A name may
 * mean two things at once, such as a type from one cell and a value from another; older meanings that newer ones leave free lie
 * in deeper *layers*.
 *
 * The value of a name lies in a *slot*. A name declared again takes over the slot of the old one if its type fits there, so that
 * functions of earlier cells work with the new value. Otherwise it gets a slot of its own, and those functions keep what
 * they were checked against.
 */
import * as ts from "typescript";
import { createFile } from "./cell-file";
import { innerFile, setScope, type SymbolTable } from "./inner-typescript";

interface Entry {
  readonly since: number;
  readonly symbol: ts.Symbol;
}

type Layer = Map<ts.__String, Entry[]>;

const EVERY_MEANING =
  ts.SymbolFlags.Value | ts.SymbolFlags.Type | ts.SymbolFlags.Namespace;

/** The names of all cells so far. */
export class LiveNames {
  readonly #layers: Layer[] = [];
  readonly #slots = new WeakMap<ts.Symbol, string>();
  readonly #usedSlots = new Set<string>();
  readonly #slotCounts = new Map<string, number>();
  #version = 1;

  /** The slot of what a symbol stands for; undefined if it is not live. */
  slotOf(symbol: ts.Symbol): string | undefined {
    return this.#slots.get(symbol);
  }

  /** The live symbol of a name that is a value. */
  valueOf(name: string, checker: ts.TypeChecker): ts.Symbol | undefined {
    for (const layer of this.#layers) {
      const symbol = layer
        .get(ts.escapeLeadingUnderscores(name))
        ?.at(-1)?.symbol;
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

  /** The parent that a cell's file is given, so that its names are looked up here: a chain of files, one a layer. */
  scope(folder: string): ts.SourceFile | undefined {
    let parent: ts.SourceFile | undefined;
    for (const layer of [...this.#layers].reverse()) {
      const file = createFile(folder, "scope", "export {}");
      innerFile(file).locals = new LayerAt(layer, this.#version);
      setScope(file, parent);
      parent = file;
    }
    return parent;
  }

  /** Makes what a cell declares live, from the next cell on. */
  add(
    declared: Iterable<[ts.__String, ts.Symbol]>,
    checker: ts.TypeChecker,
  ): void {
    for (const [name, local] of declared) {
      let symbol: ts.Symbol | undefined = exported(local);
      let meaning = meaningOf(symbol, checker);
      for (let depth = 0; symbol !== undefined; depth += 1) {
        const layer = (this.#layers[depth] ??= new Map());
        const entries = layer.get(name) ?? [];
        const older: ts.Symbol | undefined = entries.at(-1)?.symbol;
        layer.set(name, [...entries, { since: this.#version, symbol }]);
        if (older === undefined || older === symbol) break;
        const olderMeaning = meaningOf(older, checker);
        if ((olderMeaning & ~meaning) === 0) break;
        meaning |= olderMeaning;
        symbol = older;
      }
    }
    this.#version += 1;
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

/** A layer as it was at a version, in the form in which the checker reads a scope. */
class LayerAt implements SymbolTable {
  readonly #layer: Layer;
  readonly #version: number;

  constructor(layer: Layer, version: number) {
    this.#layer = layer;
    this.#version = version;
  }

  get size(): number {
    return [...this.entries()].length;
  }

  get(name: ts.__String): ts.Symbol | undefined {
    const entries = this.#layer.get(name) ?? [];
    for (let index = entries.length - 1; index >= 0; index -= 1) {
      const { since, symbol } = entries[index]!;
      if (since < this.#version) return symbol;
    }
    return undefined;
  }

  has(name: ts.__String): boolean {
    return this.get(name) !== undefined;
  }

  *entries(): IterableIterator<[ts.__String, ts.Symbol]> {
    for (const name of this.#layer.keys()) {
      const symbol = this.get(name);
      if (symbol) yield [name, symbol];
    }
  }

  *keys(): IterableIterator<ts.__String> {
    for (const [name] of this.entries()) yield name;
  }

  *values(): IterableIterator<ts.Symbol> {
    for (const [, symbol] of this.entries()) yield symbol;
  }

  [Symbol.iterator](): IterableIterator<[ts.__String, ts.Symbol]> {
    return this.entries();
  }

  forEach(action: (symbol: ts.Symbol, name: ts.__String) => void): void {
    for (const [name, symbol] of this.entries()) action(symbol, name);
  }
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
