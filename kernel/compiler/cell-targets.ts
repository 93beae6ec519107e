/**
 * The files that the modules of a cell lead to, compiled before the cell runs.
 */
import { join } from "node:path";
import ts from "typescript";
import type { CompiledCell } from "./compiler";
import type { ModuleTarget } from "./project/compiled-file";
import { FileCompiler } from "./project/file-compiler";
import { fileImports } from "./project/file-imports";
import { FileSyntaxError } from "./project/file-syntax-error";
import type { ImportMode } from "./project/module-resolver";
import type { CheckedFiles } from "./project/project-compiler";
import { providedModules } from "./provided-modules";
import type { CompilerSettings } from "./settings";

/** Finds and compiles what cells of a folder import. */
export class CellTargets {
  readonly #files: FileCompiler;
  /** The file that a cell would be. */
  readonly #cell: string;

  /**
   * @param settings Where cells stand, and where compiled files are kept.
   * @param checked The files that the check of cells has read.
   */
  constructor(settings: CompilerSettings, checked: CheckedFiles) {
    const { notebookFolder, kernelFolder } = settings;
    const { standardLibrary, cacheFolder } = settings;
    this.#cell = join(notebookFolder, "cell.ts");
    this.#files = new FileCompiler({
      ...{ notebookFolder, kernelFolder, standardLibrary, cacheFolder },
      typescript: () => ts,
      version: ts.version,
      checked,
    });
  }

  /**
   * Adds to a compiled cell where its modules lead.
   *
   * @param compiled The cell as it is written.
   * @param cell The cell as it is parsed.
   * @param project Whether modules are understood as Node does it.
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
      ...{ imported, required, isNodes: hasNodeResolution },
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

  /** By the checker that has it in memory; the runtime takes it from the cache. */
  #compileFile(path: string): void {
    try {
      this.#files.compileAll(path);
    } catch (error) {
      if (error instanceof FileSyntaxError || error instanceof RangeError) {
        throw error;
      }
      // A file that cannot be read, or cannot be written: the runtime, which meets the same, says so where the cell imports it.
    }
  }
}
