/**
 * Finds the packages that declare something for the kernel: `convnotes` and `@convnotes/…` where
 * the notebook's packages are, those that cells import, and the direct dependencies of these.
 */
import type { Declaration, HelpLink, Preload } from "./declaration";
import type { InstalledPackage, InstalledPackages } from "./installed-packages";

/** A package that declares something. */
interface DeclaringPackage extends InstalledPackage {
  readonly declaration: Declaration;
}

/** A shared object to load, and what else its loading depends on. */
export interface WantedPreload {
  readonly preload: Preload;
  /** Whether the cell imports the declaring package, so that its variables apply. */
  readonly withEnvironment: boolean;
}

/** A module that extends a package. */
export interface WantedExtension {
  /** The package that declares it. */
  readonly declaredBy: string;
  readonly folder: string;
  /** The module's path in the folder. */
  readonly module: string;
}

/** The declaring packages that are known so far. */
export class DeclaringPackages {
  readonly #installed: InstalledPackages;
  /** Created when first needed, as it reads files. */
  #known: Map<string, DeclaringPackage> | undefined;
  #extensions: Map<string, WantedExtension[]> | undefined;

  constructor(installed: InstalledPackages) {
    this.#installed = installed;
  }

  /** Returns the expressions for lines that are not shown. */
  get quietLines(): readonly RegExp[] {
    return this.#declarations.flatMap(({ quietLines }) => quietLines);
  }

  get helpLinks(): readonly HelpLink[] {
    return this.#declarations.flatMap(({ helpLinks }) => helpLinks);
  }

  /** Returns the extensions of a package. Called for every module that is loaded. */
  extensionsOf(name: string): readonly WantedExtension[] {
    this.#extensions ??= this.#extensionsByName();
    return this.#extensions.get(name) ?? [];
  }

  /**
   * Adds a package that a cell imports, if it or a direct dependency declares something. Returns
   * what is to be loaded early for it.
   */
  imported(name: string): readonly WantedPreload[] {
    const found = this.#installed.find(name);
    if (found === undefined) return [];
    const reached = new Set([name, ...found.dependencies]);
    for (const each of reached) this.#add(this.#installed.find(each));
    return [...this.#packages.values()].flatMap((each) => {
      const { preload } = each.declaration;
      const withEnvironment = reached.has(each.name);
      if (!preload || !(withEnvironment || reached.has(preload.package))) {
        return [];
      }
      return [{ preload, withEnvironment }];
    });
  }

  get #packages(): Map<string, DeclaringPackage> {
    if (this.#known === undefined) {
      this.#known = new Map();
      for (const each of this.#installed.own()) this.#add(each);
    }
    return this.#known;
  }

  get #declarations(): readonly Declaration[] {
    return [...this.#packages.values()].map(({ declaration }) => declaration);
  }

  #add(found: InstalledPackage | undefined): void {
    const { declaration } = found ?? {};
    if (!found || !declaration || this.#packages.has(found.name)) return;
    this.#packages.set(found.name, { ...found, declaration });
    this.#extensions = undefined;
  }

  #extensionsByName(): Map<string, WantedExtension[]> {
    const byName = new Map<string, WantedExtension[]>();
    for (const { name, folder, declaration } of this.#packages.values()) {
      for (const [extended, module] of Object.entries(declaration.extensions)) {
        const others = byName.get(extended) ?? [];
        byName.set(extended, [...others, { declaredBy: name, folder, module }]);
      }
    }
    return byName;
  }
}
