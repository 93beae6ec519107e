/**
 * Checks the files that cells import by relative paths, each once as long as it has no errors.
 */
import type ts from "typescript";
import { fileDiagnostics } from "./cell-diagnostics";
import type { CellModule, CellModules } from "./cell-modules";
import type { CellProject } from "./cell-project";
import type { FileChecker } from "./internal-typescript";

/** The program in which files are looked up. */
interface CheckedProgram {
  readonly program: ts.Program;
  readonly checker: FileChecker;
}

/** The files that have been checked. */
export class FileChecks {
  readonly #project: CellProject;
  readonly #modules: CellModules;
  /** Files without errors. */
  readonly #valid = new WeakSet<ts.SourceFile>();

  /**
   * @param project The project of the cells.
   * @param modules The modules that cells import.
   */
  constructor(project: CellProject, modules: CellModules) {
    this.#project = project;
    this.#modules = modules;
  }

  /**
   * Returns the errors of the relatively imported files among these modules. Packages are not
   * checked.
   */
  diagnostics(
    modules: readonly CellModule[],
    { program, checker }: CheckedProgram,
  ): readonly ts.Diagnostic[] {
    return modules
      .filter(({ name }) => name.startsWith("."))
      .flatMap((module): readonly ts.Diagnostic[] => {
        const found = this.#modules.found(module);
        const path = found?.resolvedModule?.resolvedFileName;
        const file = path && program.getSourceFile(path);
        if (!file || this.#valid.has(file)) return [];
        const mayRequire = this.#project.mayRequire(file);
        const wrong = fileDiagnostics(checker, file, mayRequire);
        if (wrong.length === 0) this.#valid.add(file);
        return wrong;
      });
  }
}
