/**
 * Records what the names in a cell meant when the cell was parsed, to find the cells that have to
 * be checked again after an edit.
 *
 * A checker resolves a name once for each syntax tree. A cell therefore needs a new tree if one of
 * its names now stands for another declaration, for example because an earlier cell was edited.
 * Since that gives the cell's own declarations new symbols, later cells that use them need new
 * trees, too.
 */
import ts from "typescript";
import { internalFile } from "../compiler/checker/internal-typescript";

/** The declarations that a cell sees, by name; older meanings are in later layers. */
type Layers = readonly ReadonlyMap<ts.__String, ts.Symbol>[];

/** The meanings of the names in a cell. */
export class SeenNames {
  readonly #names: readonly ts.__String[];
  /** The symbol of each name in each layer. */
  readonly #symbols: readonly (readonly (ts.Symbol | undefined)[])[];

  /**
   * @param cell The syntax tree of the cell.
   * @param layers What the cell sees.
   */
  constructor(cell: ts.SourceFile, layers: Layers) {
    this.#names = namesIn(cell, layers);
    this.#symbols = layers.map((layer) =>
      this.#names.map((name) => layer.get(name)),
    );
  }

  /** Whether every name still has the same meaning. */
  isSameIn(layers: Layers): boolean {
    const depth = Math.max(layers.length, this.#symbols.length);
    for (let index = 0; index < depth; index += 1) {
      const layer = layers[index];
      const seen = this.#symbols[index];
      const isSame = this.#names.every(
        (name, place) => layer?.get(name) === seen?.[place],
      );
      if (!isSame) return false;
    }
    return true;
  }
}

function namesIn(cell: ts.SourceFile, layers: Layers): ts.__String[] {
  const mentioned = Array.from(internalFile(cell).identifiers.keys(), (name) =>
    ts.escapeLeadingUnderscores(name),
  );
  // JSX calls a function that may only be named in the configuration or in a comment.
  const others =
    cell.languageVariant === ts.LanguageVariant.JSX
      ? layers.flatMap((layer) => [...layer.keys()])
      : [];
  return [...new Set([...mentioned, ...others])];
}
