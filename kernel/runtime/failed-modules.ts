/**
 * ES modules whose evaluation has failed or was interrupted, and that are to be evaluated once more when they are next imported.
 *
 * Node keeps the failure of an ES module for as long as the process lives; a CommonJS module it loads again. So a copy takes the place
 * of such a module, and of each that imports it. Modules that have been evaluated stay as they are: they may keep a state.
 */
import { existsSync, copyFileSync, readFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { COMPILED_URL, EVALUATED } from "../compiler/project/compiled-modules";
import { digestOf } from "../compiler/project/file-digests";
import { writeWhole } from "../compiler/project/whole-file";

/** Finds what takes the place of modules. */
export class FailedModules {
  /** The modules that were evaluated to their end, by their URLs. */
  readonly #evaluated = new Set<string>();
  /** How often each was given up, by its path. */
  readonly #failures = new Map<string, number>();
  /** What copies are of. */
  readonly #originals = new Map<string, string>();

  /** Has compiled modules tell when they have been evaluated. */
  install(): void {
    Object.defineProperty(globalThis, EVALUATED, {
      configurable: true,
      value: this.#evaluated,
    });
  }

  /**
   * Gives up a module and those of its imports that were not evaluated to their end.
   *
   * @param place The compiled module, or a copy.
   */
  add(place: string): void {
    for (const each of reachedFrom(place, importsOf)) {
      if (this.#evaluated.has(pathToFileURL(each).href)) continue;
      const original = this.#originals.get(each) ?? each;
      this.#failures.set(original, (this.#failures.get(original) ?? 0) + 1);
    }
  }

  /** The module to load for a compiled one: itself, or a copy if it has failed or leads to one that has. */
  current(place: string): string {
    if (this.#failures.size === 0) return place;
    const known = new Map<string, readonly string[]>();
    const imports = (path: string) => {
      const found = known.get(path) ?? importsOf(path);
      known.set(path, found);
      return found;
    };
    const copies = new Map<string, string>();
    for (const each of reachedFrom(place, imports)) {
      const copy = this.#copyOf(each, reachedFrom(each, imports));
      if (copy !== undefined) copies.set(each, copy);
    }
    for (const [original, copy] of copies) {
      if (this.#originals.has(copy)) continue;
      this.#originals.set(copy, original);
      writeCopy(original, copy, copies);
    }
    return copies.get(place) ?? place;
  }

  /** Where the copy of a module lies: another one after each failure. */
  #copyOf(place: string, reached: readonly string[]): string | undefined {
    const failures = reached
      .filter((each) => this.#failures.has(each))
      .map((each) => `${each} ${this.#failures.get(each)}`)
      .sort();
    if (failures.length === 0) return undefined;
    const folder = dirname(place);
    const name = digestOf(folder, ...failures);
    return join(dirname(folder), name, basename(place));
  }
}

/** Writes a module that imports copies where there are any. */
function writeCopy(
  original: string,
  copy: string,
  copies: ReadonlyMap<string, string>,
): void {
  const text = readFileSync(original, "utf8").replace(COMPILED_URL, (url) => {
    const imported = copies.get(fileURLToPath(url));
    return imported === undefined ? url : pathToFileURL(imported).href;
  });
  writeWhole(copy, text);
  const map = `${original}.map`;
  if (existsSync(map)) copyFileSync(map, `${copy}.map`);
}

/** A module and all that it leads to. */
function reachedFrom(
  place: string,
  imports: (path: string) => readonly string[],
): readonly string[] {
  const found = new Set([place]);
  for (const each of found) {
    for (const imported of imports(each)) found.add(imported);
  }
  return [...found];
}

/** The compiled modules that a compiled module imports. */
function importsOf(place: string): readonly string[] {
  if (!existsSync(place)) return [];
  const urls = readFileSync(place, "utf8").match(COMPILED_URL) ?? [];
  return urls.map((url) => fileURLToPath(url));
}
