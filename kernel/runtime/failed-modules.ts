/**
 * Replaces ES modules whose evaluation failed or was interrupted, so that the next import evaluates
 * them again.
 *
 * Node caches the failure of an ES module for the life of the process, but loads a CommonJS module
 * again. Therefore a copy replaces such a module and each module that imports it. Modules that were
 * evaluated completely are not replaced, because they may have state.
 */
import { existsSync, copyFileSync, readFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { COMPILED_URL, EVALUATED } from "../compiler/project/compiled-modules";
import { digestOf } from "../compiler/project/file-digests";
import { writeAtomically } from "../compiler/project/atomic-write";

/** Tracks failed modules and creates their copies. */
export class FailedModules {
  /** URLs of the modules that were evaluated completely. */
  readonly #evaluated = new Set<string>();
  /** Number of failures, by module path. */
  readonly #failures = new Map<string, number>();
  /** Original paths, by the path of the copy. */
  readonly #originals = new Map<string, string>();

  /** Installs the global with which compiled modules report that they have been evaluated. */
  install(): void {
    Object.defineProperty(globalThis, EVALUATED, {
      configurable: true,
      value: this.#evaluated,
    });
  }

  /**
   * Marks a module as failed, together with its imports that were not evaluated completely.
   *
   * @param place The path of the compiled module, or of a copy.
   */
  add(place: string): void {
    for (const each of reachedFrom(place, importsOf)) {
      if (this.#evaluated.has(pathToFileURL(each).href)) continue;
      const original = this.#originals.get(each) ?? each;
      this.#failures.set(original, (this.#failures.get(original) ?? 0) + 1);
    }
  }

  /**
   * Returns the path to load for a compiled module: its own, or a copy if it or one of its imports
   * has failed.
   */
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

  /**
   * Returns the path of a module's copy, which is different after each failure, or undefined if
   * none is needed.
   */
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

/** Writes a copy of a module that imports the copies of its imports. */
function writeCopy(
  original: string,
  copy: string,
  copies: ReadonlyMap<string, string>,
): void {
  const text = readFileSync(original, "utf8").replace(COMPILED_URL, (url) => {
    const imported = copies.get(fileURLToPath(url));
    return imported === undefined ? url : pathToFileURL(imported).href;
  });
  writeAtomically(copy, text);
  const map = `${original}.map`;
  if (existsSync(map)) copyFileSync(map, `${copy}.map`);
}

/** Returns a module and its direct and indirect imports. */
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

/** Returns a compiled module and the compiled modules that it imports directly or indirectly. */
export function modulesReachedFrom(place: string): readonly string[] {
  return reachedFrom(place, importsOf);
}

/** Returns the compiled modules that a compiled module imports. */
function importsOf(place: string): readonly string[] {
  if (!existsSync(place)) return [];
  const urls = readFileSync(place, "utf8").match(COMPILED_URL) ?? [];
  return urls.map((url) => fileURLToPath(url));
}
