/**
 * Compiles one TypeScript file to the JavaScript that Node runs.
 */
import { readFileSync } from "node:fs";
import { isBuiltin } from "node:module";
import { basename, dirname, extname, join } from "node:path";
import { pathToFileURL } from "node:url";
import type * as typescript from "typescript";
import { withoutMapComment } from "../../map-comment";
import { adapterText } from "./commonjs-adapter";
import { LAST_STATEMENT } from "./compiled-modules";
import type { CompiledFile, ModuleTarget } from "./compiled-file";
import { exportedNames } from "./exported-names";
import { digestOf } from "./file-digests";
import {
  emitChecked,
  type EmittedFile,
  emitIsolated,
  emitOptions,
} from "./file-emitter";
import { FileSyntaxError } from "./file-syntax-error";
import { freeNames } from "./free-names";
import {
  type ImportedNames,
  ScopeName,
  withRequires,
  withScope,
  withSpecifiers,
} from "./import-rewriter";
import type { ModuleGraph, SourceModule } from "./module-graph";
import type { StandalonePrograms } from "./standalone-programs";
import type { Project } from "./project";
import type { ProjectCompilerOptions } from "./project-compiler-options";
import { isInstalled } from "./source-files";

/** The context of a compilation. */
interface CompilationContext extends Pick<
  ProjectCompilerOptions,
  "ts" | "cache" | "digests" | "checked"
> {
  readonly graph: ModuleGraph;
  readonly programs: StandalonePrograms;
  readonly project: Project;
  /** Returns the project of a file. */
  readonly projectOf: (path: string) => Project;
  /** Compiles another file, unless its compilation is already in progress. */
  readonly compileOther: (path: string) => void;
}

/** Compiles one file. */
export class FileCompilation {
  readonly #context: CompilationContext;
  readonly #source: SourceModule;
  readonly #scope: ScopeName;
  readonly #needed = new Set<string>();

  /**
   * @param context The context of the compilation.
   * @param path The file.
   */
  constructor(context: CompilationContext, path: string) {
    this.#context = context;
    this.#source = context.graph.module(path);
    this.#scope = new ScopeName(identifiersOf(this.#source.file));
  }

  /**
   * Compiles the file.
   *
   * @throws {SyntaxError} With TypeScript's message and the position, if the file has a syntax
   *   error.
   */
  run(): CompiledFile {
    const { graph, project } = this.#context;
    const { format } = this.#source;
    const { edges, absent } = this.#source.found;
    this.#checkSyntax();
    const leadsToModules = edges.some(
      ({ target }) => graph.target(target).format === "module",
    );
    const dependencies =
      format === "module" || leadsToModules || !project.isIsolated
        ? this.#dependencies()
        : [];
    const required: Record<string, ModuleTarget> = {};
    const imported: Record<string, ModuleTarget> = {};
    for (const { name, kind, target } of edges) {
      if (kind === "static" && format === "module") continue;
      const table = kind === "dynamic" ? imported : required;
      table[name] = graph.target(target);
      if (!isInstalled(target)) this.#needed.add(target);
    }
    const { javascript, sourceMap } = this.#write();
    const module =
      format === "module" ? this.#store(javascript, sourceMap) : undefined;
    return {
      format,
      sourceMap,
      required,
      imported,
      dependencies,
      absent,
      javascript: module === undefined ? javascript : "",
      ...(module === undefined ? {} : { module }),
      needed: [...this.#needed, ...(module === undefined ? [] : [module])],
    };
  }

  /**
   * Writes an ES module and its source map to the cache; Node loads modules that import each other
   * from disk only.
   */
  #store(javascript: string, sourceMap: string): string {
    const { cache } = this.#context;
    const name = this.#moduleName(this.#source.path);
    cache.writeText(`${name}.map`, sourceMap);
    return cache.writeText(
      name,
      `${javascript}\n${LAST_STATEMENT}\n//# sourceMappingURL=${basename(name)}.map\n`,
    );
  }

  #checkSyntax(): void {
    const { file } = this.#source;
    const [wrong] = (
      file as typescript.SourceFile & {
        readonly parseDiagnostics: readonly typescript.DiagnosticWithLocation[];
      }
    ).parseDiagnostics;
    if (wrong) throw new FileSyntaxError(this.#context.ts, wrong);
  }

  #dependencies(): [path: string, digest: string][] {
    const { graph, digests, project } = this.#context;
    const paths = [
      ...graph.reached(this.#source.path),
      ...project.declarations,
    ];
    return [...new Set(paths)].map((path) => [path, digests.get(path) ?? ""]);
  }

  /** Emits the file, with the checker's information where necessary. */
  #write(): EmittedFile {
    const { ts, project, checked, programs } = this.#context;
    const { file, path, format } = this.#source;
    const options = {
      ...emitOptions(ts, project.options, format),
      // Without that package the helpers are inlined.
      importHelpers:
        project.options.importHelpers === true &&
        project.resolver.code("tslib", path, "require") !== undefined,
    };
    const custom: typescript.CustomTransformers = {
      before: [withScope(ts, this.#scope)],
      ...(format === "module"
        ? {
            after: [
              withSpecifiers(ts, (name, imported) =>
                this.#specifier(name, imported),
              ),
              withRequires(ts, this.#scope),
            ],
          }
        : {}),
    };
    if (project.isIsolated) {
      return this.#withPrologue(emitIsolated(ts, file, options, custom));
    }
    const known = checked?.find(path);
    const found =
      known?.file.text === file.text ? known : programs.find(project, path);
    return this.#withPrologue(emitChecked(ts, found, options, custom));
  }

  /** Adds a first line with the declarations that the file needs. */
  #withPrologue({ javascript, sourceMap }: EmittedFile): EmittedFile {
    const { file, path, format, isChosen } = this.#source;
    const { ts } = this.#context;
    const isLenient = format === "module" && !isChosen;
    const fields = (isLenient ? freeNames(ts, file) : []).map((name) => {
      this.#scope.isUsed = true;
      return `const ${name} = ${this.#scope.text}().${name};`;
    });
    const strict = format === "module" ? [] : ['"use strict";'];
    const first = [
      ...(/^"use strict"/m.test(javascript) ? strict : []),
      this.#scope.declaration(path),
      ...fields,
    ].join(" ");
    const map = JSON.parse(sourceMap) as { mappings: string };
    return {
      javascript: `${first}\n${withoutMapComment(javascript).replace(/^#!.*/, "")}`,
      sourceMap: JSON.stringify({
        ...map,
        mappings: `;${map.mappings}`,
        sourceRoot: "",
        sources: [path],
      }),
    };
  }

  /** Returns the specifier to write instead of one in an import of an ES module. */
  #specifier(name: string, imported: ImportedNames): string {
    const { graph, project, compileOther } = this.#context;
    const { path } = this.#source;
    if (isBuiltin(name)) return name;
    const found = project.resolver.code(name, path, "import");
    if (found === undefined) {
      return name.startsWith(".")
        ? pathToFileURL(join(dirname(path), name)).href
        : name;
    }
    const target = graph.target(found.path);
    if (!isInstalled(target.path)) this.#needed.add(target.path);
    if (target.format === "module") {
      if (!target.isCompiled) return pathToFileURL(target.path).href;
      compileOther(target.path);
      const { cache } = this.#context;
      const place = cache.path(this.#moduleName(target.path));
      this.#needed.add(place);
      return pathToFileURL(place).href;
    }
    return this.#adapterFor(target, imported);
  }

  #adapterFor(target: ModuleTarget, imported: ImportedNames): string {
    const { ts, cache, graph, project } = this.#context;
    const isJson = target.path.endsWith(".json");
    const isNative = !target.isCompiled && !isJson;
    if (isNative && project.hasNodeResolution) {
      return pathToFileURL(target.path).href;
    }
    const own = target.isCompiled
      ? exportedNames(ts, graph.module(target.path).file)
      : isJson && !project.hasNodeResolution
        ? jsonNames(target.path)
        : [];
    const text = adapterText({
      path: target.path,
      names: [...new Set([...(imported.names ?? []), ...own])].sort(),
      isNative,
      usesNodeInterop: project.hasNodeResolution || isJson,
    });
    const digest = isInstalled(target.path)
      ? ""
      : this.#closureDigest(target.path);
    const name = join(digestOf(text, digest), `${baseName(target.path)}.mjs`);
    const place = cache.writeText(name, text);
    this.#needed.add(place);
    return pathToFileURL(place).href;
  }

  /**
   * Returns the cache path of a module. It changes whenever a file that the module reaches has
   * changed.
   */
  #moduleName(path: string): string {
    return join(this.#closureDigest(path), `${baseName(path)}.mjs`);
  }

  #closureDigest(path: string): string {
    const { graph, digests, projectOf } = this.#context;
    const reached = graph.reached(path);
    return digestOf(
      projectOf(path).digest,
      ...[path, ...reached].flatMap((each) => [each, digests.get(each) ?? ""]),
    );
  }
}

/** Returns the keys of a JSON file, which a bundler allows to be imported by name. */
function jsonNames(path: string): readonly string[] {
  try {
    const value: unknown = JSON.parse(readFileSync(path, "utf8"));
    const isObject = typeof value === "object" && !Array.isArray(value);
    return isObject ? Object.keys(value ?? {}) : [];
  } catch {
    // Errors in the file are reported when it is loaded.
    return [];
  }
}

function baseName(path: string): string {
  return basename(path, extname(path));
}

function identifiersOf(
  file: typescript.SourceFile,
): ReadonlyMap<string, string> {
  return (
    file as typescript.SourceFile & {
      readonly identifiers: ReadonlyMap<string, string>;
    }
  ).identifiers;
}
