/**
 * Loads TensorFlow's native library while the compiler is still checking the cell that imports it.
 *
 * Binding the library's symbols and running its initializers takes as long as the check and has no
 * effect that a cell could observe, so it can run concurrently. The module itself is loaded by the
 * cell, after the check.
 *
 * The library reads environment variables while it is loaded, for example to select kernels. A
 * package that depends on TensorFlow.js can specify variables in its package.json: `"tensorflow": {
 * "environment": { "NAME": "value" } }`.
 */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { constants } from "node:os";
import { dirname, join } from "node:path";

/**
 * RTLD_NODELETE of dlopen(3) in glibc and musl: keeps the library in memory although it is not a
 * Node addon.
 */
const RTLD_NODELETE = 0x1000;

const PACKAGE = "@tensorflow/tfjs-node";

const LIBRARY = /^libtensorflow(_cc)?\.so\.2$/;

/** Matches module names in imports, exports and calls. */
const MODULE_NAMES = /\b(?:from|import|require)\s*\(?\s*["']([^"'\n]+)["']/g;

/** Loads TensorFlow's library once. */
export class TensorFlowLibrary {
  readonly #require: NodeJS.Require;
  readonly #looked = new Set<string>();
  #isLoaded = false;

  /** @param require Resolves packages as cells do. */
  constructor(require: NodeJS.Require) {
    this.#require = require;
  }

  /**
   * Loads the library if a cell imports TensorFlow.js or a package that depends on it. Never
   * throws.
   */
  expect(source: string): void {
    if (process.platform !== "linux") return;
    for (const [, module] of source.matchAll(MODULE_NAMES)) {
      if (this.#isLoaded) return;
      const name = packageOf(module!);
      if (name === undefined || this.#looked.has(name)) continue;
      this.#looked.add(name);
      const environment = name === PACKAGE ? {} : this.#environmentOf(name);
      if (environment !== undefined) this.#load(environment);
    }
  }

  /**
   * Returns the environment variables that a package specifies, or undefined if it does not depend
   * on TensorFlow.js.
   */
  #environmentOf(name: string): Readonly<Record<string, string>> | undefined {
    const folder = this.#folderOf(name);
    if (folder === undefined) return undefined;
    try {
      const text = readFileSync(join(folder, "package.json"), "utf8");
      const { dependencies, peerDependencies, tensorflow } = JSON.parse(
        text,
      ) as {
        dependencies?: Record<string, string>;
        peerDependencies?: Record<string, string>;
        tensorflow?: { environment?: Record<string, string> };
      };
      const all = { ...dependencies, ...peerDependencies };
      if (all[PACKAGE] === undefined) return undefined;
      return tensorflow?.environment ?? {};
    } catch {
      return undefined; // The cell's import reports the error.
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
        constants.dlopen.RTLD_LAZY | RTLD_NODELETE,
      );
    } catch {
      // Always thrown, because it is not an addon; other errors are reported by the cell's import.
    }
  }

  /**
   * Returns a package's folder. Does not use `require`, because `exports` may hide the
   * package.json.
   */
  #folderOf(name: string): string | undefined {
    for (const folder of this.#require.resolve.paths(name) ?? []) {
      const file = join(folder, name, "package.json");
      if (existsSync(file)) return dirname(file);
    }
    return undefined;
  }
}

/** Returns the package of a module name, or undefined for files and Node's built-in modules. */
function packageOf(module: string): string | undefined {
  if (module.startsWith(".") || module.startsWith("node:")) return undefined;
  const parts = module.split("/");
  return parts.slice(0, module.startsWith("@") ? 2 : 1).join("/");
}
