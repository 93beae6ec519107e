/**
 * Creates programs for files that are not part of the cells' program.
 */
import { coded } from "@convnotes/notebook/coded-error";
import { join } from "node:path";
import type * as typescript from "typescript";
import type { CheckedFile } from "./file-emitter";
import type { Project } from "./project";

/** Holds one program per project, created for the file requested last. */
export class StandalonePrograms {
  readonly #ts: typeof typescript;
  readonly #standardLibrary: string;
  readonly #programs = new Map<Project, typescript.Program>();

  /**
   * @param ts TypeScript.
   * @param standardLibrary The folder of TypeScript's standard library.
   */
  constructor(ts: typeof typescript, standardLibrary: string) {
    this.#ts = ts;
    this.#standardLibrary = standardLibrary;
  }

  /** Removes all programs. */
  clear(): void {
    this.#programs.clear();
  }

  /**
   * Returns a file in a program that includes its imports. Throws an Error if the file cannot be
   * read.
   */
  find(project: Project, path: string): CheckedFile {
    const known = this.#programs.get(project);
    const old = known?.getSourceFile(path);
    const isCurrent = old?.text === this.#ts.sys.readFile(path);
    const program = known && isCurrent ? known : this.#create(project, path);
    this.#programs.set(project, program);
    const file = program.getSourceFile(path);
    if (!file) {
      throw coded(
        "ERR_FILE_MISSING",
        new Error(`Expected a readable file, received ${path}.`),
      );
    }
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
