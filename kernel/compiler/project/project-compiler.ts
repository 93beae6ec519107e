/**
 * Compiles files with TypeScript, each with the options of its project.
 */
import { join } from "node:path";
import type { CompiledFile, ModuleTarget } from "./compiled-file";
import { FileCompilation } from "./file-compilation";
import { ModuleGraph } from "./module-graph";
import type { ImportMode } from "./module-resolver";
import type { ProjectCompilerOptions } from "./project-compiler-options";
import { StandalonePrograms } from "./standalone-programs";
import { locateProject, Project } from "./project";

/** Compiles files of the notebook's project and of the projects that it uses. */
export class ProjectCompiler {
  readonly #options: ProjectCompilerOptions;
  readonly #projects = new Map<string, Project>();
  readonly #graph: ModuleGraph;
  readonly #programs: StandalonePrograms;
  /** Files whose compilation is in progress; an import of one of them does not wait for it. */
  readonly #open = new Set<string>();

  constructor(options: ProjectCompilerOptions) {
    this.#options = options;
    const { ts, digests, standardLibrary } = options;
    this.#graph = new ModuleGraph(ts, digests, (path) => this.projectOf(path));
    this.#programs = new StandalonePrograms(ts, standardLibrary);
  }

  /** Returns the project of a file. */
  projectOf(path: string): Project {
    const { ts, notebookFolder, kernelFolder } = this.#options;
    const location = locateProject(notebookFolder, path);
    const name = location.configuration ?? "";
    let project = this.#projects.get(name);
    if (project === undefined) {
      project = new Project(ts, location.folder, ts.sys, kernelFolder);
      this.#projects.set(name, project);
    }
    return project;
  }

  /** Clears what is known about files and configurations. */
  refresh(): void {
    this.#projects.clear();
    this.#graph.clear();
    this.#programs.clear();
  }

  /** Resolves a module specifier; returns undefined if only Node can resolve it. */
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
   * @param compileOther Compiles a file that this one imports.
   * @throws {SyntaxError} With TypeScript's message and the position, if the file has a syntax
   *   error.
   */
  compile(path: string, compileOther: (path: string) => void): CompiledFile {
    const { ts, cache, digests, checked, notebookFolder } = this.#options;
    const project = this.projectOf(path);
    // The cells' checker only has the options of their own project, which determine how JSX is
    // emitted.
    const isOwn = project === this.projectOf(join(notebookFolder, "cell.ts"));
    const context = {
      ts,
      cache,
      digests,
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
