/**
 * Determines the options for module resolution.
 */
import type * as typescript from "typescript";

/**
 * Returns the options of module resolution for a project: Node's if the project selects them,
 * otherwise a bundler's.
 *
 * Bundler resolution finds everything that the older rules find, and also supports the `exports` of
 * packages.
 *
 * @param ts TypeScript.
 * @param project The project's own options.
 */
export function resolutionOptions(
  ts: typeof typescript,
  project: typescript.CompilerOptions,
): typescript.CompilerOptions {
  const { ModuleKind, ModuleResolutionKind } = ts;
  const { module, moduleResolution, customConditions = [] } = project;
  if (hasNodeResolution(ts, project)) {
    const ownModule = isNodeModule(ts, module) ? module : ModuleKind.NodeNext;
    return {
      module: ownModule,
      moduleResolution:
        moduleResolution ??
        (ownModule === ModuleKind.NodeNext
          ? ModuleResolutionKind.NodeNext
          : ModuleResolutionKind.Node16),
      customConditions,
    };
  }
  return {
    module: ModuleKind.ESNext,
    moduleResolution: ModuleResolutionKind.Bundler,
    // Cells and the files that they import run in Node, so that its condition applies.
    customConditions: [...new Set([...customConditions, "node"])],
  };
}

/** Whether a project's modules are resolved as in Node. */
export function hasNodeResolution(
  ts: typeof typescript,
  { module, moduleResolution }: typescript.CompilerOptions,
): boolean {
  const { Node16, NodeNext } = ts.ModuleResolutionKind;
  return moduleResolution === undefined
    ? isNodeModule(ts, module)
    : moduleResolution >= Node16 && moduleResolution <= NodeNext;
}

/** Whether a project also resolves modules as Node 10 did, which does not support `exports`. */
export function hasOldResolution(
  ts: typeof typescript,
  { moduleResolution }: typescript.CompilerOptions,
): boolean {
  return moduleResolution === ts.ModuleResolutionKind.Node10;
}

function isNodeModule(
  ts: typeof typescript,
  module: typescript.ModuleKind | undefined,
): module is typescript.ModuleKind {
  const { Node16, NodeNext } = ts.ModuleKind;
  return module !== undefined && module >= Node16 && module <= NodeNext;
}
