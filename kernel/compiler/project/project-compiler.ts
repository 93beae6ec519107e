/**
 * Compiles files with TypeScript, each by the options of the project that it belongs to.
 */
import { join } from "node:path";
import type * as typescript from "typescript";
import type { CompilationCache } from "./compilation-cache";
import type { CompiledFile, ModuleTarget } from "./compiled-file";
import { FileCompilation } from "./file-compilation";
import type { FileDigests } from "./file-digests";
import type { CheckedFile } from "./file-emitter";
import { ModuleGraph } from "./module-graph";
import type { ImportMode } from "./module-resolver";
import { OwnPrograms } from "./own-programs";
import { placeOf, Project } from "./project";

/** Finds files that have been checked. */
export interface CheckedFiles {
  find(path: string): CheckedFile | undefined;
}

/** What the compiler works with. */
export interface ProjectCompilerOptions {
  readonly ts: typeof typescript;
  /** The folder of the notebook, whose project's options count. */
  readonly notebookFolder: string;
  /** The kernel's own folder, from which its library is found. */
  readonly kernelFolder: string;
  /** The folder of TypeScript's own declarations. */
  readonly standardLibrary: string;
  readonly cache: CompilationCache;
  readonly digests: FileDigests;
  readonly checked?: CheckedFiles;
}

/** Compiles files of the notebook's project, and of those that it uses. */
export class ProjectCompiler {
  readonly #options: ProjectCompilerOptions;
  readonly #projects = new Map<string, Project>();
  readonly #graph: ModuleGraph;
  readonly #programs: OwnPrograms;
  /** Files that are being compiled: who imports one of them need not wait for it. */
  readonly #open = new Set<string>();

  constructor(options: ProjectCompilerOptions) {
    this.#options = options;
    const { ts, digests, standardLibrary } = options;
    this.#graph = new ModuleGraph(ts, digests, (path) => this.projectOf(path));
    this.#programs = new OwnPrograms(ts, standardLibrary);
  }

  /** The project that a file belongs to. */
  projectOf(path: string): Project {
    const { ts, notebookFolder, kernelFolder } = this.#options;
    const place = placeOf(notebookFolder, path);
    const name = place.configuration ?? "";
    let project = this.#projects.get(name);
    if (project === undefined) {
      project = new Project(ts, place.folder, ts.sys, kernelFolder);
      this.#projects.set(name, project);
    }
    return project;
  }

  /** Forgets what was found of files and configurations. */
  refresh(): void {
    this.#projects.clear();
    this.#graph.clear();
    this.#programs.clear();
  }

  /** Where a name leads; undefined where only Node itself may know. */
  target(
    name: string,
    importer: string,
    mode: ImportMode,
  ): ModuleTarget | undefined {
    const found = this.projectOf(importer).resolver.code(name, importer, mode);
    return found && this.#graph.target(found.path);
  }

  /**
   * Compiles a file.
   *
   * @param path The file.
   * @param compileOther Has what the file imports compiled.
   * @throws {SyntaxError} With TypeScript's message and the place, if the file is no TypeScript.
   */
  compile(path: string, compileOther: (path: string) => void): CompiledFile {
    const { ts, cache, digests, checked, notebookFolder } = this.#options;
    const project = this.projectOf(path);
    // The checker of cells knows the options of their project, and how JSX is written by those alone.
    const isOwn = project === this.projectOf(join(notebookFolder, "cell.ts"));
    const context = {
      ...{ ts, cache, digests },
      ...(checked && isOwn ? { checked } : {}),
      graph: this.#graph,
      programs: this.#programs,
      project,
      projectOf: (other: string) => this.projectOf(other),
      compileOther: (other: string) => {
        if (!this.#open.has(other)) compileOther(other);
      },
    };
    this.#open.add(path);
    try {
      return new FileCompilation(context, path).run();
    } finally {
      this.#open.delete(path);
    }
  }
}
