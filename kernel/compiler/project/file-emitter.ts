/**
 * A file of a checked program as JavaScript, by the project's own options.
 */
import type * as typescript from "typescript";
import { type FileChecker, inner } from "../checker/inner-typescript";
import type { ModuleFormat } from "./module-format";

/** Options about where files go and how they are found, which some others must not stand beside. */
const UNTAKEN: ReadonlySet<string> = new Set([
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

/** What a file was written to. */
export interface EmittedFile {
  readonly javascript: string;
  /** Source map (version 3, JSON). */
  readonly sourceMap: string;
}

/** A file, and the checked program that it belongs to. */
export interface CheckedFile {
  readonly file: typescript.SourceFile;
  readonly program: typescript.Program;
  readonly checker: typescript.TypeChecker;
}

/**
 * The options by which a file is written: the project's own, but for where files go and what Node can load.
 *
 * @param ts TypeScript.
 * @param project The project's own options.
 * @param format What the file is to be.
 */
export function emitOptions(
  ts: typeof typescript,
  project: typescript.CompilerOptions,
  format: ModuleFormat,
): typescript.CompilerOptions {
  const { JsxEmit, ModuleKind, ModuleResolutionKind, ScriptTarget } = ts;
  const isUnwritten =
    project.jsx === undefined ||
    project.jsx === JsxEmit.Preserve ||
    project.jsx === JsxEmit.ReactNative;
  return {
    ...without(project, UNTAKEN),
    target: project.target ?? ScriptTarget.ES2022,
    esModuleInterop: project.esModuleInterop ?? true,
    // Of the kinds of ES modules this one lets `import a = require()` be.
    module: format === "module" ? ModuleKind.Preserve : ModuleKind.CommonJS,
    moduleResolution: ModuleResolutionKind.Bundler,
    ...(isUnwritten ? { jsx: JsxEmit.React } : {}),
    allowJs: true,
    declaration: false,
    declarationMap: false,
    emitDeclarationOnly: false,
    ignoreDeprecations: "6.0",
    importHelpers: false,
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
 * Writes a file by what the checker knows: the values of enums, which imports are types, the types of decorated members.
 *
 * @param ts TypeScript.
 * @param checked The file.
 * @param options See {@link emitOptions}.
 * @param custom What is to be written another way.
 */
export function emitChecked(
  ts: typeof typescript,
  { file, program, checker }: CheckedFile,
  options: typescript.CompilerOptions,
  custom: typescript.CustomTransformers,
): EmittedFile {
  const { emitFiles, getTransformers } = inner(ts);
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
    throw new Error(`Expected ${file.fileName} to be written, it was not.`);
  }
  return { javascript, sourceMap };
}

/**
 * Writes a file by its own text alone, as a project with `isolatedModules` has promised that each can be.
 *
 * @param ts TypeScript.
 * @param file The file.
 * @param options See {@link emitOptions}.
 * @param custom What is to be written another way.
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

/** Options without some of them. */
function without(
  options: typescript.CompilerOptions,
  names: ReadonlySet<string>,
): typescript.CompilerOptions {
  return Object.fromEntries(
    Object.entries(options).filter(([name]) => !names.has(name)),
  );
}
