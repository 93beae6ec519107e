/**
 * Places where imports were looked for in vain: a file that appears there changes where an import leads, though the file that has it is as
 * it was.
 */
import ts from "typescript";

/** Such places, by the files whose imports they are. */
export class AbsentFiles {
  readonly #paths = new Map<string, Map<string, readonly string[]>>();
  #sought: ReadonlySet<string> = new Set();

  /**
   * Notes where an import was looked for.
   *
   * @param importer The file that has it.
   * @param name The name that it imports.
   * @param paths Where nothing was.
   */
  note(importer: string, name: string, paths: readonly string[]): void {
    const names =
      this.#paths.get(importer) ?? new Map<string, readonly string[]>();
    this.#paths.set(importer, names);
    names.set(name, paths);
  }

  /** Whether something is there now that one of a file's imports had been looked for in vain. */
  isFoundElsewhere(importer: string): boolean {
    const names = this.#paths.get(importer);
    return (
      names !== undefined &&
      [...names.values()].some((paths) => paths.some(ts.sys.fileExists))
    );
  }

  /**
   * Makes ready for a program, which looks up again what may lead elsewhere.
   *
   * @param hasChanged Whether a file is another than when it was read.
   */
  renew(hasChanged: (path: string) => boolean): void {
    this.#sought = new Set(
      [...this.#paths.keys()].filter(
        (path) => hasChanged(path) || this.isFoundElsewhere(path),
      ),
    );
    for (const path of this.#sought) this.#paths.delete(path);
  }

  /** Whether a file's imports are to be looked up again for the program that is being made. */
  isSought(path: string): boolean {
    return this.#sought.has(path);
  }
}
