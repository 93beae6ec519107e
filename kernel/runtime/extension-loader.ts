/**
 * Loads the modules that packages declare as extensions of others, right after the extended package
 * has been loaded for the first time.
 *
 * The hook in Node's `require` sees every CommonJS module, whoever loads it: a cell, a file, or
 * another package, at any time.
 */
import Module, { createRequire } from "node:module";
import { isAbsolute, join, sep } from "node:path";
import { coded } from "@convnotes/notebook/coded-error";
import type { ExtensionModule } from "@convnotes/notebook/runtime-extension";
import type {
  DeclaringPackages,
  WantedExtension,
} from "../extensions/declaring-packages";
import { packageOf } from "../extensions/installed-packages";

type Parent = { readonly filename?: string | null } | undefined;

/** The parts of Node's module loader that are replaced or called. */
interface NodeModules {
  _load(request: string, parent: Parent, ...others: unknown[]): unknown;
  _resolveFilename(request: string, parent: Parent): string;
  _cache: Record<string, { readonly loaded: boolean } | undefined>;
}

const modules = Module as unknown as NodeModules;

const PACKAGES = `${sep}node_modules${sep}`;

/** Loads extensions. */
export class ExtensionLoader {
  readonly #packages: DeclaringPackages;
  readonly #report: (error: unknown) => void;
  /** The files of extended packages whose extensions have been called. */
  readonly #extended = new Set<string>();
  readonly #require = createRequire(__filename);

  /**
   * @param packages The packages that declare extensions.
   * @param report Called with what an extension throws.
   */
  constructor(packages: DeclaringPackages, report: (error: unknown) => void) {
    this.#packages = packages;
    this.#report = report;
  }

  /** Hooks into Node's `require`. */
  install(): void {
    const load = modules._load;
    modules._load = (request, parent, ...others) => {
      const exports = load.call(modules, request, parent, ...others);
      const name = extendedName(request);
      const wanted =
        name === undefined ? [] : this.#packages.extensionsOf(name);
      if (wanted.length > 0)
        this.#extend(name!, request, parent, exports, wanted);
      return exports;
    };
  }

  #extend(
    name: string,
    request: string,
    parent: Parent,
    exports: unknown,
    wanted: readonly WantedExtension[],
  ): void {
    const file = modules._resolveFilename(request, parent);
    if (this.#extended.has(file)) return;
    // A cycle of imports provides incomplete exports; and a cell may import another file of it.
    if (modules._cache[file]?.loaded === false) return;
    if (isAbsolute(request) && createRequire(file).resolve(name) !== file)
      return;
    for (const { declaredBy, folder, module } of wanted) {
      try {
        const { extend } = this.#require(
          join(folder, module),
        ) as ExtensionModule;
        extend(exports);
      } catch (error) {
        this.#report(
          coded(
            "ERR_UNSUPPORTED",
            new Error(
              `Expected the extension of ${name} by ${declaredBy} to load, received an error.`,
              { cause: error },
            ),
          ),
        );
      }
    }
    // Not before: an interrupt ends this function, and the next import should try again.
    this.#extended.add(file);
  }
}

/** Returns the name of the package whose main module a request may be. */
function extendedName(request: string): string | undefined {
  if (request.startsWith(".")) return undefined;
  if (!isAbsolute(request)) return request;
  const start = request.lastIndexOf(PACKAGES);
  if (start === -1) return undefined;
  return packageOf(request.slice(start + PACKAGES.length).replaceAll(sep, "/"));
}
