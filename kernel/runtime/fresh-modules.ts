/**
 * Files of the notebook's own project that have changed since they were loaded are loaded again when a
 * cell next imports them, together with what imports them.
 *
 * Only what a cell imports anew becomes new: what earlier cells hold stays as it is. Packages, and other parts of a workspace, stay
 * loaded until the kernel restarts, as they may keep a state that cannot be made twice.
 */
import { existsSync } from "node:fs";
import { dirname, join, sep } from "node:path";
import { changeOf } from "../file-change";

type ModuleCache = Record<string, NodeJS.Module | undefined>;

/** Loaded files of a project. */
export class FreshModules {
  readonly #projectFolder: string;
  readonly #cache: ModuleCache;
  readonly #dependencies: (path: string) => readonly string[];
  /** When each file was changed last, as it was loaded. */
  readonly #changed = new Map<string, number>();
  readonly #owners = new Map<string, string>();

  /**
   * @param projectFolder The folder of the notebook's project.
   * @param cache Node's loaded modules.
   * @param dependencies The files by which a loaded one was compiled.
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

  /** Notes what has been loaded since. */
  note(): void {
    for (const path of Object.keys(this.#cache)) {
      if (this.#changed.has(path) || !this.#isOwn(path)) continue;
      for (const each of [path, ...this.#dependencies(path)]) {
        this.#changed.set(each, changeOf(each));
      }
    }
  }

  /** Lets go of files that have changed, and of those that have loaded them. */
  refresh(): void {
    const stale = [...this.#changed]
      .filter(([path, changed]) => changeOf(path) !== changed)
      .map(([path]) => path);
    if (stale.length === 0) return;
    const gone = new Set(stale);
    for (const path of gone) {
      // A set takes what is added while it is gone through.
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

  /** Whether a file belongs to the notebook's project, and to no package in it. */
  #isOwn(path: string): boolean {
    if (path.includes(`${sep}node_modules${sep}`)) return false;
    if (!path.startsWith(this.#projectFolder + sep)) return false;
    return this.#ownerOf(dirname(path)) === this.#projectFolder;
  }

  /** The nearest folder upwards with a package.json, or the project's. */
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
