/**
 * Resolves the modules that a cell imports to files, and compiles these files before the cell runs.
 */
import { join } from "node:path";
import ts from "typescript";
import type { CompiledCell } from "./compiler";
import type { ModuleTarget } from "./project/compiled-file";
import { FileCompiler } from "./project/file-compiler";
import { fileImports } from "./project/file-imports";
import { FileSyntaxError } from "./project/file-syntax-error";
import type { ImportMode } from "./project/module-resolver";
import type { CheckedFiles } from "./project/project-compiler-options";
import { providedModules } from "./provided-modules";
import type { CompilerSettings } from "./settings";

/** Resolves and compiles the imports of the cells in a folder. */
export class CellTargets {
  readonly #files: FileCompiler;
  /** The path that a cell would have as a file. */
  readonly #cell: string;

  /**
   * @param settings The folder of the cells and the cache folder for compiled files.
   * @param checked The files that were read when cells were checked.
   */
  constructor(settings: CompilerSettings, checked: CheckedFiles) {
    const { notebookFolder, kernelFolder } = settings;
    const { standardLibrary, cacheFolder } = settings;
    this.#cell = join(notebookFolder, "cell.ts");
    this.#files = new FileCompiler({
      notebookFolder,
      kernelFolder,
      standardLibrary,
      cacheFolder,
      typescript: () => ts,
      version: ts.version,
      checked,
    });
  }

  /**
   * Returns a compiled cell with the targets of its modules added.
   *
   * @param compiled The cell as it was written.
   * @param cell The parsed cell.
   * @param project Whether modules are resolved as in Node.
   */
  add(
    compiled: CompiledCell,
    cell: ts.SourceFile,
    { hasNodeResolution }: { readonly hasNodeResolution: boolean },
  ): CompiledCell {
    const named = fileImports(ts, cell).filter(({ kind }) => kind !== "static");
    const { imports = [] } = compiled;
    if (imports.length === 0 && named.length === 0) return compiled;
    this.#files.refresh();
    const imported: Record<string, ModuleTarget> = {};
    const required: Record<string, ModuleTarget> = {};
    for (const { name, kind } of named) {
      const mode = kind === "dynamic" ? "import" : "require";
      const target = this.#target(name, mode);
      if (target) (mode === "import" ? imported : required)[name] = target;
    }
    return {
      ...compiled,
      imports: imports.map((each) => {
        const isRequired = each.names.some(({ name }) => name === "=");
        const mode = isRequired ? "require" : "import";
        const target = this.#target(each.module, mode);
        return target ? { ...each, target } : each;
      }),
      imported,
      required,
      usesNodeInterop: hasNodeResolution,
    };
  }

  #target(name: string, mode: ImportMode): ModuleTarget | undefined {
    if (providedModules.has(name)) return undefined;
    const target = this.#files.target(name, this.#cell, mode);
    if (target?.isCompiled && !this.#files.isIsolated(target.path)) {
      this.#compileFile(target.path);
    }
    return target;
  }

  /**
   * Compiles with the checker that has the file in memory; the runtime reads the result from the
   * cache.
   */
  #compileFile(path: string): void {
    try {
      this.#files.compileAll(path);
    } catch (error) {
      if (error instanceof FileSyntaxError || error instanceof RangeError) {
        throw error;
      }
      // Unreadable or unwritable file: the runtime meets the same error and reports it at the
      // cell's import.
    }
  }
}
