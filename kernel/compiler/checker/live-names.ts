/**
 * Which names are live, what each of them means, and where its value lies.
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
import ts from "typescript";
import { WRAPPER_LETTER } from "../../wrapper-names";
import { createFile } from "./cell-file";
import type { VisibleName } from "./cell-wrapper";
import { innerFile, type InnerSymbol, setScope } from "./inner-typescript";

type Layer = Map<ts.__String, ts.Symbol>;

const EVERY_MEANING =
  ts.SymbolFlags.Value | ts.SymbolFlags.Type | ts.SymbolFlags.Namespace;

/** The names of all cells so far. */
export class LiveNames {
  readonly #layers: Layer[] = [];
  readonly #slots = new WeakMap<ts.Symbol, string>();
  readonly #usedSlots = new Set<string>();
  readonly #slotCounts = new Map<string, number>();
  /** The slots that the cell compiled last was given, and how many the name had before. */
  #draft: { name: string; slot: string; count: number }[] = [];
  #passing = 0;

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
   * Begins to give slots to what another cell declares. If the one before was not added, its slots are free again: what is compiled
   * and never runs leaves no trace, so that the cells that were added give the same slots whenever they are compiled.
   */
  beginCell(): void {
    for (const { name, slot, count } of this.#draft.reverse()) {
      this.#usedSlots.delete(slot);
      this.#slotCounts.set(name, count);
    }
    this.#draft = [];
  }

  /** Gives a symbol that a cell declares its slot: that of the symbol before it if `fits`, or a new one. */
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

  /** Gives a symbol a slot that no other will have, as what declares it runs and is never added. */
  assignPassingSlot(symbol: ts.Symbol, name: string): string {
    this.#passing += 1;
    const slot = `${name}${WRAPPER_LETTER}${WRAPPER_LETTER}${this.#passing}`;
    this.#slots.set(symbol, slot);
    return slot;
  }

  /** The names that have a value where a cell stands, with those that the cell declares. */
  visible(cell: ts.SourceFile, checker: ts.TypeChecker): VisibleName[] {
    const names = new Set(
      [innerFile(cell).locals, ...this.#layers].flatMap((layer) =>
        Array.from(layer.entries(), ([name]) => name),
      ),
    );
    return [...names].flatMap((escapedName) => {
      const name = ts.unescapeLeadingUnderscores(escapedName);
      const local = innerFile(cell).locals.get(escapedName);
      const own = local && exported(local);
      const symbol =
        own && this.#slots.has(own) ? own : this.valueOf(name, checker);
      const slot = symbol && this.#slots.get(symbol);
      return slot === undefined
        ? []
        : [{ name, slot, isConstant: isConstant(symbol!) }];
    });
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
    this.#draft = [];
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
      // A name, as a JSX tag can be `ºcells.Tagº2` and nothing in brackets; an object has a `__proto__` of its own.
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

/** Whether a name cannot be given another value. */
function isConstant(symbol: ts.Symbol): boolean {
  if (symbol.flags & ts.SymbolFlags.Alias) return true;
  const { valueDeclaration } = symbol;
  return (
    valueDeclaration !== undefined &&
    (ts.getCombinedNodeFlags(valueDeclaration) & ts.NodeFlags.Constant) !== 0
  );
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
  return (symbol as InnerSymbol).exportSymbol ?? symbol;
}

/** What a symbol can mean: a value, a type, a namespace, or several of these. */
function meaningOf(symbol: ts.Symbol, checker: ts.TypeChecker): number {
  if ((symbol.flags & ts.SymbolFlags.Alias) === 0) {
    return symbol.flags & EVERY_MEANING;
  }
  const aliased = checker.getAliasedSymbol(symbol);
  return aliased.flags & EVERY_MEANING || EVERY_MEANING;
}
