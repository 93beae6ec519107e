/**
 * One checker that lives as long as the kernel and is shown one cell after the other.
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
import { missingReferences, referenceLines } from "./cell-references";
import {
  type Configuration,
  readConfiguration,
} from "../project/configuration";
import { ConfigurationWatch } from "../project/configuration-watch";
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
import type { CheckedFile } from "../project/file-emitter";
import { type ImportMode, ModuleResolver } from "../project/module-resolver";
import { type FormatChoice, moduleFormat } from "../project/module-format";
import { fileSyntax } from "../project/file-imports";
import {
  hasNodeResolution,
  resolutionOptions,
} from "../project/resolution-options";
import { isDeclaration, isInstalled } from "../project/source-files";
import { projectOptions } from "./project-options";

/** A module that a cell names. */
export interface CellModule {
  readonly name: string;
  /** How it is asked for. */
  readonly mode: ImportMode;
}

/** TypeScript's number for `import a = require("b")` in an ES module; a cell may. */
const IMPORT_ASSIGNMENT = 1202;

/** TypeScript's numbers for `declare module "untyped" { … }` in a module, which a cell is. */
const NO_MODULE_TO_ADD_TO: ReadonlySet<number> = new Set([2664, 2665]);

/** TypeScript's numbers for what an ES module cannot do: `import a = require("b")` and `export = a`. */
const COMMON_JS: ReadonlySet<number> = new Set([IMPORT_ASSIGNMENT, 1203]);

/** How many cells a checker serves: often enough that memory levels off, seldom enough that hardly a cell waits for it. */
const CHECKER_LIFE = 100;

/** The program and the checker of cells. */
export class CellProgram {
  readonly #settings: CompilerSettings;
  readonly #folder: string;
  readonly #host: ts.CompilerHost;
  readonly #standardLibrary: string;
  readonly #files: FileStore;
  #configuration: Configuration;
  #watch: ConfigurationWatch;
  #options: ts.CompilerOptions;
  #resolver: ModuleResolver;
  /** The modules that cells import. */
  readonly #modules = new Map<string, CellModule>();
  /** What cells ask for by comments, as lines of a file. */
  readonly #references = new Set<string>();
  readonly #found = new Map<string, FoundModule>();
  /** Files that imports were looked for in vain, by the importing file and the imported name. */
  readonly #absent = new Map<string, Map<string, readonly string[]>>();
  /** Files whose imports are looked up again for the program that is being made. */
  #sought: ReadonlySet<string> = new Set();
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
    this.#settings = settings;
    this.#folder = settings.notebookFolder;
    this.#standardLibrary = settings.standardLibrary;
    this.#files = files;
    this.#configuration = readConfiguration(ts, this.#folder);
    this.#watch = new ConfigurationWatch(this.#folder, this.#configuration);
    this.#options = this.#cellOptions();
    this.#resolver = this.#createResolver();
    this.#host = this.#createHost();
    this.#build([]);
  }

  /** How cells are checked and written out. */
  get options(): ts.CompilerOptions {
    return this.#options;
  }

  /** What is wrong with the project's configuration. */
  get warnings(): readonly string[] {
    return this.#configuration.warnings;
  }

  /** Whether the files that have been read, and the project's configuration, are still as they were. */
  get isCurrent(): boolean {
    if (this.#hasChanged()) return false;
    const watch = this.#watch;
    return (
      !(watch.haveFilesChanged || watch.haveFoldersChanged) ||
      isDeepStrictEqual(
        readConfiguration(ts, this.#folder),
        this.#configuration,
      )
    );
  }

  /** Whether modules are understood as Node does it, and not as a bundler. */
  get hasNodeResolution(): boolean {
    return hasNodeResolution(ts, this.#configuration.options);
  }

  #createResolver(): ModuleResolver {
    const { options } = this.#configuration;
    const { kernelFolder } = this.#settings;
    return new ModuleResolver(ts, options, ts.sys, kernelFolder);
  }

  #cellOptions(): ts.CompilerOptions {
    const { options, types } = this.#configuration;
    return {
      ...compilerOptions,
      ...projectOptions(this.#configuration),
      ...resolutionOptions(ts, options),
      types: [...new Set([...compilerOptions.types!, ...types])],
      typeRoots: [
        ...(options.typeRoots ?? []),
        join(this.#settings.projectFolder, "node_modules", "@types"),
        // The kernel's own, for a notebook outside of any project.
        this.#settings.kernelTypes,
      ],
    };
  }

  /** Reads the configuration again if it may be another; whether it is, or a declaration file of the project has changed. */
  #readConfiguration(looksInFolders: boolean): boolean {
    const { haveFilesChanged } = this.#watch;
    if (
      !haveFilesChanged &&
      !(looksInFolders && this.#watch.haveFoldersChanged)
    ) {
      return false;
    }
    const configuration = readConfiguration(ts, this.#folder);
    this.#watch = new ConfigurationWatch(this.#folder, configuration);
    if (isDeepStrictEqual(configuration, this.#configuration)) {
      return haveFilesChanged;
    }
    this.#configuration = configuration;
    this.#options = this.#cellOptions();
    this.#resolver = this.#createResolver();
    return true;
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
    const isMissing = (module: CellModule) =>
      this.#found.get(keyOf(module))?.resolvedModule === undefined &&
      !this.#isAmbient(module.name);
    for (const module of modules) this.#modules.set(keyOf(module), module);
    const references =
      cell && this.#missingReferences(cell).length === 0
        ? referenceLines(cell)
        : [];
    const isReferenceNew = references.some(
      (line) => !this.#references.has(line),
    );
    for (const line of references) this.#references.add(line);
    if (
      this.#readConfiguration(modules.length > 0) ||
      augmenting !== undefined ||
      isReferenceNew ||
      this.#foreignCell !== undefined ||
      modules.some(isMissing) ||
      ((modules.length > 0 || this.#references.size > 0) && this.#hasChanged())
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
  prepareKnown(modules: readonly CellModule[]): void {
    const untried = modules.filter((each) => !this.#modules.has(keyOf(each)));
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
    const found = [
      ...this.#missingReferences(cell),
      ...bindDiagnostics,
      ...checker.getDiagnostics(cell),
    ];
    return withoutExpected(
      cell,
      found
        .filter(({ code }) => code !== IMPORT_ASSIGNMENT)
        .map(withPlaceForDeclaration),
    );
  }

  #missingReferences(cell: ts.SourceFile): readonly ts.Diagnostic[] {
    return missingReferences(cell, this.#folder, this.#options, this.#host);
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
        const found = this.#found.get(keyOf(module));
        const path = found?.resolvedModule?.resolvedFileName;
        const file = path && this.#checkerHost.getSourceFile(path);
        if (!file || this.#sound.has(file)) return [];
        const { parseDiagnostics } = innerFile(file);
        const wrong: readonly ts.Diagnostic[] =
          parseDiagnostics.length > 0
            ? parseDiagnostics
            : withoutExpected(file, this.#checker.getDiagnostics(file)).filter(
                ({ code }) => !COMMON_JS.has(code) || !this.#mayRequire(file),
              );
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
    this.#references.clear();
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
    const host = ts.createCompilerHost(this.#options, true);
    host.getCurrentDirectory = () => this.#folder;
    host.getSourceFile = (path, options) => this.#files.get(path, options);
    // TypeScript looks for it beside itself, which in a bundle is nowhere.
    host.getDefaultLibLocation = () => this.#standardLibrary;
    host.getDefaultLibFileName = (options) =>
      join(this.#standardLibrary, ts.getDefaultLibFileName(options));
    host.resolveModuleNameLiterals = (literals, importer, _to, _by, file) =>
      literals.map((literal) => {
        const { text } = literal;
        const mode = this.#modeOf(literal, file);
        const found =
          importer === this.#anchorPath
            ? this.#resolver.cellTypes(text, importer, mode)
            : this.#resolver.types(text, importer, mode);
        if (!isInstalled(importer)) {
          const absent = this.#absent.get(importer) ?? new Map();
          this.#absent.set(importer, absent);
          absent.set(text, this.#resolver.absent(text, found));
        }
        return found;
      });
    // An import of a file that is as it was may lead to another one.
    host.hasInvalidatedResolutions = (path) => this.#sought.has(path);
    return host;
  }

  /** Whether a file runs as CommonJS, or as an ES module that may do what only CommonJS can. */
  #mayRequire(file: ts.SourceFile): boolean {
    const { format, isChosen } = this.#formatOf(file);
    return format === "commonjs" || !isChosen;
  }

  #formatOf(file: ts.SourceFile): FormatChoice {
    const { options } = this.#configuration;
    const syntax = () => fileSyntax(ts, file);
    return moduleFormat(ts, file.fileName, options, syntax);
  }

  /** How a file asks for a module: a file that runs as CommonJS requires what it imports. */
  #modeOf(
    literal: ts.StringLiteralLike,
    file: ts.SourceFile,
  ): "import" | "require" {
    if (file.isDeclarationFile || file.fileName === this.#anchorPath) {
      const mode = ts.getModeForUsageLocation(file, literal, this.#options);
      return mode === ts.ModuleKind.CommonJS ? "require" : "import";
    }
    if (ts.isExternalModuleReference(literal.parent)) return "require";
    const isDynamic = ts.isCallExpression(literal.parent);
    const isModule = this.#formatOf(file).format === "module";
    return isDynamic || isModule ? "import" : "require";
  }

  get #anchorPath(): string {
    return join(this.#folder, "__anchor__.ts");
  }

  /** Whether a file that may change has done so since it was read, or leads to another one now. */
  #hasChanged(): boolean {
    const files = this.#program?.getSourceFiles() ?? [];
    return files.some(
      ({ fileName }) =>
        this.#files.hasChanged(fileName) || this.#isFoundElsewhere(fileName),
    );
  }

  /** Whether a file is there now that one of a file's imports had been looked for in vain. */
  #isFoundElsewhere(importer: string): boolean {
    const absent = this.#absent.get(importer);
    return (
      absent !== undefined &&
      [...absent.values()].some((paths) => paths.some(ts.sys.fileExists))
    );
  }

  #build(more: readonly ts.SourceFile[]): void {
    this.#resolver.refresh();
    this.#sought = new Set(
      [...this.#absent.keys()].filter(
        (path) => this.#files.hasChanged(path) || this.#isFoundElsewhere(path),
      ),
    );
    for (const path of this.#sought) this.#absent.delete(path);
    const anchor = this.#createAnchor();
    const host = Object.create(this.#host) as ts.CompilerHost;
    const own = new Map(
      [anchor, ...this.#kernelModules()].map((file) => [file.fileName, file]),
    );
    host.getSourceFile = (path, ...others) =>
      own.get(path) ?? this.#host.getSourceFile(path, ...others);
    host.fileExists = (path) => own.has(path) || this.#host.fileExists(path);
    const program = ts.createProgram({
      rootNames: [...own.keys(), ...this.#configuration.declarations],
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
      if (!found) continue;
      const isRequired = ts.isExternalModuleReference(name.parent);
      const mode = isRequired ? "require" : "import";
      this.#found.set(keyOf({ name: name.text, mode }), found);
    }
    this.renewChecker();
  }

  /** A file that imports every module that a cell imports, so that the program reads it, and declares the kernel's own globals. */
  #createAnchor(): ts.SourceFile {
    const lines = [...this.#modules.values()].map(({ name, mode }, index) =>
      mode === "import"
        ? `import ${JSON.stringify(name)};`
        : `import __required${index} = require(${JSON.stringify(name)});`,
    );
    return ts.createSourceFile(
      this.#anchorPath,
      [...this.#references, ...lines, kernelGlobals].join("\n"),
      ts.ScriptTarget.ES2022,
      true,
    );
  }

  /** Declarations of the modules that the kernel provides and the project has none of: TypeScript takes these before a package's. */
  #kernelModules(): ts.SourceFile[] {
    return Object.entries(kernelModules).flatMap(([name, text]) => {
      const found = this.#resolver.types(name, this.#anchorPath, "import");
      if (found.resolvedModule) return [];
      const path = join(this.#folder, `__${name}__.d.ts`);
      return [ts.createSourceFile(path, text, ts.ScriptTarget.ES2022, true)];
    });
  }

  #createCheckerHost(
    program: CheckerHost,
    more: readonly ts.SourceFile[],
  ): CheckerHost {
    const host = Object.create(program) as CheckerHost;
    const libraries = program.getSourceFiles();
    const cells = this.#augmenting;
    const find = (name: string, isRequired: boolean) =>
      (isRequired
        ? this.#found.get(keyOf({ name, mode: "require" }))
        : undefined) ?? this.#found.get(keyOf({ name, mode: "import" }));
    host.getSourceFiles = () => [...libraries, ...cells, ...more];
    host.getSourceFile = (path) =>
      cells.find(({ fileName }) => fileName === path) ??
      program.getSourceFile(path);
    host.getResolvedModule = (file, name, mode) =>
      isOwnFile(file)
        ? find(name, mode === ts.ModuleKind.CommonJS)
        : program.getResolvedModule(file, name, mode);
    host.getResolvedModuleFromModuleSpecifier = (specifier, given) => {
      const file = given ?? specifier.getSourceFile();
      return isOwnFile(file)
        ? find(specifier.text, ts.isExternalModuleReference(specifier.parent))
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

function keyOf({ name, mode }: CellModule): string {
  return `${mode}:${name}`;
}

/** Says where what a cell may not declare can be declared. */
function withPlaceForDeclaration(found: ts.Diagnostic): ts.Diagnostic {
  if (!NO_MODULE_TO_ADD_TO.has(found.code)) return found;
  const text = ts.flattenDiagnosticMessageText(found.messageText, "\n");
  return {
    ...found,
    messageText: `${text}\nA module without types of its own is declared in a .d.ts file, which tsconfig.json includes or a cell names by /// <reference path="./name.d.ts" />.`,
  };
}
