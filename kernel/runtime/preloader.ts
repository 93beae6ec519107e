/**
 * Loads shared objects of packages while the compiler is still checking the cell that imports them.
 *
 * Binding a large library's symbols and running its initializers takes as long as the check and has
 * no effect that a cell could observe, so it can run concurrently. The module itself is loaded by
 * the cell, after the check. Packages declare what to load (`../extensions/declaration.ts`).
 */
import { existsSync } from "node:fs";
import { constants } from "node:os";
import { join } from "node:path";
import type { Preload } from "../extensions/declaration";
import type { DeclaringPackages } from "../extensions/declaring-packages";
import {
  type InstalledPackages,
  packageOf,
} from "../extensions/installed-packages";

/**
 * RTLD_NODELETE of dlopen(3) in glibc and musl: keeps the library in memory although it is not a
 * Node addon.
 */
const RTLD_NODELETE = 0x1000;

/** Matches module names in imports, exports and calls. */
const MODULE_NAMES = /\b(?:from|import|require)\s*\(?\s*["']([^"'\n]+)["']/g;

/** Loads each shared object once. */
export class Preloader {
  readonly #installed: InstalledPackages;
  readonly #packages: DeclaringPackages;
  /** The packages that cells have imported. */
  readonly #imported = new Set<string>();
  readonly #loaded = new Set<string>();

  /**
   * @param installed Finds the package with a shared object.
   * @param packages What packages declare.
   */
  constructor(installed: InstalledPackages, packages: DeclaringPackages) {
    this.#installed = installed;
    this.#packages = packages;
  }

  /** Loads what the packages that a cell imports need. Never throws. */
  expect(source: string): void {
    for (const [, module] of source.matchAll(MODULE_NAMES)) {
      const name = packageOf(module!);
      if (name === undefined || this.#imported.has(name)) continue;
      this.#imported.add(name);
      const wanted = this.#packages.imported(name);
      if (process.platform !== "linux") continue;
      for (const { preload, withEnvironment } of wanted) {
        this.#load(preload, withEnvironment);
      }
    }
  }

  #load(preload: Preload, withEnvironment: boolean): void {
    const folder = this.#installed.find(preload.package)?.folder;
    if (folder === undefined) return;
    const files = preload.files.map((file) => join(folder, file));
    const file = files.find((each) => existsSync(each));
    if (file === undefined || this.#loaded.has(file)) return;
    this.#loaded.add(file);
    if (withEnvironment) {
      for (const [name, value] of Object.entries(preload.environment)) {
        process.env[name] ??= value;
      }
    }
    try {
      process.dlopen(
        { exports: {} },
        file,
        constants.dlopen.RTLD_LAZY | RTLD_NODELETE,
      );
    } catch {
      // Always thrown, because it is not an addon; other errors are reported by the cell's import.
    }
  }
}
