/**
 * One checker that lives as long as the kernel and is shown one cell after the other.
 *
 * A program holds the files that cells import, and the standard library. The checker is made from it, but of its files and
 * modules it is told by a host in between, which also knows the cells. A cell costs its own parsing, binding and checking.
 * Only a module that no cell has imported yet, a changed file or an augmentation makes a new program and a new checker,
 * for which every file that has been read before is still there.
 */
import { join } from "node:path";
import ts from "typescript";
import type { CheckedFile } from "../project/file-emitter";
import { isDeclaration, isInstalled } from "../project/source-files";
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
  inner,
  innerFile,
  setScope,
} from "./inner-typescript";

/** How many cells a checker serves: often enough that memory levels off, seldom enough that hardly a cell waits for it. */
const CHECKER_LIFE = 100;

/** The program and the checker of cells. */
export class CellProgram {
  readonly #folder: string;
  readonly #host: ts.CompilerHost;
  readonly #standardLibrary: string;
  readonly #files: FileStore;
  readonly #project: CellProject;
  readonly #modules: CellModules;
  readonly #absent = new AbsentFiles();
  /** Cells that add to modules or to the global scope. Others are found through the names that they declare. */
  readonly #augmenting: ts.SourceFile[] = [];
  /** Files in which nothing wrong was found. */
  readonly #sound = new WeakSet<ts.SourceFile>();
  #program: ts.Program | undefined;
  #checkerHost!: CheckerHost;
  #checker!: FileChecker;
  /** The cell that the checker knows of though it is not added, because it augments. */
  #foreignCell: ts.SourceFile | undefined;
  #workedOutFirst: () => Iterable<ts.Symbol> = () => [];
  /** How many cells the checker has seen added. */
  #age = 0;

  /**
   * @param settings Where cells stand, and where packages and global types are.
   * @param files What has been read already, and takes what will be.
   */
  constructor(settings: CompilerSettings, files = new FileStore()) {
    this.#folder = settings.notebookFolder;
    this.#standardLibrary = settings.standardLibrary;
    this.#files = files;
    this.#project = new CellProject(settings);
    this.#modules = new CellModules(this.#folder);
    this.#host = this.#createHost();
    this.#build([]);
  }

  /** How cells are checked and written out. */
  get options(): ts.CompilerOptions {
    return this.#project.options;
  }

  /** What is wrong with the project's configuration. */
  get warnings(): readonly string[] {
    return this.#project.warnings;
  }

  /** Whether the files that have been read, and the project's configuration, are still as they were. */
  get isCurrent(): boolean {
    return !this.#hasChanged() && this.#project.isCurrent;
  }

  /** Whether modules are understood as Node does it, and not as a bundler. */
  get hasNodeResolution(): boolean {
    return this.#project.hasNodeResolution;
  }

  /** The checker that knows all cells. */
  get checker(): FileChecker {
    return this.#checker;
  }

  /** A program as TypeScript's services want one. */
  get services(): ts.Program {
    return this.#checkerHost;
  }

  /** What files a service may see. */
  get files(): ts.CompilerHost {
    return this.#host;
  }

  /**
   * Makes ready for a cell that imports these modules.
   *
   * Reads what has not been read, or has changed since.
   *
   * @param cell The cell itself, of which is known what it references and what it adds to modules or to the global scope.
   */
  prepare(modules: readonly CellModule[], cell?: ts.SourceFile): void {
    const augmenting =
      cell && innerFile(cell).moduleAugmentations.length > 0 ? cell : undefined;
    const references =
      cell && this.#missingReferences(cell).length === 0
        ? referenceLines(cell)
        : [];
    const isReferenceNew = this.#modules.add(modules, references);
    const asks = modules.length > 0 || this.#modules.hasReferences;
    if (
      this.#project.readAgain(modules.length > 0) ||
      augmenting !== undefined ||
      isReferenceNew ||
      this.#foreignCell !== undefined ||
      modules.some((module) => this.#isMissing(module)) ||
      (asks && this.#hasChanged())
    ) {
      this.#build(augmenting ? [augmenting] : []);
      this.#foreignCell = augmenting;
    }
  }

  #isMissing(module: CellModule): boolean {
    const found = this.#modules.found(module);
    return !found?.resolvedModule && !this.#isAmbient(module.name);
  }

  /** Whether a module is declared by what is known already, as Node's own are, and has no file that could be missing. */
  #isAmbient(name: string): boolean {
    const quoted = JSON.stringify(name);
    return this.#checker
      .getAmbientModules()
      .some((module) => module.name === quoted);
  }

  /** As {@link prepare}, for a cell that is being written: a module that could not be found is not looked for again and again. */
  prepareKnown(modules: readonly CellModule[]): void {
    const untried = modules.filter((each) => !this.#modules.has(each));
    if (untried.length > 0) this.prepare(untried);
  }

  /** All that is wrong with a cell: its grammar, or if that is right, its types. */
  diagnostics(cell: ts.SourceFile): readonly ts.Diagnostic[] {
    const found = this.diagnosticsBy(this.#checker, cell);
    // A checker gives suggestions ("Did you mean …?") for its first ten errors only; a fresh one gives them here too.
    if (found.length === 0) return found;
    try {
      return this.diagnosticsBy(this.createChecker(), cell);
    } catch (error) {
      // What hundreds of cells built up is too much for it to work out in one go.
      if (error instanceof RangeError) return found;
      throw error;
    }
  }

  /** As {@link diagnostics}, by the checker given. */
  diagnosticsBy(
    checker: FileChecker,
    cell: ts.SourceFile,
  ): readonly ts.Diagnostic[] {
    return cellDiagnostics(checker, cell, this.#missingReferences(cell));
  }

  #missingReferences(cell: ts.SourceFile): readonly ts.Diagnostic[] {
    return missingReferences(cell, this.#folder, this.options, this.#host);
  }

  /** A checker that has seen nothing yet, of the same cells. */
  createChecker(): FileChecker {
    const checker = inner(ts).createTypeChecker(this.#checkerHost);
    for (const symbol of this.#workedOutFirst()) {
      checker.getTypeOfSymbol(symbol);
    }
    return checker;
  }

  /** What is wrong with the files of these names that lie beside the notebook; packages are taken as they are. */
  diagnosticsOfFiles(modules: readonly CellModule[]): readonly ts.Diagnostic[] {
    return modules
      .filter(({ name }) => name.startsWith("."))
      .flatMap((module): readonly ts.Diagnostic[] => {
        const found = this.#modules.found(module);
        const path = found?.resolvedModule?.resolvedFileName;
        const file = path && this.#checkerHost.getSourceFile(path);
        if (!file || this.#sound.has(file)) return [];
        const mayRequire = this.#project.mayRequire(file);
        const wrong = fileDiagnostics(this.#checker, file, mayRequire);
        if (wrong.length === 0) this.#sound.add(file);
        return wrong;
      });
  }

  /** Keeps a cell, for later checkers to know. */
  add(cell: ts.SourceFile): void {
    if (innerFile(cell).moduleAugmentations.length > 0) {
      this.#augmenting.push(cell);
      // A question of the editor may have come between, for which its augmentations did not count.
      if (this.#foreignCell !== cell) this.renewChecker();
    }
    this.#foreignCell = undefined;
    this.#age += 1;
    if (this.#age >= CHECKER_LIFE) this.renewChecker();
  }

  /**
   * From now on has every checker begin with the types of these symbols, one by one: where types build on each other over hundreds
   * of cells, the last one by itself takes more stack than there is.
   */
  workOutFirst(symbols: () => Iterable<ts.Symbol>): void {
    this.#workedOutFirst = symbols;
    this.renewChecker();
  }

  /** Takes a fresh checker: the one before holds every cell and every type that it has ever seen in memory. */
  renewChecker(): void {
    this.#checker = this.createChecker();
    this.#age = 0;
  }

  /** Forgets all cells. Modules that they imported stay read. */
  clear(): void {
    this.#augmenting.length = 0;
    this.#modules.clearReferences();
    this.#workedOutFirst = () => [];
    this.#build([]);
  }

  /** A file of the project that has been read for the check of a cell, as the compiler of files takes it. */
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
    // TypeScript looks for it beside itself, which in a bundle is nowhere.
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
          this.#absent.note(importer, text, resolver.absent(text, found));
        }
        return found;
      });
    // Without it TypeScript reads a package.json again for each of the package's files.
    host.getModuleResolutionCache = () => this.#project.resolver.cache;
    // An import of a file that is as it was may lead to another one.
    host.hasInvalidatedResolutions = (path) => this.#absent.isSought(path);
    return host;
  }

  /** Whether a file that may change has done so since it was read, or leads to another one now. */
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
    resolver.refresh();
    this.#absent.renew((path) => this.#files.hasChanged(path));
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
      // What its files import need not be looked up again.
      ...(this.#program ? { oldProgram: this.#program } : {}),
    });
    this.#program = program;
    this.#checkerHost = this.#createCheckerHost(program as CheckerHost, more);
    this.#modules.note(program as CheckerHost);
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

  /** Parses and binds a cell, in the scope given. */
  createCell(
    name: string,
    source: string,
    scope: ts.SourceFile | undefined,
  ): ts.SourceFile {
    const cell = createFile(this.#folder, name, source, this.hasNodeResolution);
    setScope(cell, scope);
    return cell;
  }
}
