/**
 * Where the name of a module leads: the one lookup behind both the check and the run.
 *
 * TypeScript's own resolution finds the file that declares a module's types. If that file is TypeScript or JavaScript, it is what runs.
 * If it only declares types, the same resolution is asked for the implementation, by the same conditions.
 */
import { existsSync } from "node:fs";
import { isBuiltin } from "node:module";
import { join } from "node:path";
import type * as typescript from "typescript";
import { hasOldResolution, resolutionOptions } from "./resolution-options";
import {
  builtFiles,
  declaredFiles,
  isDeclaration,
  isInstalled,
  isTypeScript,
} from "./source-files";

/** How a module is asked for, which decides by which conditions of a package it is found. */
export type ImportMode = "import" | "require";

/** A file that a name leads to. */
export interface FoundFile {
  readonly path: string;
  /** Files that would have been taken instead, had they been there. */
  readonly absent: readonly string[];
}

/** Conditions by which Node looks for code, beside "node", "import" or "require". */
const CODE_CONDITIONS = [
  "node-addons",
  ...((process.features as { require_module?: boolean }).require_module
    ? ["module-sync"]
    : []),
];

/** Looks up modules for one project. */
export class ModuleResolver {
  readonly #ts: typeof typescript;
  readonly #options: typescript.CompilerOptions;
  readonly #host: typescript.ModuleResolutionHost;
  readonly #kernelFolder: string;
  readonly #hasOldResolution: boolean;
  #typesCache!: typescript.ModuleResolutionCache;
  #codeCache!: typescript.ModuleResolutionCache;

  /**
   * @param ts TypeScript.
   * @param project The project's own options.
   * @param host Reads files.
   * @param kernelFolder From where a name that the project does not have is looked up in the end: the kernel brings its library along.
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
    this.#hasOldResolution = hasOldResolution(ts, project);
    this.#options = { ...project, ...resolutionOptions(ts, project) };
    this.refresh();
  }

  /** Forgets what was found: files may have come and gone. */
  refresh(): void {
    const create = () =>
      this.#ts.createModuleResolutionCache(
        this.#kernelFolder,
        (name) => name,
        this.#options,
      );
    this.#typesCache = create();
    this.#codeCache = create();
  }

  /** What was found since the last {@link refresh}, packages among it. */
  get cache(): typescript.ModuleResolutionCache {
    return this.#typesCache;
  }

  /**
   * The file by which the checker knows a module.
   *
   * @param name As it is written in an import.
   * @param importer The file that imports it.
   * @param mode How it is asked for.
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
    if (resolvedModule || !isLibrary(name)) return found;
    const provided = this.#look(
      name,
      join(this.#kernelFolder, "cell.ts"),
      mode,
      this.#options,
    );
    return provided.resolvedModule ? provided : found;
  }

  /** As {@link types}, for a cell, which may leave out the ending of a file where Node would not let it. */
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
   * The file that runs when a module is imported; undefined for Node's own modules, for what only declares types, and for what
   * only Node itself may find.
   *
   * @param name As it is written in an import.
   * @param importer The file that imports it.
   * @param mode How it is asked for.
   */
  code(
    name: string,
    importer: string,
    mode: ImportMode,
  ): FoundFile | undefined {
    if (isBuiltin(name)) return undefined;
    const found = this.cellTypes(name, importer, mode);
    const absent = missedFiles(found);
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
   * The files that a name which leads nowhere would be found by, had they been there.
   *
   * @param name As it is written in an import.
   * @param importer The file that imports it.
   * @param mode How it is asked for.
   */
  missing(name: string, importer: string, mode: ImportMode): readonly string[] {
    return isBuiltin(name)
      ? []
      : lookedAt(this.cellTypes(name, importer, mode));
  }

  /** Files by which a module would be found another way, had they been there. */
  absent(
    name: string,
    found: typescript.ResolvedModuleWithFailedLookupLocations,
  ): readonly string[] {
    if (found.resolvedModule) return missedFiles(found);
    return isBuiltin(name) ? [] : lookedAt(found);
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
    for (const from of [importer, join(this.#kernelFolder, "cell.ts")]) {
      const { resolvedModule } = this.#look(
        name,
        from,
        mode,
        options,
        this.#codeCache,
      );
      if (resolvedModule) return resolvedModule.resolvedFileName;
      if (!isLibrary(name)) break;
    }
    return undefined;
  }

  /** What Node runs of a package is its JavaScript, also where the TypeScript lies beside it. */
  #built(path: string): string {
    if (!isTypeScript(path) || !isInstalled(path)) return path;
    return builtFiles(path).find(existsSync) ?? path;
  }

  #lookAsNode10(
    name: string,
    importer: string,
  ): typescript.ResolvedModuleWithFailedLookupLocations {
    return this.#ts.resolveModuleName(
      name,
      importer,
      {
        ...this.#options,
        // Which this resolution does not know.
        customConditions: undefined,
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
    cache = options === this.#options ? this.#typesCache : undefined,
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

/** Whether a name is of the library that the kernel brings along. */
function isLibrary(name: string): boolean {
  return name === "convnotes" || name.startsWith("convnotes/");
}

function isUntyped({
  extension,
  isExternalLibraryImport,
}: typescript.ResolvedModuleFull): boolean {
  return isExternalLibraryImport === true && /^\.[cm]?jsx?$/.test(extension);
}

/** The places that were looked at before the file was found, but for those in packages, which stay as they are. */
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
