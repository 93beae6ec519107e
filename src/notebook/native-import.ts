/**
 * Provides Node's `import()`, which TypeScript would compile to `require` in a CommonJS module.
 */
import vm from "node:vm";

/**
 * Returns a function that calls Node's `import()`.
 *
 * @param file Path of the importing file, from which Node resolves names.
 */
export function nativeImport(file: string): (name: string) => Promise<unknown> {
  const { constants } = vm as { constants?: typeof vm.constants };
  const loader = constants?.USE_MAIN_CONTEXT_DEFAULT_LOADER;
  return vm.runInThisContext("(name) => import(name)", {
    filename: file,
    ...(loader ? { importModuleDynamically: loader } : {}),
  }) as (name: string) => Promise<unknown>;
}
