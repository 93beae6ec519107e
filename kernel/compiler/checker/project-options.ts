/**
 * What a project's tsconfig.json says of how cells are checked and written out.
 *
 * How strict to be, what there is globally, where names lead and what becomes of decorators, class fields and tags is the project's to say.
 * How modules are loaded is not: a cell is no file of the project.
 */
import ts from "typescript";
import type { Configuration } from "../project/configuration";

/** Options that are taken over as they are. */
const TAKEN = [
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

/** A configuration's options as far as they are for cells. */
export function projectOptions({ options }: Configuration): ts.CompilerOptions {
  const taken = Object.fromEntries(
    TAKEN.flatMap((name) =>
      options[name] === undefined ? [] : [[name, options[name]]],
    ),
  ) as ts.CompilerOptions;
  // An empty list would leave less than no configuration.
  if (taken.lib?.length === 0) delete taken.lib;
  if (taken.target !== undefined && taken.lib === undefined) {
    taken.lib = [libraryOf(taken.target)];
  }
  return taken;
}

/** The standard library of a target. TypeScript's own choice adds that of browsers, which Node has not. */
function libraryOf(target: ts.ScriptTarget): string {
  if (target === ts.ScriptTarget.ESNext) return "lib.esnext.d.ts";
  const edition = Object.entries(ts.ScriptTarget).find(
    ([name, value]) => value === target && /^ES20\d\d$/.test(name),
  );
  return `lib.${edition?.[0].toLowerCase() ?? "es5"}.d.ts`;
}
