/**
 * Carries TensorFlow's library into memory while the compiler still checks the cell that imports it.
 *
 * To bind that library's symbols and run its initializers takes as long as the check does, and changes nothing that a cell could see,
 * so it need not wait for the check. The module itself is loaded by the cell, after it.
 *
 * The library reads some variables of the environment while it is loaded (which kernels it takes, for one). A package that depends on
 * TensorFlow.js and wants some set says so in its package.json: `"tensorflow": { "environment": { "NAME": "value" } }`.
 */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { constants } from "node:os";
import { dirname, join } from "node:path";

/** Keeps a library in memory though it is no addon of Node's (RTLD_NODELETE of dlopen(3) in glibc and musl). */
const STAYS_LOADED = 0x1000;

const PACKAGE = "@tensorflow/tfjs-node";

const LIBRARY = /^libtensorflow(_cc)?\.so\.2$/;

/** What a module is named by in an import, an export or a call. */
const NAMED_MODULES = /\b(?:from|import|require)\s*\(?\s*["']([^"'\n]+)["']/g;

/** Loads TensorFlow's library, once. */
export class TensorFlowLibrary {
  readonly #require: NodeJS.Require;
  readonly #looked = new Set<string>();
  #isLoaded = false;

  /** @param require Looks up packages as cells do. */
  constructor(require: NodeJS.Require) {
    this.#require = require;
  }

  /** Loads the library if a cell imports TensorFlow.js, or a package that depends on it; else does nothing. Never throws. */
  expect(source: string): void {
    if (process.platform !== "linux") return;
    for (const [, module] of source.matchAll(NAMED_MODULES)) {
      if (this.#isLoaded) return;
      const name = packageOf(module!);
      if (name === undefined || this.#looked.has(name)) continue;
      this.#looked.add(name);
      const environment = name === PACKAGE ? {} : this.#wantedBy(name);
      if (environment !== undefined) this.#load(environment);
    }
  }

  /** The variables that a package wants TensorFlow to be loaded with; undefined if it does not depend on TensorFlow.js. */
  #wantedBy(name: string): Readonly<Record<string, string>> | undefined {
    const folder = this.#folderOf(name);
    if (folder === undefined) return undefined;
    try {
      const text = readFileSync(join(folder, "package.json"), "utf8");
      const { dependencies, tensorflow } = JSON.parse(text) as {
        dependencies?: Record<string, string>;
        tensorflow?: { environment?: Record<string, string> };
      };
      if (dependencies?.[PACKAGE] === undefined) return undefined;
      return tensorflow?.environment ?? {};
    } catch {
      return undefined; // Whatever is wrong with it is told when the cell imports the package.
    }
  }

  #load(environment: Readonly<Record<string, string>>): void {
    const folder = this.#folderOf(PACKAGE);
    if (folder === undefined) return;
    const libraries = join(folder, "deps", "lib");
    try {
      const library = readdirSync(libraries).find((name) => LIBRARY.test(name));
      if (library === undefined) return;
      this.#isLoaded = true;
      for (const [variable, value] of Object.entries(environment)) {
        process.env[variable] ??= value;
      }
      process.dlopen(
        { exports: {} },
        join(libraries, library),
        constants.dlopen.RTLD_LAZY | STAYS_LOADED,
      );
    } catch {
      // Always, as it is no addon; what else may be wrong with it is told when the cell imports the module.
    }
  }

  /** Where a package is; its own `exports` may hide its package.json from `require`. */
  #folderOf(name: string): string | undefined {
    for (const folder of this.#require.resolve.paths(name) ?? []) {
      const file = join(folder, name, "package.json");
      if (existsSync(file)) return dirname(file);
    }
    return undefined;
  }
}

/** The package that a module belongs to; none if it is a file or one of Node's own. */
function packageOf(module: string): string | undefined {
  if (module.startsWith(".") || module.startsWith("node:")) return undefined;
  const parts = module.split("/");
  return parts.slice(0, module.startsWith("@") ? 2 : 1).join("/");
}
