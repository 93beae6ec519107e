/**
 * Compiles the files of projects, or takes what was kept of an earlier time: TypeScript is loaded only if something has changed.
 */
import { existsSync, readFileSync } from "node:fs";
import { dirname } from "node:path";
import type * as typescript from "typescript";
import { CompilationCache } from "./compilation-cache";
import type { CompiledFile, ModuleTarget } from "./compiled-file";
import { contentOf, digestOf, FileDigests } from "./file-digests";
import type { ImportMode } from "./module-resolver";
import { forgetScopes } from "./package-scope";
import { placeOf, type ProjectPlace } from "./project";
import { type CheckedFiles, ProjectCompiler } from "./project-compiler";

/** Changed whenever what is kept looks another way. */
const FORMAT = "11";

/** What is kept of a project's configuration. */
interface ProjectRecord {
  /** The files that it is made of, with their digests. */
  readonly files: readonly (readonly [path: string, digest: string])[];
  /** Stands for all that decides how files are written. */
  readonly digest: string;
}

/** What the compiler of files has to know. */
export interface FileCompilerOptions {
  /** The folder of the notebook, whose project's options count. */
  readonly notebookFolder: string;
  /** The kernel's own folder, from which its library is found. */
  readonly kernelFolder: string;
  /** The folder in which results are kept. */
  readonly cacheFolder: string;
  /** TypeScript, loaded when it is first asked for. */
  readonly typescript: () => typeof typescript;
  /** Its version. */
  readonly version: string;
  /** The folder of its own declarations. */
  readonly standardLibrary: string;
  /** Finds files that have been checked already. */
  readonly checked?: CheckedFiles;
}

/** Compiles files, one by one. */
export class FileCompiler {
  readonly #options: FileCompilerOptions;
  readonly #digests = new FileDigests();
  readonly #cache: CompilationCache;
  readonly #records = new Map<string, ProjectRecord>();
  readonly #places = new Map<string, ProjectPlace>();
  #compiler: ProjectCompiler | undefined;

  constructor(options: FileCompilerOptions) {
    this.#options = options;
    this.#cache = new CompilationCache(options.cacheFolder);
  }

  /**
   * A file as it runs now.
   *
   * @throws {SyntaxError} With TypeScript's message and the place, if the file is no TypeScript.
   */
  compile(path: string): CompiledFile {
    const cache = this.#cache;
    const text = readFileSync(path, "utf8");
    const name = this.#nameOf(path, text);
    const kept = name && cache.read<CompiledFile>(name);
    if (kept && this.#isCurrent(kept)) return kept;
    const compiled = this.#projectCompiler.compile(path, (other) => {
      this.compile(other);
    });
    cache.write(name ?? this.#newName(path, text), compiled);
    return compiled;
  }

  /** Compiles a file and all that it leads to. */
  compileAll(path: string, seen = new Set<string>()): void {
    if (seen.has(path)) return;
    seen.add(path);
    const { required, imported } = this.compile(path);
    const targets = [...Object.values(required), ...Object.values(imported)];
    for (const target of targets) {
      if (target.isCompiled) this.compileAll(target.path, seen);
    }
  }

  /** Where a name leads; undefined where only Node itself may know. */
  target(
    name: string,
    importer: string,
    mode: ImportMode,
  ): ModuleTarget | undefined {
    return this.#projectCompiler.target(name, importer, mode);
  }

  /** Forgets which files there were: they may have come and gone. */
  refresh(): void {
    this.#places.clear();
    forgetScopes();
    this.#compiler?.refresh();
  }

  /** Whether the files of a file's project are each compiled by its own text alone. */
  isIsolated(path: string): boolean {
    return this.#projectCompiler.projectOf(path).isIsolated;
  }

  get #projectCompiler(): ProjectCompiler {
    const { notebookFolder, kernelFolder, standardLibrary } = this.#options;
    const { checked } = this.#options;
    this.#compiler ??= new ProjectCompiler({
      ts: this.#options.typescript(),
      ...{ notebookFolder, kernelFolder, standardLibrary },
      cache: this.#cache,
      digests: this.#digests,
      ...(checked ? { checked } : {}),
    });
    return this.#compiler;
  }

  /** The name under which a file is kept, if its project is known. */
  #nameOf(path: string, text: string): string | undefined {
    const name = recordName(this.#placeOf(path));
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
    const name = recordName(this.#placeOf(path));
    this.#records.set(name, record);
    this.#cache.write(name, record);
    return nameBy(record, path, text);
  }

  /** All files of a folder are of one project. */
  #placeOf(path: string): ProjectPlace {
    const folder = dirname(path);
    const place =
      this.#places.get(folder) ?? placeOf(this.#options.notebookFolder, path);
    this.#places.set(folder, place);
    return place;
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

function recordName({ folder, configuration }: ProjectPlace): string {
  return `project-${digestOf(FORMAT, configuration ?? folder)}.json`;
}
