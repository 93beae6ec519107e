/**
 * Maintains one type checker for the lifetime of the kernel, which checks one cell after the other.
 *
 * A program contains the standard library and the files that cells import. The checker is created
 * from the program through an intermediate host that adds the cells to the program's files and
 * modules. Each cell only has to be parsed, bound and checked itself. A new program and checker are
 * created only for a newly imported module, a changed file or an augmentation; files that have
 * already been read are reused.
 */
import { dirname } from "node:path";
import ts from "typescript";
import type { CheckedFile } from "../project/file-emitter";
import { isDeclaration } from "../project/source-files";
import { placeWithKernel } from "../../packages-with-kernel";
import type { CompilerSettings } from "../settings";
import { AugmentingCells, augments } from "./augmenting-cells";
import { cellDiagnostics } from "./cell-diagnostics";
import { createFile } from "./cell-file";
import { type CellModule, CellModules } from "./cell-modules";
import { CellProject } from "./cell-project";
import { missingReferences, referenceLines } from "./cell-references";
import { cellCheckerHost } from "./checker-host";
import { FileChecks } from "./file-checks";
import { FileStore } from "./file-store";
import {
  type CheckerHost,
  type FileChecker,
  internals,
  setScope,
} from "./internal-typescript";
import { ProgramHost } from "./program-host";

/**
 * The number of cells per checker: small enough to limit memory, large enough that cells rarely
 * wait for a new checker.
 */
const CHECKER_LIFE = 100;

/** The program and the type checker of the cells. */
export class CellProgram {
  /** A folder in which the packages installed with the kernel are found. */
  readonly folderWithKernel: string;
  readonly #folder: string;
  readonly #host: ProgramHost;
  readonly #project: CellProject;
  readonly #modules: CellModules;
  readonly #augmenting = new AugmentingCells();
  readonly #files: FileChecks;
  #program: ts.Program | undefined;
  #checkerHost!: CheckerHost;
  #checker!: FileChecker;
  #resolvedFirst: () => Iterable<ts.Symbol> = () => [];
  /** The number of cells added since the checker was created. */
  #age = 0;
  #builds = 0;

  /**
   * @param settings The folder of the cells and the locations of packages and global types.
   * @param files The store to read files from and to add them to.
   */
  constructor(settings: CompilerSettings, files = new FileStore()) {
    this.#folder = settings.notebookFolder;
    this.folderWithKernel = dirname(placeWithKernel(settings.kernelFolder));
    this.#project = new CellProject(settings);
    this.#modules = new CellModules(this.#folder);
    this.#files = new FileChecks(this.#project, this.#modules);
    this.#host = new ProgramHost(
      settings,
      files,
      this.#project,
      this.#modules.anchorPath,
    );
    this.#build([]);
  }

  /** The number of programs that have been created. */
  get builds(): number {
    return this.#builds;
  }

  /** The options for checking and compiling cells. */
  get options(): ts.CompilerOptions {
    return this.#project.options;
  }

  /** The warnings about the project's configuration. */
  get warnings(): readonly string[] {
    return this.#project.warnings;
  }

  /** Whether the files that were read and the project's configuration are unchanged. */
  get isCurrent(): boolean {
    return !this.#host.hasChanged(this.#program) && this.#project.isCurrent;
  }

  /** Whether modules are resolved as in Node rather than as in a bundler. */
  get hasNodeResolution(): boolean {
    return this.#project.hasNodeResolution;
  }

  /** The checker that includes all cells. */
  get checker(): FileChecker {
    return this.#checker;
  }

  /** The program for TypeScript's language services. */
  get services(): ts.Program {
    return this.#checkerHost;
  }

  /** The file access for TypeScript's language services. */
  get files(): ts.CompilerHost {
    return this.#host.access;
  }

  /**
   * Prepares the program for a cell that imports these modules.
   *
   * Reads files that are new or have changed.
   *
   * @param cell The cell, from which references and augmentations are taken.
   */
  prepare(modules: readonly CellModule[], cell?: ts.SourceFile): void {
    const augmenting = cell && augments(cell) ? cell : undefined;
    const references =
      cell && this.#missingReferences(cell).length === 0
        ? referenceLines(cell)
        : [];
    const isReferenceNew = this.#modules.add(modules, references);
    const hasImports = modules.length > 0 || this.#modules.hasReferences;
    if (
      this.#project.reload(modules.length > 0) ||
      augmenting !== undefined ||
      isReferenceNew ||
      this.#augmenting.hasUncommitted ||
      modules.some((module) =>
        this.#modules.isMissing(module, this.#checker),
      ) ||
      (hasImports && this.#host.hasChanged(this.#program))
    ) {
      this.#build(augmenting ? [augmenting] : []);
      this.#augmenting.include(augmenting);
    }
  }

  /**
   * Like {@link prepare}, for an incomplete cell: a module that could not be found is not looked up
   * again.
   */
  prepareKnown(modules: readonly CellModule[]): void {
    const untried = modules.filter((each) => !this.#modules.has(each));
    if (untried.length > 0) this.prepare(untried);
  }

  /**
   * Replaces the cells that augment modules or the global scope by those among these cells. Returns
   * whether there is a new checker.
   */
  replaceAugmenting(cells: readonly ts.SourceFile[]): boolean {
    const isChanged = this.#augmenting.replace(cells);
    if (isChanged) this.renewChecker();
    return isChanged;
  }

  /**
   * Reads the files and the configuration that have changed since they were read. Returns whether
   * there is a new checker.
   */
  refresh(): boolean {
    const isChanged =
      this.#project.reload(true) || this.#host.hasChanged(this.#program);
    if (isChanged) this.#build([]);
    return isChanged;
  }

  /** Returns the errors of a cell: syntax errors if there are any, else type errors. */
  diagnostics(cell: ts.SourceFile): readonly ts.Diagnostic[] {
    const found = this.diagnosticsBy(this.#checker, cell);
    // A checker makes suggestions ("Did you mean …?") for its first ten errors only; a new one
    // makes them for this cell, too.
    if (found.length === 0) return found;
    try {
      return this.diagnosticsBy(this.createChecker(), cell);
    } catch (error) {
      // A new checker may overflow the stack on types that hundreds of cells have built up.
      if (error instanceof RangeError) return found;
      throw error;
    }
  }

  /** Like {@link diagnostics}, with the given checker. */
  diagnosticsBy(
    checker: FileChecker,
    cell: ts.SourceFile,
  ): readonly ts.Diagnostic[] {
    return cellDiagnostics(checker, cell, this.#missingReferences(cell));
  }

  #missingReferences(cell: ts.SourceFile): readonly ts.Diagnostic[] {
    return missingReferences(cell, this.#folder, this.options, this.files);
  }

  /** Creates a new checker of the same cells. */
  createChecker(): FileChecker {
    const checker = internals(ts).createTypeChecker(this.#checkerHost);
    for (const symbol of this.#resolvedFirst()) {
      checker.getTypeOfSymbol(symbol);
    }
    return checker;
  }

  /**
   * Returns the errors of the relatively imported files among these modules. Packages are not
   * checked.
   */
  diagnosticsOfFiles(modules: readonly CellModule[]): readonly ts.Diagnostic[] {
    return this.#files.diagnostics(modules, {
      program: this.#checkerHost,
      checker: this.#checker,
    });
  }

  /** Adds a cell that later checkers include. */
  add(cell: ts.SourceFile): void {
    if (this.#augmenting.add(cell)) this.renewChecker();
    this.#age += 1;
    if (this.#age >= CHECKER_LIFE) this.renewChecker();
  }

  /**
   * Makes every checker from now on resolve the types of these symbols first, one by one.
   *
   * If types build on each other over hundreds of cells, resolving the last one directly overflows
   * the stack.
   */
  resolveFirst(symbols: () => Iterable<ts.Symbol>): void {
    this.#resolvedFirst = symbols;
    this.renewChecker();
  }

  /** Replaces the checker, which keeps every cell and every type that it has seen in memory. */
  renewChecker(): void {
    this.#checker = this.createChecker();
    this.#age = 0;
  }

  /** Removes all cells. The modules that they imported remain in memory. */
  clear(): void {
    this.#augmenting.clear();
    this.#modules.clearReferences();
    this.#resolvedFirst = () => [];
    this.#build([]);
  }

  /** Returns a file that was read to check a cell, for the file compiler. */
  findFile(path: string): CheckedFile | undefined {
    const file = this.#program?.getSourceFile(path);
    return file && !isDeclaration(path)
      ? { file, program: this.#checkerHost, checker: this.#checker }
      : undefined;
  }

  #build(more: readonly ts.SourceFile[]): void {
    const { resolver, declarations, options } = this.#project;
    this.#builds += 1;
    resolver.refresh();
    this.#host.refresh();
    const own = this.#modules.files(resolver);
    const program = ts.createProgram({
      rootNames: [...own.map(({ fileName }) => fileName), ...declarations],
      options,
      host: this.#host.withFiles(own),
      // The imports of its files are not resolved again.
      ...(this.#program ? { oldProgram: this.#program } : {}),
    });
    this.#program = program;
    this.#checkerHost = cellCheckerHost(program as CheckerHost, {
      cells: this.#augmenting.list,
      more,
      modules: this.#modules,
      checker: () => this.#checker,
    });
    this.#modules.record(program as CheckerHost);
    this.renewChecker();
  }

  /** Parses and binds a cell in the given scope, by default in the notebook's folder. */
  createCell(
    name: string,
    source: string,
    scope: ts.SourceFile | undefined,
    folder = this.#folder,
  ): ts.SourceFile {
    const cell = createFile(folder, name, source, this.hasNodeResolution);
    setScope(cell, scope);
    return cell;
  }
}
