/**
 * Node's own `import()`: TypeScript would make a `require` of one that stands in a CommonJS module.
 */
import vm from "node:vm";

/**
 * @param file The file in which it stands, as Node sees it.
 */
export function nativeImport(file: string): (name: string) => Promise<unknown> {
  const { constants } = vm as { constants?: typeof vm.constants };
  const loader = constants?.USE_MAIN_CONTEXT_DEFAULT_LOADER;
  return vm.runInThisContext("(name) => import(name)", {
    filename: file,
    ...(loader ? { importModuleDynamically: loader } : {}),
  }) as (name: string) => Promise<unknown>;
}
