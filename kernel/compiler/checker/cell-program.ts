/**
 * The compiler's room, its heart: one checker that lives as long as the kernel and is shown one cell after the other.
 *
 * A program holds the files that cells import, and the standard library. The checker is made from it, but of its files and
 * modules it is told by a host in between, which also knows the cells. A cell costs its own parsing, binding and checking.
 * Only a module that no cell has imported yet, a changed file or an augmentation makes a new program and a new checker,
 * for which every file that has been read before is still there.
 */
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import * as ts from "typescript";
import { compilerOptions, createFile, isOwnFile } from "./cell-file";
import { mappedFile, mayBeMapped } from "../configuration";
import { configurationFile } from "../folders";
import type { CompilerSettings } from "../settings";
import { withoutExpected } from "./comment-directives";
import { FileStore } from "./file-store";
import {
  type CheckerHost,
  type FileChecker,
  type FoundModule,
  inner,
  innerFile,
  setScope,
} from "./inner-typescript";
import { kernelGlobals, kernelModules } from "./kernel-globals";
import { projectOptions, type ProjectOptions } from "./project-options";

/** TypeScript's number for `import a = require("b")` in an ES module; a cell may. */
const IMPORT_ASSIGNMENT = 1202;

/** How many cells a checker serves: often enough that memory levels off, seldom enough that hardly a cell waits for it. */
const CHECKER_LIFE = 100;

/** The program and the checker of cells. */
export class CellProgram {
  readonly #folder: string;
  readonly #options: ts.CompilerOptions;
  readonly #host: ts.CompilerHost;
  readonly #standardLibrary: string;
  readonly #configuration: string | undefined;
  readonly #project: ProjectOptions;
  readonly #files: FileStore;
  /** Names of the modules that cells import. */
  readonly #names = new Set<string>();
  readonly #found = new Map<string, FoundModule>();
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
    this.#configuration = configurationFile(settings.notebookFolder);
    this.#project = projectOptions(this.#configuration);
    this.#options = {
      ...compilerOptions,
      ...this.#project.options,
      types: [...new Set([...compilerOptions.types!, ...this.#project.types])],
      typeRoots: [
        ...this.#project.typeRoots,
        join(settings.projectFolder, "node_modules", "@types"),
        // The kernel's own, for a notebook outside of any project.
        settings.kernelTypes,
      ],
    };
    this.#host = this.#createHost();
    this.#build([]);
  }

  /** What is wrong with the project's configuration. */
  get warnings(): readonly string[] {
    return this.#project.warnings;
  }

  /** Whether the files that have been read, and the project's configuration, are still as they were. */
  get isCurrent(): boolean {
    return (
      !this.#hasChanged() &&
      isDeepStrictEqual(projectOptions(this.#configuration), this.#project)
    );
  }

  /** Where a name leads that the project's `paths` or `baseUrl` map to a file; undefined for any other. */
  mappedFile(name: string): string | undefined {
    return mayBeMapped(name, this.#options)
      ? mappedFile(this.#found.get(name)?.resolvedModule)
      : undefined;
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
   * Reads what has not been read, or has changed since. `augmenting` is the cell, if it adds to modules or to the global scope.
   */
  prepare(moduleNames: readonly string[], augmenting?: ts.SourceFile): void {
    const isMissing = (name: string) =>
      this.#found.get(name)?.resolvedModule === undefined &&
      !this.#isAmbient(name);
    for (const name of moduleNames) this.#names.add(name);
    if (
      augmenting !== undefined ||
      this.#foreignCell !== undefined ||
      moduleNames.some(isMissing) ||
      (moduleNames.length > 0 && this.#hasChanged())
    ) {
      this.#build(augmenting ? [augmenting] : []);
      this.#foreignCell = augmenting;
    }
  }

  /** Whether a module is declared by what is known already, as Node's own are, and has no file that could be missing. */
  #isAmbient(name: string): boolean {
    const quoted = JSON.stringify(name);
    return this.#checker
      .getAmbientModules()
      .some((module) => module.name === quoted);
  }

  /** As {@link prepare}, for a cell that is being written: a module that could not be found is not looked for again and again. */
  prepareKnown(moduleNames: readonly string[]): void {
    const untried = moduleNames.filter((name) => !this.#names.has(name));
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
    const { parseDiagnostics, bindDiagnostics } = innerFile(cell);
    if (parseDiagnostics.length > 0) return parseDiagnostics;
    const found = [...bindDiagnostics, ...checker.getDiagnostics(cell)];
    return withoutExpected(
      cell,
      found.filter(({ code }) => code !== IMPORT_ASSIGNMENT),
    );
  }

  /** A checker that has seen nothing yet, of the same cells. */
  createChecker(): FileChecker {
    const checker = inner().createTypeChecker(this.#checkerHost);
    for (const symbol of this.#workedOutFirst()) {
      checker.getTypeOfSymbol(symbol);
    }
    return checker;
  }

  /** What is wrong with the files of these names that lie beside the notebook; packages are taken as they are. */
  diagnosticsOfFiles(moduleNames: readonly string[]): readonly ts.Diagnostic[] {
    return moduleNames
      .filter((name) => name.startsWith("."))
      .flatMap((name) => {
        const path = this.#found.get(name)?.resolvedModule?.resolvedFileName;
        const file = path && this.#checkerHost.getSourceFile(path);
        if (!file || this.#sound.has(file)) return [];
        const { parseDiagnostics } = innerFile(file);
        const found =
          parseDiagnostics.length > 0
            ? parseDiagnostics
            : withoutExpected(file, this.#checker.getDiagnostics(file));
        if (found.length === 0) this.#sound.add(file);
        return found;
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
    this.#workedOutFirst = () => [];
    this.#build([]);
  }

  #createHost(): ts.CompilerHost {
    const host = ts.createCompilerHost(this.#options, true);
    host.getCurrentDirectory = () => this.#folder;
    host.getSourceFile = (path, options) => this.#files.get(path, options);
    // TypeScript looks for it beside itself, which in a bundle is nowhere.
    host.getDefaultLibLocation = () => this.#standardLibrary;
    host.getDefaultLibFileName = (options) =>
      join(this.#standardLibrary, ts.getDefaultLibFileName(options));
    return host;
  }

  /** Whether a file that may change has done so since it was read. */
  #hasChanged(): boolean {
    const files = this.#program?.getSourceFiles() ?? [];
    return files.some(({ fileName }) => this.#files.hasChanged(fileName));
  }

  #build(more: readonly ts.SourceFile[]): void {
    const anchor = this.#createAnchor();
    const host = Object.create(this.#host) as ts.CompilerHost;
    const own = new Map(
      [anchor, ...this.#kernelModules(anchor.fileName)].map((file) => [
        file.fileName,
        file,
      ]),
    );
    host.getSourceFile = (path, ...others) =>
      own.get(path) ?? this.#host.getSourceFile(path, ...others);
    host.fileExists = (path) => own.has(path) || this.#host.fileExists(path);
    const program = ts.createProgram({
      rootNames: [...own.keys()],
      options: this.#options,
      host,
      // What its files import need not be looked up again.
      ...(this.#program ? { oldProgram: this.#program } : {}),
    });
    this.#program = program;
    this.#checkerHost = this.#createCheckerHost(program as CheckerHost, more);
    this.#found.clear();
    for (const name of innerFile(anchor).imports) {
      const found = (
        program as CheckerHost
      ).getResolvedModuleFromModuleSpecifier(name, anchor);
      if (found) this.#found.set(name.text, found);
    }
    this.renewChecker();
  }

  /** A file that imports every module that a cell imports, so that the program reads it, and declares the kernel's own globals. */
  #createAnchor(): ts.SourceFile {
    const lines = [...this.#names].map(
      (name) => `import ${JSON.stringify(name)};`,
    );
    return ts.createSourceFile(
      join(this.#folder, "__anchor__.ts"),
      [...lines, kernelGlobals].join("\n"),
      ts.ScriptTarget.ES2022,
      true,
    );
  }

  /** Declarations of the modules that the kernel provides and the project has none of: TypeScript takes these before a package's. */
  #kernelModules(importer: string): ts.SourceFile[] {
    return Object.entries(kernelModules).flatMap(([name, text]) => {
      const { resolvedModule } = ts.resolveModuleName(
        name,
        importer,
        this.#options,
        this.#host,
      );
      if (resolvedModule) return [];
      const path = join(this.#folder, `__${name}__.d.ts`);
      const { ES2022 } = ts.ScriptTarget;
      return [ts.createSourceFile(path, text, ES2022, true)];
    });
  }

  #createCheckerHost(
    program: CheckerHost,
    more: readonly ts.SourceFile[],
  ): CheckerHost {
    const host = Object.create(program) as CheckerHost;
    const libraries = program.getSourceFiles();
    const cells = this.#augmenting;
    const find = (name: string) => this.#found.get(name);
    host.getSourceFiles = () => [...libraries, ...cells, ...more];
    host.getSourceFile = (path) =>
      cells.find(({ fileName }) => fileName === path) ??
      program.getSourceFile(path);
    host.getResolvedModule = (file, name, mode) =>
      isOwnFile(file)
        ? find(name)
        : program.getResolvedModule(file, name, mode);
    host.getResolvedModuleFromModuleSpecifier = (specifier, given) => {
      const file = given ?? specifier.getSourceFile();
      return isOwnFile(file)
        ? find(specifier.text)
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
    const cell = createFile(this.#folder, name, source);
    setScope(cell, scope);
    return cell;
  }
}
