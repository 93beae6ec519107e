/**
 * Reloads changed files of the notebook's project, and the files that import them, when a cell next
 * imports them.
 *
 * Values that earlier cells have imported do not change. Packages and other parts of a workspace
 * stay loaded until the kernel restarts, because they may have state that cannot be re-created.
 */
import { existsSync } from "node:fs";
import { dirname, join, sep } from "node:path";
import { changeOf } from "../file-change";

type ModuleCache = Record<string, NodeJS.Module | undefined>;

/** The loaded files of a project. */
export class FreshModules {
  readonly #projectFolder: string;
  readonly #cache: ModuleCache;
  readonly #dependencies: (path: string) => readonly string[];
  /** Modification times at the time of loading, by path. */
  readonly #changed = new Map<string, number>();
  readonly #owners = new Map<string, string>();

  /**
   * @param projectFolder The folder of the notebook's project.
   * @param cache Node's module cache.
   * @param dependencies Returns the files that the compilation of a loaded file depended on.
   */
  constructor(
    projectFolder: string,
    cache: ModuleCache,
    dependencies: (path: string) => readonly string[],
  ) {
    this.#projectFolder = projectFolder;
    this.#cache = cache;
    this.#dependencies = dependencies;
  }

  /** Records the files that were loaded since the last call. */
  note(): void {
    for (const path of Object.keys(this.#cache)) {
      if (this.#changed.has(path) || !this.#isOwn(path)) continue;
      for (const each of [path, ...this.#dependencies(path)]) {
        this.#changed.set(each, changeOf(each));
      }
    }
  }

  /** Removes changed files, and files that depend on them, from the module cache. */
  refresh(): void {
    const stale = [...this.#changed]
      .filter(([path, changed]) => changeOf(path) !== changed)
      .map(([path]) => path);
    if (stale.length === 0) return;
    const gone = new Set(stale);
    for (const path of gone) {
      // Paths added to the set during the iteration are visited too.
      for (const user of this.#changed.keys()) {
        const children = this.#cache[user]?.children ?? [];
        if (
          children.some(({ filename }) => filename === path) ||
          (this.#cache[user] && this.#dependencies(user).includes(path))
        ) {
          gone.add(user);
        }
      }
    }
    for (const path of gone) {
      delete this.#cache[path];
      this.#changed.delete(path);
    }
  }

  /** Returns whether a file belongs to the notebook's project, and not to a package within it. */
  #isOwn(path: string): boolean {
    if (path.includes(`${sep}node_modules${sep}`)) return false;
    if (!path.startsWith(this.#projectFolder + sep)) return false;
    return this.#ownerOf(dirname(path)) === this.#projectFolder;
  }

  /** Returns the nearest parent folder with a package.json, or the project's folder. */
  #ownerOf(folder: string): string {
    const known = this.#owners.get(folder);
    if (known !== undefined) return known;
    const owner =
      folder === this.#projectFolder || existsSync(join(folder, "package.json"))
        ? folder
        : this.#ownerOf(dirname(folder));
    this.#owners.set(folder, owner);
    return owner;
  }
}
