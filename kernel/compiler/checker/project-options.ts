/**
 * The compiler's room: what a project's tsconfig.json says of how cells are checked.
 *
 * How strict to be, what there is globally and where names lead is the project's to say. How modules are loaded and what
 * JavaScript comes out is not: a cell is no file of the project.
 */
import * as ts from "typescript";
import { readConfiguration } from "../configuration";

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
  "customConditions",
  "baseUrl",
  "paths",
  "pathsBasePath",
  "target",
  "lib",
] as const;

/** What a configuration says of cells. */
export interface ProjectOptions {
  readonly options: ts.CompilerOptions;
  readonly typeRoots: readonly string[];
  /** Names of packages whose global declarations count. */
  readonly types: readonly string[];
  /** What is wrong with the configuration. */
  readonly warnings: readonly string[];
}

/** Reads a configuration and those that it extends; without one nothing is said. */
export function projectOptions(path: string | undefined): ProjectOptions {
  if (path === undefined) {
    return { options: {}, typeRoots: [], types: [], warnings: [] };
  }
  const { options, errors } = readConfiguration(ts, path);
  const taken = Object.fromEntries(
    TAKEN.flatMap((name) =>
      options[name] === undefined ? [] : [[name, options[name]]],
    ),
  ) as ts.CompilerOptions;
  if (taken.target !== undefined && taken.lib === undefined) {
    taken.lib = [libraryOf(taken.target)];
  }
  return {
    options: taken,
    typeRoots: options.typeRoots ?? [],
    types: options.types ?? [],
    warnings: errors
      .filter(({ code }) => code !== NO_INPUTS)
      .map(
        (each) =>
          `${path}: ${ts.flattenDiagnosticMessageText(each.messageText, " ")}`,
      ),
  };
}

/** TypeScript's number for a configuration without files, as every one is that is read here. */
const NO_INPUTS = 18003;

/** The standard library of a target. TypeScript's own choice adds that of browsers, which Node has not. */
function libraryOf(target: ts.ScriptTarget): string {
  const name = ts.ScriptTarget[target] ?? "ES2022";
  const oldest = target <= ts.ScriptTarget.ES5 ? "es5" : undefined;
  return `lib.${oldest ?? (target === ts.ScriptTarget.ESNext ? "esnext" : name.toLowerCase())}.d.ts`;
}
