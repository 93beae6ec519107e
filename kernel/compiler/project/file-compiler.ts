/**
 * Compiles the files of projects with a persistent cache. TypeScript is loaded only if something
 * has changed.
 */
import { existsSync, readFileSync } from "node:fs";
import { dirname } from "node:path";
import type * as typescript from "typescript";
import { currentLog } from "../../log";
import { CompilationCache } from "./compilation-cache";
import type { CompiledFile, ModuleTarget } from "./compiled-file";
import { contentOf, digestOf, FileDigests } from "./file-digests";
import type { ImportMode } from "./module-resolver";
import { forgetScopes } from "./package-scope";
import { locateProject, type ProjectLocation } from "./project";
import { ProjectCompiler } from "./project-compiler";
import type { CheckedFiles } from "./project-compiler-options";

/** The version of the cache format; increment it when the cached data changes. */
const FORMAT = "12";

/** The cached information about a project's configuration. */
interface ProjectRecord {
  /** The configuration files with their digests. */
  readonly files: readonly (readonly [path: string, digest: string])[];
  /** A digest of everything that affects how files are emitted. */
  readonly digest: string;
}

/** The options of a file compiler. */
interface FileCompilerOptions {
  /** The folder of the notebook, whose project's options apply. */
  readonly notebookFolder: string;
  /** The kernel's own folder, from which its bundled library is resolved. */
  readonly kernelFolder: string;
  /** The cache folder. */
  readonly cacheFolder: string;
  /** Returns TypeScript, which is loaded on the first call. */
  readonly typescript: () => typeof typescript;
  /** The TypeScript version. */
  readonly version: string;
  /** The folder of TypeScript's standard library. */
  readonly standardLibrary: string;
  /** Finds files that have already been checked. */
  readonly checked?: CheckedFiles;
}

/** Compiles files one by one. */
export class FileCompiler {
  readonly #options: FileCompilerOptions;
  readonly #digests = new FileDigests();
  readonly #cache: CompilationCache;
  readonly #records = new Map<string, ProjectRecord>();
  readonly #locations = new Map<string, ProjectLocation>();
  #compiler: ProjectCompiler | undefined;

  constructor(options: FileCompilerOptions) {
    this.#options = options;
    this.#cache = new CompilationCache(options.cacheFolder);
  }

  /**
   * Compiles a file, or returns the cached result if it is up to date.
   *
   * @throws {SyntaxError} With TypeScript's message and the position, if the file has a syntax
   *   error.
   */
  compile(path: string): CompiledFile {
    const began = performance.now();
    const cache = this.#cache;
    const text = readFileSync(path, "utf8");
    const name = this.#nameOf(path, text);
    const kept = name && cache.read<CompiledFile>(name);
    if (kept && this.#isCurrent(kept)) {
      currentLog()?.done(`compile file ${path}`, began, "cached");
      return kept;
    }
    const compiled = this.#projectCompiler.compile(path, (other) => {
      this.compile(other);
    });
    cache.write(name ?? this.#newName(path, text), compiled);
    currentLog()?.done(`compile file ${path}`, began, "new");
    return compiled;
  }

  /** Compiles a file and all files that it imports directly or indirectly. */
  compileAll(path: string, seen = new Set<string>()): void {
    if (seen.has(path)) return;
    seen.add(path);
    const { required, imported } = this.compile(path);
    const targets = [...Object.values(required), ...Object.values(imported)];
    for (const target of targets) {
      if (target.isCompiled) this.compileAll(target.path, seen);
    }
  }

  /** Resolves a module specifier; returns undefined if only Node can resolve it. */
  target(
    name: string,
    importer: string,
    mode: ImportMode,
  ): ModuleTarget | undefined {
    return this.#projectCompiler.target(name, importer, mode);
  }

  /** Clears what is known about existing files, which may have been added or removed. */
  refresh(): void {
    this.#locations.clear();
    forgetScopes();
    this.#compiler?.refresh();
  }

  /** Whether each file of the project is compiled from its own text alone. */
  isIsolated(path: string): boolean {
    return this.#projectCompiler.projectOf(path).isIsolated;
  }

  get #projectCompiler(): ProjectCompiler {
    const { notebookFolder, kernelFolder, standardLibrary } = this.#options;
    const { checked } = this.#options;
    this.#compiler ??= new ProjectCompiler({
      ts: this.#options.typescript(),
      notebookFolder,
      kernelFolder,
      standardLibrary,
      cache: this.#cache,
      digests: this.#digests,
      ...(checked ? { checked } : {}),
    });
    return this.#compiler;
  }

  /** Returns the cache key of a file; undefined if its project is not cached. */
  #nameOf(path: string, text: string): string | undefined {
    const name = recordName(this.#locate(path));
    const record =
      this.#records.get(name) ?? this.#cache.read<ProjectRecord>(name);
    if (!record || !this.#haveDigests(record.files)) return undefined;
    this.#records.set(name, record);
    return nameBy(record, path, text);
  }

  #newName(path: string, text: string): string {
    const { files, digest } = this.#projectCompiler.projectOf(path);
    const record: ProjectRecord = {
      files: files.map((file) => [file, this.#digests.get(file) ?? ""]),
      digest: digestOf(FORMAT, this.#options.version, digest),
    };
    const name = recordName(this.#locate(path));
    this.#records.set(name, record);
    this.#cache.write(name, record);
    return nameBy(record, path, text);
  }

  /** All files of a folder belong to the same project. */
  #locate(path: string): ProjectLocation {
    const folder = dirname(path);
    const location =
      this.#locations.get(folder) ??
      locateProject(this.#options.notebookFolder, path);
    this.#locations.set(folder, location);
    return location;
  }

  #isCurrent({ absent, needed, dependencies }: CompiledFile): boolean {
    return (
      needed.every(existsSync) &&
      !absent.some(existsSync) &&
      this.#haveDigests(dependencies)
    );
  }

  #haveDigests(
    files: readonly (readonly [path: string, digest: string])[],
  ): boolean {
    return files.every(
      ([path, digest]) => (this.#digests.get(path) ?? "") === digest,
    );
  }
}

function nameBy({ digest }: ProjectRecord, path: string, text: string): string {
  return `${digestOf(digest, path, contentOf(path, text))}.json`;
}

function recordName({ folder, configuration }: ProjectLocation): string {
  return `project-${digestOf(FORMAT, configuration ?? folder)}.json`;
}
