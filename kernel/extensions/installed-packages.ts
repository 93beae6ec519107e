/**
 * Reads the package.json of installed packages, each once.
 *
 * Packages are looked for as Node does from the notebook's folder, and then from the kernel's, as
 * the library that is installed with the kernel is available everywhere. `require.resolve` is not
 * used, because `exports` may hide the package.json.
 */
import { readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { type Declaration, readDeclaration } from "./declaration";

/** An installed package. */
export interface InstalledPackage {
  readonly name: string;
  readonly folder: string;
  /** The names of its direct dependencies, including those that its users install. */
  readonly dependencies: readonly string[];
  /** What it declares for the kernel; undefined if it declares nothing. */
  readonly declaration: Declaration | undefined;
}

/** The packages that are looked at even if nothing imports them: one name and one scope. */
const OWN_NAME = "convnotes";
const OWN_SCOPE = "@convnotes";

/** The packages that cells can import. */
export class InstalledPackages {
  /** The `node_modules` folders, nearest first. */
  readonly #folders: readonly string[];
  /** The packages found so far; a package that is missing may still be installed. */
  readonly #found = new Map<string, InstalledPackage>();

  /** @param notebookFolder The folder from which cells resolve names. */
  constructor(notebookFolder: string) {
    const paths = [join(notebookFolder, "cell.js"), __filename].flatMap(
      (file) => createRequire(file).resolve.paths(OWN_NAME) ?? [],
    );
    this.#folders = [...new Set(paths)];
  }

  /** Returns the package of a name, or undefined if there is none that can be read. */
  find(name: string): InstalledPackage | undefined {
    const known = this.#found.get(name);
    if (known !== undefined) return known;
    for (const folder of this.#folders) {
      const found = read(name, join(folder, name));
      if (found === undefined) continue;
      this.#found.set(name, found);
      return found;
    }
    return undefined;
  }

  /** Returns the packages `convnotes` and `@convnotes/…` that declare something. */
  own(): readonly InstalledPackage[] {
    const names = new Set([OWN_NAME]);
    for (const folder of this.#folders) {
      for (const name of namesIn(join(folder, OWN_SCOPE))) {
        names.add(`${OWN_SCOPE}/${name}`);
      }
    }
    return [...names].flatMap((name) => {
      const found = this.find(name);
      return found?.declaration ? [found] : [];
    });
  }
}

/** Returns the package of a module name, or undefined for files and Node's built-in modules. */
export function packageOf(module: string): string | undefined {
  if (/^(?:\.|\/|node:)/.test(module)) return undefined;
  const parts = module.split("/");
  return parts.slice(0, module.startsWith("@") ? 2 : 1).join("/");
}

/** Returns the package of `@types` that declares the types of a package. */
export function typesPackageOf(name: string): string {
  return `@types/${name.replace(/^@([^/]+)\//, "$1__")}`;
}

function read(name: string, folder: string): InstalledPackage | undefined {
  try {
    const text = readFileSync(join(folder, "package.json"), "utf8");
    const { dependencies, peerDependencies, convnotes } = JSON.parse(text) as {
      readonly dependencies?: object;
      readonly peerDependencies?: object;
      readonly convnotes?: unknown;
    };
    return {
      name,
      folder,
      dependencies: Object.keys({ ...dependencies, ...peerDependencies }),
      declaration: readDeclaration(convnotes),
    };
  } catch {
    return undefined; // Not installed there, or broken, which the cell's import reports.
  }
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
