/**
 * Emits a file as JavaScript with the project's own options.
 */
import { coded } from "@convnotes/notebook/coded-error";
import type * as typescript from "typescript";
import { type FileChecker, internals } from "../checker/internal-typescript";
import type { ModuleFormat } from "./module-format";

/**
 * Options about output locations and resolution, which conflict with some of the options set here.
 */
const EXCLUDED: ReadonlySet<string> = new Set([
  "allowImportingTsExtensions",
  "composite",
  "customConditions",
  "declarationDir",
  "incremental",
  "inlineSourceMap",
  "isolatedDeclarations",
  "mapRoot",
  "moduleResolution",
  "outDir",
  "outFile",
  "resolvePackageJsonExports",
  "resolvePackageJsonImports",
  "rootDir",
  "sourceRoot",
  "tsBuildInfoFile",
]);

/** The output of emitting a file. */
export interface EmittedFile {
  readonly javascript: string;
  /** Source map (version 3, JSON). */
  readonly sourceMap: string;
}

/** A file with the checked program that it belongs to. */
export interface CheckedFile {
  readonly file: typescript.SourceFile;
  readonly program: typescript.Program;
  readonly checker: typescript.TypeChecker;
}

/**
 * Returns the options for emitting a file: the project's own, except for output locations and what
 * Node cannot load.
 *
 * @param ts TypeScript.
 * @param project The project's own options.
 * @param format The module format of the output.
 */
export function emitOptions(
  ts: typeof typescript,
  project: typescript.CompilerOptions,
  format: ModuleFormat,
): typescript.CompilerOptions {
  const { JsxEmit, ModuleKind, ModuleResolutionKind, ScriptTarget } = ts;
  const preservesJsx =
    project.jsx === undefined ||
    project.jsx === JsxEmit.Preserve ||
    project.jsx === JsxEmit.ReactNative;
  return {
    ...without(project, EXCLUDED),
    target: project.target ?? ScriptTarget.ES2022,
    esModuleInterop: project.esModuleInterop ?? true,
    // The only kind of ES module that allows `import a = require()`.
    module: format === "module" ? ModuleKind.Preserve : ModuleKind.CommonJS,
    moduleResolution: ModuleResolutionKind.Bundler,
    ...(preservesJsx ? { jsx: JsxEmit.React } : {}),
    allowJs: true,
    declaration: false,
    declarationMap: false,
    emitDeclarationOnly: false,
    ignoreDeprecations: "6.0",
    inlineSources: false,
    noCheck: true,
    noEmit: false,
    noEmitHelpers: false,
    noEmitOnError: false,
    rewriteRelativeImportExtensions: false,
    sourceMap: true,
  };
}

/**
 * Emits a file with the checker's information: the values of enums, which imports are types, the
 * types of decorated members.
 *
 * @param ts TypeScript.
 * @param checked The file.
 * @param options See {@link emitOptions}.
 * @param custom Custom transformers.
 */
export function emitChecked(
  ts: typeof typescript,
  { file, program, checker }: CheckedFile,
  options: typescript.CompilerOptions,
  custom: typescript.CustomTransformers,
): EmittedFile {
  const { emitFiles, getTransformers } = internals(ts);
  const written = new Map<string, string>();
  const resolver = (checker as FileChecker).getEmitResolver(
    file,
    undefined,
    true,
  );
  const host = Object.assign(Object.create(program) as object, {
    getCanonicalFileName: (name: string) => name,
    getCompilerOptions: () => options,
    getCommonSourceDirectory: () => program.getCurrentDirectory(),
    getEmitModuleFormatOfFile: () => options.module,
    isEmitBlocked: () => false,
    isSourceFileFromExternalLibrary: () => false,
    isSourceOfProjectReferenceRedirect: () => false,
    getRedirectFromSourceFile: () => undefined,
    shouldTransformImportCall: () => false,
    useCaseSensitiveFileNames: () => true,
    writeFile: (path: string, text: string) => {
      written.set(path.endsWith(".map") ? "map" : "text", text);
    },
  });
  emitFiles(
    resolver,
    host,
    file,
    getTransformers(options, custom, undefined),
    undefined,
    false,
    false,
    true,
  );
  const [javascript, sourceMap] = [written.get("text"), written.get("map")];
  if (javascript === undefined || sourceMap === undefined) {
    throw coded(
      "ERR_INTERNAL",
      new Error(
        `Expected TypeScript to emit ${file.fileName}, received no output.`,
      ),
    );
  }
  return { javascript, sourceMap };
}

/**
 * Emits a file from its own text alone, as `isolatedModules` guarantees to be possible.
 *
 * @param ts TypeScript.
 * @param file The file.
 * @param options See {@link emitOptions}.
 * @param custom Custom transformers.
 */
export function emitIsolated(
  ts: typeof typescript,
  file: typescript.SourceFile,
  options: typescript.CompilerOptions,
  custom: typescript.CustomTransformers,
): EmittedFile {
  const { outputText, sourceMapText } = ts.transpileModule(file.text, {
    fileName: file.fileName,
    compilerOptions: options,
    transformers: custom,
  });
  return { javascript: outputText, sourceMap: sourceMapText ?? "{}" };
}

/** Returns options with the given names removed. */
function without(
  options: typescript.CompilerOptions,
  names: ReadonlySet<string>,
): typescript.CompilerOptions {
  return Object.fromEntries(
    Object.entries(options).filter(([name]) => !names.has(name)),
  );
}
