/**
 * Reads the files of the cells' programs and resolves their imports, and tells whether any of this
 * has changed since.
 */
import { join } from "node:path";
import ts from "typescript";
import { isInstalled } from "../project/source-files";
import type { CompilerSettings } from "../settings";
import { AbsentFiles } from "./absent-files";
import { modeIn } from "./cell-modules";
import type { CellProject } from "./cell-project";
import type { FileStore } from "./file-store";

/** The access of programs to files and modules. */
export class ProgramHost {
  /** The file access for TypeScript. */
  readonly access: ts.CompilerHost;
  readonly #files: FileStore;
  readonly #absent = new AbsentFiles();

  /**
   * @param settings The folder of the cells and the location of the standard library.
   * @param files The store to read files from and to add them to.
   * @param project The project of the cells, which resolves modules.
   * @param anchorPath The path of the generated file that imports the modules of the cells.
   */
  constructor(
    settings: CompilerSettings,
    files: FileStore,
    project: CellProject,
    anchorPath: string,
  ) {
    this.#files = files;
    this.access = this.#createAccess(settings, project, anchorPath);
  }

  #createAccess(
    { notebookFolder, standardLibrary }: CompilerSettings,
    project: CellProject,
    anchorPath: string,
  ): ts.CompilerHost {
    const host = ts.createCompilerHost(project.options, true);
    host.getCurrentDirectory = () => notebookFolder;
    host.getSourceFile = (path, options) => this.#files.get(path, options);
    // TypeScript looks for it next to its own file, which does not work in a bundle.
    host.getDefaultLibLocation = () => standardLibrary;
    host.getDefaultLibFileName = (options) =>
      join(standardLibrary, ts.getDefaultLibFileName(options));
    host.resolveModuleNameLiterals = (literals, importer, _to, _by, file) =>
      literals.map((literal) => {
        const { resolver } = project;
        const { text } = literal;
        const found =
          importer === anchorPath
            ? resolver.cellTypes(text, importer, modeIn(literal))
            : resolver.types(text, importer, project.modeOf(literal, file));
        if (!isInstalled(importer)) {
          this.#absent.record(importer, text, resolver.absent(text, found));
        }
        return found;
      });
    // Without this cache TypeScript reads a package.json again for each file of the package.
    host.getModuleResolutionCache = () => project.resolver.cache;
    // The import of an unchanged file may now resolve to another file.
    host.hasInvalidatedResolutions = (path) =>
      this.#absent.needsResolution(path);
    return host;
  }

  /** Returns the access for a program that also has these files, which are in memory only. */
  withFiles(files: readonly ts.SourceFile[]): ts.CompilerHost {
    const own = new Map(files.map((file) => [file.fileName, file]));
    const host = Object.create(this.access) as ts.CompilerHost;
    host.getSourceFile = (path, ...others) =>
      own.get(path) ?? this.access.getSourceFile(path, ...others);
    host.fileExists = (path) => own.has(path) || this.access.fileExists(path);
    return host;
  }

  /** Prepares for a new program: determines the files whose imports have to be resolved again. */
  refresh(): void {
    this.#absent.prepare((path) => this.#files.hasChanged(path));
  }

  /**
   * Whether a file of a program has changed since it was read, or one of its imports now resolves
   * to another file.
   */
  hasChanged(program: ts.Program | undefined): boolean {
    const files = program?.getSourceFiles() ?? [];
    return files.some(
      ({ fileName }) =>
        this.#files.hasChanged(fileName) ||
        this.#absent.isFoundElsewhere(fileName),
    );
  }
}
