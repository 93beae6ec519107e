/**
 * Programs for files that no cell's check has seen.
 */
import { join } from "node:path";
import type * as typescript from "typescript";
import type { CheckedFile } from "./file-emitter";
import type { Project } from "./project";

/** One program for each project, around the file that was asked for last. */
export class OwnPrograms {
  readonly #ts: typeof typescript;
  readonly #standardLibrary: string;
  readonly #programs = new Map<Project, typescript.Program>();

  /**
   * @param ts TypeScript.
   * @param standardLibrary The folder of its own declarations.
   */
  constructor(ts: typeof typescript, standardLibrary: string) {
    this.#ts = ts;
    this.#standardLibrary = standardLibrary;
  }

  /** Forgets all programs. */
  clear(): void {
    this.#programs.clear();
  }

  /** A file in a program that knows what it imports. */
  find(project: Project, path: string): CheckedFile {
    const known = this.#programs.get(project);
    const old = known?.getSourceFile(path);
    const isCurrent = old?.text === this.#ts.sys.readFile(path);
    const program = known && isCurrent ? known : this.#create(project, path);
    this.#programs.set(project, program);
    const file = program.getSourceFile(path);
    if (!file) throw new Error(`Expected a file to read, received ${path}.`);
    return { file, program, checker: program.getTypeChecker() };
  }

  #create(project: Project, path: string): typescript.Program {
    const options: typescript.CompilerOptions = {
      ...project.checkOptions,
      noEmit: true,
      allowJs: true,
    };
    const host = this.#ts.createCompilerHost(options, true);
    host.getDefaultLibLocation = () => this.#standardLibrary;
    host.getDefaultLibFileName = (asked) =>
      join(this.#standardLibrary, this.#ts.getDefaultLibFileName(asked));
    host.resolveModuleNameLiterals = (literals, importer) =>
      literals.map(({ text }) =>
        project.resolver.types(text, importer, "import"),
      );
    const old = this.#programs.get(project);
    return this.#ts.createProgram({
      rootNames: [...project.declarations, path],
      options,
      host,
      ...(old ? { oldProgram: old } : {}),
    });
  }
}
