/**
 * Resolves module specifiers, for type checking as well as for execution.
 *
 * TypeScript's own resolution finds the file with a module's types. If this is TypeScript or
 * JavaScript, the same file runs. If it is a declaration file, the implementation is resolved in
 * the same way, with the same conditions.
 */
import { existsSync } from "node:fs";
import { isBuiltin } from "node:module";
import type * as typescript from "typescript";
import {
  comesWithKernel,
  ownPackageFiles,
  placeWithKernel,
} from "../../packages-with-kernel";
import { type ResolutionCaches, resolutionCaches } from "./resolution-caches";
import { hasOldResolution, resolutionOptions } from "./resolution-options";
import {
  builtFiles,
  declaredFiles,
  isDeclaration,
  isInstalled,
  isTypeScript,
} from "./source-files";

/** How a module is imported, which determines the conditions for resolving a package. */
export type ImportMode = "import" | "require";

/** A file that a specifier resolves to. */
interface FoundFile {
  readonly path: string;
  /** Paths at which a new file would take precedence. */
  readonly absent: readonly string[];
}

/** Conditions with which Node resolves code, in addition to "node", "import" and "require". */
const CODE_CONDITIONS = [
  "node-addons",
  ...((process.features as { require_module?: boolean }).require_module
    ? ["module-sync"]
    : []),
];

/** Resolves modules for one project. */
export class ModuleResolver {
  readonly #ts: typeof typescript;
  readonly #options: typescript.CompilerOptions;
  readonly #host: typescript.ModuleResolutionHost;
  readonly #kernelFolder: string;
  /** A path from which the packages installed with the kernel are found. */
  readonly #withKernel: string;
  readonly #hasOldResolution: boolean;
  /** Further paths at which a new file would change a resolution. */
  readonly #otherAbsent = new WeakMap<object, readonly string[]>();
  #caches: ResolutionCaches;

  /**
   * @param ts TypeScript.
   * @param project The project's own options.
   * @param host Reads files.
   * @param kernelFolder The kernel's own folder; packages that are not installed for the importing
   *   file are those installed with the kernel.
   */
  constructor(
    ts: typeof typescript,
    project: typescript.CompilerOptions,
    host: typescript.ModuleResolutionHost,
    kernelFolder: string,
  ) {
    this.#ts = ts;
    this.#host = host;
    this.#kernelFolder = kernelFolder;
    this.#withKernel = placeWithKernel(kernelFolder);
    this.#hasOldResolution = hasOldResolution(ts, project);
    this.#options = { ...project, ...resolutionOptions(ts, project) };
    this.#caches = this.#emptyCaches();
  }

  #emptyCaches(): ResolutionCaches {
    return resolutionCaches(this.#ts, this.#kernelFolder, this.#options);
  }

  /** Clears the caches, as files may have been added or removed. */
  refresh(): void {
    this.#caches = this.#emptyCaches();
  }

  /** The cache of type resolutions since the last {@link refresh}, including packages. */
  get cache(): typescript.ModuleResolutionCache {
    return this.#caches.types;
  }

  /**
   * Resolves the file with the types of a module.
   *
   * @param name The specifier as written in the import.
   * @param importer The importing file.
   * @param mode How the module is imported.
   */
  types(
    name: string,
    importer: string,
    mode: ImportMode,
  ): typescript.ResolvedModuleWithFailedLookupLocations {
    const found = this.#look(name, importer, mode, this.#options);
    const { resolvedModule } = found;
    if (resolvedModule && !isUntyped(resolvedModule)) return found;
    const old = this.#hasOldResolution && this.#lookAsNode10(name, importer);
    if (old && old.resolvedModule && !isUntyped(old.resolvedModule)) return old;
    if (resolvedModule || !comesWithKernel(name, importer)) return found;
    const provided = this.#look(
      name,
      this.#withKernel,
      mode,
      this.#options,
      this.#caches.typesWithKernel,
    );
    if (provided.resolvedModule) {
      // Not shared: the cached result is that of every importer.
      const own = { ...provided };
      this.#otherAbsent.set(own, ownPackageFiles(name, importer));
      return own;
    }
    this.#otherAbsent.set(found, lookedAt(provided));
    return found;
  }

  /**
   * Like {@link types}, for a cell, which may omit a file extension even if Node would require it.
   */
  cellTypes(
    name: string,
    importer: string,
    mode: ImportMode,
  ): typescript.ResolvedModuleWithFailedLookupLocations {
    const found = this.types(name, importer, mode);
    if (found.resolvedModule || !name.startsWith(".")) return found;
    const { ModuleKind, ModuleResolutionKind } = this.#ts;
    return this.#look(name, importer, mode, {
      ...this.#options,
      module: ModuleKind.ESNext,
      moduleResolution: ModuleResolutionKind.Bundler,
    });
  }

  /**
   * Resolves the file that runs when a module is imported.
   *
   * Returns undefined for Node's own modules, for modules that only declare types, and for modules
   * that only Node can resolve.
   *
   * @param name The specifier as written in the import.
   * @param importer The importing file.
   * @param mode How the module is imported.
   */
  code(
    name: string,
    importer: string,
    mode: ImportMode,
  ): FoundFile | undefined {
    if (isBuiltin(name)) return undefined;
    const found = this.cellTypes(name, importer, mode);
    const absent = this.absent(name, found);
    const { resolvedModule } = found;
    const path = resolvedModule?.resolvedFileName;
    if (path !== undefined && !isDeclaration(path)) {
      return { path: this.#built(path), absent };
    }
    const isPackage = resolvedModule?.isExternalLibraryImport ?? true;
    const code = isPackage
      ? this.#lookForCode(name, importer, mode)
      : undefined;
    if (code !== undefined && !isDeclaration(code)) {
      return { path: this.#built(code), absent };
    }
    const declared = path === undefined ? [] : declaredFiles(path);
    const beside = declared.find((each) => this.#host.fileExists(each));
    return beside === undefined ? undefined : { path: beside, absent };
  }

  /**
   * Returns the paths at which a new file would resolve a specifier that cannot be resolved.
   *
   * @param name The specifier as written in the import.
   * @param importer The importing file.
   * @param mode How the module is imported.
   */
  missing(name: string, importer: string, mode: ImportMode): readonly string[] {
    return this.absent(name, this.cellTypes(name, importer, mode));
  }

  /** Returns the paths at which a new file would change a resolution. */
  absent(
    name: string,
    found: typescript.ResolvedModuleWithFailedLookupLocations,
  ): readonly string[] {
    const others = this.#otherAbsent.get(found) ?? [];
    if (found.resolvedModule) return [...missedFiles(found), ...others];
    return isBuiltin(name) ? [] : [...lookedAt(found), ...others];
  }

  #lookForCode(
    name: string,
    importer: string,
    mode: ImportMode,
  ): string | undefined {
    const { customConditions = [] } = this.#options;
    const options = {
      ...this.#options,
      allowJs: true,
      noDtsResolution: true,
      customConditions: [...customConditions, ...CODE_CONDITIONS],
    };
    const places = [
      [importer, this.#caches.code],
      [this.#withKernel, this.#caches.codeWithKernel],
    ] as const;
    for (const [from, cache] of places) {
      const { resolvedModule } = this.#look(name, from, mode, options, cache);
      if (resolvedModule) return resolvedModule.resolvedFileName;
      if (!comesWithKernel(name, importer)) break;
    }
    return undefined;
  }

  /**
   * Returns the JavaScript file that Node runs for a file of a package, even if its TypeScript is
   * next to it.
   */
  #built(path: string): string {
    if (!isTypeScript(path) || !isInstalled(path)) return path;
    return builtFiles(path).find(existsSync) ?? path;
  }

  #lookAsNode10(
    name: string,
    importer: string,
  ): typescript.ResolvedModuleWithFailedLookupLocations {
    const options = { ...this.#options };
    // Node10 resolution does not support this option.
    delete options.customConditions;
    return this.#ts.resolveModuleName(
      name,
      importer,
      {
        ...options,
        module: this.#ts.ModuleKind.CommonJS,
        moduleResolution: this.#ts.ModuleResolutionKind.Node10,
      },
      this.#host,
    );
  }

  #look(
    name: string,
    importer: string,
    mode: ImportMode,
    options: typescript.CompilerOptions,
    cache = options === this.#options ? this.#caches.types : undefined,
  ): typescript.ResolvedModuleWithFailedLookupLocations {
    const { ModuleKind } = this.#ts;
    return this.#ts.resolveModuleName(
      name,
      importer,
      options,
      this.#host,
      cache,
      undefined,
      mode === "import" ? ModuleKind.ESNext : ModuleKind.CommonJS,
    );
  }
}

function isUntyped({
  extension,
  isExternalLibraryImport,
}: typescript.ResolvedModuleFull): boolean {
  return isExternalLibraryImport === true && /^\.[cm]?jsx?$/.test(extension);
}

/**
 * Returns the paths that were tried without success, except those in packages, which do not change.
 */
function missedFiles(
  found: typescript.ResolvedModuleWithFailedLookupLocations,
): readonly string[] {
  return lookedAt(found).filter(
    (path) => !isInstalled(path) && !path.endsWith("package.json"),
  );
}

function lookedAt(
  found: typescript.ResolvedModuleWithFailedLookupLocations,
): readonly string[] {
  const { failedLookupLocations = [] } =
    found as typescript.ResolvedModuleWithFailedLookupLocations & {
      failedLookupLocations?: readonly string[];
    };
  return failedLookupLocations;
}
