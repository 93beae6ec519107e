/**
 * Maintains one type checker for the lifetime of the kernel, which checks one cell after the other.
 *
 * A program contains the standard library and the files that cells import. The checker is created
 * from the program through an intermediate host that adds the cells to the program's files and
 * modules. Each cell only has to be parsed, bound and checked itself. A new program and checker are
 * created only for a newly imported module, a changed file or an augmentation; files that have
 * already been read are reused.
 */
import { dirname, join } from "node:path";
import ts from "typescript";
import type { CheckedFile } from "../project/file-emitter";
import { isDeclaration, isInstalled } from "../project/source-files";
import { placeWithKernel } from "../../packages-with-kernel";
import type { CompilerSettings } from "../settings";
import { AbsentFiles } from "./absent-files";
import { cellDiagnostics, fileDiagnostics } from "./cell-diagnostics";
import { createFile, isOwnFile } from "./cell-file";
import { type CellModule, CellModules, modeIn } from "./cell-modules";
import { CellProject } from "./cell-project";
import { missingReferences, referenceLines } from "./cell-references";
import { FileStore } from "./file-store";
import {
  type CheckerHost,
  type FileChecker,
  internals,
  internalFile,
  setScope,
} from "./internal-typescript";

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
  readonly #host: ts.CompilerHost;
  readonly #standardLibrary: string;
  readonly #files: FileStore;
  readonly #project: CellProject;
  readonly #modules: CellModules;
  readonly #absent = new AbsentFiles();
  /**
   * Cells that augment modules or the global scope. Other cells are found through the names that
   * they declare.
   */
  readonly #augmenting: ts.SourceFile[] = [];
  /** Files without errors. */
  readonly #valid = new WeakSet<ts.SourceFile>();
  #program: ts.Program | undefined;
  #checkerHost!: CheckerHost;
  #checker!: FileChecker;
  /** The augmenting cell that the checker includes although it has not been added yet. */
  #uncommittedCell: ts.SourceFile | undefined;
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
    this.#standardLibrary = settings.standardLibrary;
    this.#files = files;
    this.#project = new CellProject(settings);
    this.#modules = new CellModules(this.#folder);
    this.#host = this.#createHost();
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
    return !this.#hasChanged() && this.#project.isCurrent;
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
    return this.#host;
  }

  /**
   * Prepares the program for a cell that imports these modules.
   *
   * Reads files that are new or have changed.
   *
   * @param cell The cell, from which references and augmentations are taken.
   */
  prepare(modules: readonly CellModule[], cell?: ts.SourceFile): void {
    const augmenting =
      cell && internalFile(cell).moduleAugmentations.length > 0
        ? cell
        : undefined;
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
      this.#uncommittedCell !== undefined ||
      modules.some((module) => this.#isMissing(module)) ||
      (hasImports && this.#hasChanged())
    ) {
      this.#build(augmenting ? [augmenting] : []);
      this.#uncommittedCell = augmenting;
    }
  }

  #isMissing(module: CellModule): boolean {
    const found = this.#modules.found(module);
    return !found?.resolvedModule && !this.#isAmbient(module.name);
  }

  /**
   * Whether a module is declared by ambient declarations, such as Node's own modules, and thus
   * needs no file.
   */
  #isAmbient(name: string): boolean {
    const quoted = JSON.stringify(name);
    return this.#checker
      .getAmbientModules()
      .some((module) => module.name === quoted);
  }

  /**
   * Like {@link prepare}, for an incomplete cell: a module that could not be found is not looked up
   * again.
   */
  prepareKnown(modules: readonly CellModule[]): void {
    const untried = modules.filter((each) => !this.#modules.has(each));
    if (untried.length > 0) this.prepare(untried);
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
    return missingReferences(cell, this.#folder, this.options, this.#host);
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
    return modules
      .filter(({ name }) => name.startsWith("."))
      .flatMap((module): readonly ts.Diagnostic[] => {
        const found = this.#modules.found(module);
        const path = found?.resolvedModule?.resolvedFileName;
        const file = path && this.#checkerHost.getSourceFile(path);
        if (!file || this.#valid.has(file)) return [];
        const mayRequire = this.#project.mayRequire(file);
        const wrong = fileDiagnostics(this.#checker, file, mayRequire);
        if (wrong.length === 0) this.#valid.add(file);
        return wrong;
      });
  }

  /** Adds a cell that later checkers include. */
  add(cell: ts.SourceFile): void {
    if (internalFile(cell).moduleAugmentations.length > 0) {
      this.#augmenting.push(cell);
      // An editor request may have created a checker without its augmentations in the meantime.
      if (this.#uncommittedCell !== cell) this.renewChecker();
    }
    this.#uncommittedCell = undefined;
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
    this.#augmenting.length = 0;
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

  #createHost(): ts.CompilerHost {
    const host = ts.createCompilerHost(this.options, true);
    host.getCurrentDirectory = () => this.#folder;
    host.getSourceFile = (path, options) => this.#files.get(path, options);
    // TypeScript looks for it next to its own file, which does not work in a bundle.
    host.getDefaultLibLocation = () => this.#standardLibrary;
    host.getDefaultLibFileName = (options) =>
      join(this.#standardLibrary, ts.getDefaultLibFileName(options));
    host.resolveModuleNameLiterals = (literals, importer, _to, _by, file) =>
      literals.map((literal) => {
        const { resolver } = this.#project;
        const { text } = literal;
        const isCells = importer === this.#modules.anchorPath;
        const found = isCells
          ? resolver.cellTypes(text, importer, modeIn(literal))
          : resolver.types(text, importer, this.#project.modeOf(literal, file));
        if (!isInstalled(importer)) {
          this.#absent.record(importer, text, resolver.absent(text, found));
        }
        return found;
      });
    // Without this cache TypeScript reads a package.json again for each file of the package.
    host.getModuleResolutionCache = () => this.#project.resolver.cache;
    // The import of an unchanged file may now resolve to another file.
    host.hasInvalidatedResolutions = (path) =>
      this.#absent.needsResolution(path);
    return host;
  }

  /**
   * Whether a file has changed since it was read, or one of its imports now resolves to another
   * file.
   */
  #hasChanged(): boolean {
    const files = this.#program?.getSourceFiles() ?? [];
    return files.some(
      ({ fileName }) =>
        this.#files.hasChanged(fileName) ||
        this.#absent.isFoundElsewhere(fileName),
    );
  }

  #build(more: readonly ts.SourceFile[]): void {
    const { resolver, declarations, options } = this.#project;
    this.#builds += 1;
    resolver.refresh();
    this.#absent.prepare((path) => this.#files.hasChanged(path));
    const host = Object.create(this.#host) as ts.CompilerHost;
    const own = new Map(
      this.#modules.files(resolver).map((file) => [file.fileName, file]),
    );
    host.getSourceFile = (path, ...others) =>
      own.get(path) ?? this.#host.getSourceFile(path, ...others);
    host.fileExists = (path) => own.has(path) || this.#host.fileExists(path);
    const program = ts.createProgram({
      rootNames: [...own.keys(), ...declarations],
      options,
      host,
      // The imports of its files are not resolved again.
      ...(this.#program ? { oldProgram: this.#program } : {}),
    });
    this.#program = program;
    this.#checkerHost = this.#createCheckerHost(program as CheckerHost, more);
    this.#modules.record(program as CheckerHost);
    this.renewChecker();
  }

  #createCheckerHost(
    program: CheckerHost,
    more: readonly ts.SourceFile[],
  ): CheckerHost {
    const host = Object.create(program) as CheckerHost;
    const libraries = program.getSourceFiles();
    const cells = this.#augmenting;
    const modules = this.#modules;
    host.getSourceFiles = () => [...libraries, ...cells, ...more];
    host.getSourceFile = (path) =>
      cells.find(({ fileName }) => fileName === path) ??
      program.getSourceFile(path);
    host.getResolvedModule = (file, name, mode) =>
      isOwnFile(file)
        ? modules.found({
            name,
            mode: mode === ts.ModuleKind.CommonJS ? "require" : "import",
          })
        : program.getResolvedModule(file, name, mode);
    host.getResolvedModuleFromModuleSpecifier = (specifier, given) => {
      const file = given ?? specifier.getSourceFile();
      return isOwnFile(file)
        ? modules.found({ name: specifier.text, mode: modeIn(specifier) })
        : program.getResolvedModuleFromModuleSpecifier(specifier, file);
    };
    host.getTypeChecker = () => this.#checker;
    return host;
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
