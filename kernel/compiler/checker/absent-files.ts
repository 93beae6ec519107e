/**
 * Records the paths at which module resolution found no file.
 *
 * A file created at one of these paths changes the target of an import, although the importing file
 * is unchanged.
 */
import ts from "typescript";

/** Missing paths by importing file. */
export class AbsentFiles {
  readonly #paths = new Map<string, Map<string, readonly string[]>>();
  #outdated: ReadonlySet<string> = new Set();

  /**
   * Records where an import was looked up without success.
   *
   * @param importer The importing file.
   * @param name The specifier of the import.
   * @param paths The paths at which no file exists.
   */
  record(importer: string, name: string, paths: readonly string[]): void {
    const names =
      this.#paths.get(importer) ?? new Map<string, readonly string[]>();
    this.#paths.set(importer, names);
    names.set(name, paths);
  }

  /**
   * Whether a file now exists at a path where an import of this file was looked up without success.
   */
  isFoundElsewhere(importer: string): boolean {
    const names = this.#paths.get(importer);
    return (
      names !== undefined &&
      [...names.values()].some((paths) => paths.some(ts.sys.fileExists))
    );
  }

  /**
   * Prepares for a new program: determines the files whose imports have to be resolved again.
   *
   * @param hasChanged Whether a file has changed since it was read.
   */
  prepare(hasChanged: (path: string) => boolean): void {
    this.#outdated = new Set(
      [...this.#paths.keys()].filter(
        (path) => hasChanged(path) || this.isFoundElsewhere(path),
      ),
    );
    for (const path of this.#outdated) this.#paths.delete(path);
  }

  /** Whether the imports of a file have to be resolved again for the new program. */
  needsResolution(path: string): boolean {
    return this.#outdated.has(path);
  }
}
