/**
 * Creates the caches in which TypeScript keeps resolved modules.
 *
 * Types and code of a module are resolved with different conditions, so each has its own cache.
 */
import type * as typescript from "typescript";

/** The caches of one module resolver. */
export interface ResolutionCaches {
  readonly types: typescript.ModuleResolutionCache;
  readonly code: typescript.ModuleResolutionCache;
  /**
   * Separate caches for packages installed with the kernel: TypeScript remembers for every folder
   * upwards that a package is missing, and looks no further where it meets one of them.
   */
  readonly typesWithKernel: typescript.ModuleResolutionCache;
  readonly codeWithKernel: typescript.ModuleResolutionCache;
}

/**
 * Returns empty caches. The two for types share what is known of each package.json, as do the two
 * for code.
 *
 * @param ts TypeScript.
 * @param folder The folder to which TypeScript's cache resolves relative paths.
 * @param options The options with which modules are resolved.
 */
export function resolutionCaches(
  ts: typeof typescript,
  folder: string,
  options: typescript.CompilerOptions,
): ResolutionCaches {
  const create = (packages?: typescript.PackageJsonInfoCache) =>
    ts.createModuleResolutionCache(folder, (name) => name, options, packages);
  const types = create();
  const code = create();
  return {
    types,
    code,
    typesWithKernel: create(types.getPackageJsonInfoCache()),
    codeWithKernel: create(code.getPackageJsonInfoCache()),
  };
}
