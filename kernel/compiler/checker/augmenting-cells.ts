/**
 * Keeps the cells that augment modules or the global scope, which every checker has to include.
 *
 * Other cells are found through the names that they declare.
 */
import type ts from "typescript";
import { internalFile } from "./internal-typescript";

/** The augmenting cells of a notebook. */
export class AugmentingCells {
  readonly #cells: ts.SourceFile[] = [];
  /** The cell that the checker includes although it has not been added yet. */
  #uncommitted: ts.SourceFile | undefined;

  /** The cells that have been added. The array changes with them. */
  get list(): readonly ts.SourceFile[] {
    return this.#cells;
  }

  /** Whether the checker includes a cell that has not been added. */
  get hasUncommitted(): boolean {
    return this.#uncommitted !== undefined;
  }

  /** Notes which cell the checker includes before it is added, if any. */
  include(cell: ts.SourceFile | undefined): void {
    this.#uncommitted = cell;
  }

  /** Adds a cell if it augments something. Returns whether a new checker is needed for it. */
  add(cell: ts.SourceFile): boolean {
    const isAugmenting = augments(cell);
    if (isAugmenting) this.#cells.push(cell);
    // An editor request may have created a checker without its augmentations in the meantime.
    const isNew = isAugmenting && this.#uncommitted !== cell;
    this.#uncommitted = undefined;
    return isNew;
  }

  /** Replaces all cells by those among these cells. Returns whether there is a difference. */
  replace(cells: readonly ts.SourceFile[]): boolean {
    const found = cells.filter(augments);
    const isSame =
      found.length === this.#cells.length &&
      found.every((cell, index) => cell === this.#cells[index]);
    if (!isSame) this.#cells.splice(0, this.#cells.length, ...found);
    return !isSame;
  }

  /** Removes all cells. */
  clear(): void {
    this.#cells.length = 0;
  }
}

/** Whether a cell augments modules or the global scope. */
export function augments(cell: ts.SourceFile): boolean {
  return internalFile(cell).moduleAugmentations.length > 0;
}
