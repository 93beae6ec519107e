/**
 * Selects the options of a project's tsconfig.json that apply to cells.
 *
 * The project decides on strictness, global declarations, path mappings, decorators, class fields
 * and JSX. It does not decide how modules are loaded: a cell is not a file of the project.
 */
import ts from "typescript";
import type { Configuration } from "../project/configuration";

/** Options that are used unchanged. */
const APPLIED = [
  "strict",
  "alwaysStrict",
  "noImplicitAny",
  "noImplicitThis",
  "strictBindCallApply",
  "strictBuiltinIteratorReturn",
  "strictFunctionTypes",
  "strictNullChecks",
  "strictPropertyInitialization",
  "useUnknownInCatchVariables",
  "exactOptionalPropertyTypes",
  "noFallthroughCasesInSwitch",
  "noImplicitOverride",
  "noImplicitReturns",
  "noPropertyAccessFromIndexSignature",
  "noUncheckedIndexedAccess",
  "noUncheckedSideEffectImports",
  "allowUnreachableCode",
  "allowUnusedLabels",
  "allowJs",
  "checkJs",
  "allowArbitraryExtensions",
  "allowSyntheticDefaultImports",
  "esModuleInterop",
  "isolatedModules",
  "customConditions",
  "moduleSuffixes",
  "preserveSymlinks",
  "resolvePackageJsonExports",
  "resolvePackageJsonImports",
  "baseUrl",
  "paths",
  "pathsBasePath",
  "rootDirs",
  "target",
  "downlevelIteration",
  "lib",
  "experimentalDecorators",
  "emitDecoratorMetadata",
  "useDefineForClassFields",
  "jsx",
  "jsxFactory",
  "jsxFragmentFactory",
  "jsxImportSource",
  "reactNamespace",
] as const;

/** Returns the options of a configuration that apply to cells. */
export function projectOptions({ options }: Configuration): ts.CompilerOptions {
  const applied = Object.fromEntries(
    APPLIED.flatMap((name) =>
      options[name] === undefined ? [] : [[name, options[name]]],
    ),
  ) as ts.CompilerOptions;
  // With an empty list, less would be declared than without a configuration.
  if (applied.lib?.length === 0) delete applied.lib;
  if (applied.target !== undefined && applied.lib === undefined) {
    applied.lib = [libraryOf(applied.target)];
  }
  return applied;
}

/**
 * Returns the standard library of a target. TypeScript's default also includes that of browsers,
 * which Node lacks.
 */
function libraryOf(target: ts.ScriptTarget): string {
  if (target === ts.ScriptTarget.ESNext) return "lib.esnext.d.ts";
  const edition = Object.entries(ts.ScriptTarget).find(
    ([name, value]) => value === target && /^ES20\d\d$/.test(name),
  );
  return `lib.${edition?.[0].toLowerCase() ?? "es5"}.d.ts`;
}
