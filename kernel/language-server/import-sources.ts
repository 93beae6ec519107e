/**
 * Lists what can be imported in a notebook: from Node's modules, the files beside the notebook, the
 * packages that its project depends on, the library that comes with the kernel, and the modules
 * that its cells import anyway.
 *
 * They are read into a program of their own, because the global declarations of a package must not
 * be visible before a cell imports it.
 */
import { builtinModules } from "node:module";
import { join, relative, sep } from "node:path";
import ts from "typescript";
import { CellProgram } from "../compiler/checker/cell-program";
import { cellModules } from "../compiler/checker/cell-file";
import type { FileStore } from "../compiler/checker/file-store";
import type { CompilerSettings } from "../compiler/settings";
import { isIdentifier } from "../identifier";

/** The library that comes with the kernel. */
const LIBRARY = "convnotes";

/** The most files and packages that are read. */
const MOST_FILES = 200;
const MOST_PACKAGES = 30;

/** A name that can be imported. */
export interface ImportCandidate {
  /** The name in the cell. */
  readonly name: string;
  /** The specifier of the module, such as "node:fs" or "./helper". */
  readonly module: string;
  /** Whether it is the module's default export. */
  readonly isDefault: boolean;
  /** What it is. */
  readonly flags: ts.SymbolFlags;
}

/** The names that can be imported, read when they are first needed. */
export class ImportSources {
  readonly #settings: CompilerSettings;
  readonly #files: FileStore;
  #program: CellProgram | undefined;
  #names: Map<string, ImportCandidate[]> | undefined;
  readonly #imported = new Set<string>();

  /**
   * @param settings The folder of the notebook.
   * @param files Files that have already been read.
   */
  constructor(settings: CompilerSettings, files: FileStore) {
    this.#settings = settings;
    this.#files = files;
  }

  /** Whether the names have been read, which takes a second or more for a large package. */
  get isRead(): boolean {
    return this.#names !== undefined;
  }

  /** Forgets the names, because files have changed. */
  clear(): void {
    this.#names = undefined;
  }

  /** Includes a module that a cell imports. */
  include(module: string): void {
    if (this.#imported.has(module)) return;
    this.#imported.add(module);
    this.#names = undefined;
  }

  /** Reads the names, unless that has been done. */
  read(): void {
    this.#all();
  }

  /** Returns from where a name can be imported, the most likely first. */
  find(name: string): readonly ImportCandidate[] {
    return this.#all().get(name) ?? [];
  }

  /** Returns names that begin with a text. */
  beginningWith(text: string): ImportCandidate[] {
    return [...this.#all()]
      .filter(([name]) => name.startsWith(text))
      .flatMap(([, candidates]) => candidates);
  }

  #all(): ReadonlyMap<string, readonly ImportCandidate[]> {
    this.#names ??= this.#read();
    return this.#names;
  }

  #read(): Map<string, ImportCandidate[]> {
    const modules = new Set([
      ...filesBeside(this.#settings.notebookFolder),
      ...this.#imported,
      LIBRARY,
      ...dependencies(this.#settings.projectFolder),
      ...nodeModules(),
    ]);
    const program = (this.#program ??= new CellProgram(
      this.#settings,
      this.#files,
    ));
    const lines = Array.from(modules, (name) => `import ${quoted(name)};`);
    const file = program.createCell("imports", lines.join("\n"), undefined);
    program.refresh();
    program.prepareKnown(cellModules(file));
    const names = new Map<string, ImportCandidate[]>();
    for (const statement of file.statements) {
      if (!ts.isImportDeclaration(statement)) continue;
      for (const each of candidatesIn(statement, program.checker)) {
        const others = names.get(each.name);
        if (others) others.push(each);
        else names.set(each.name, [each]);
      }
    }
    return names;
  }
}

function candidatesIn(
  { moduleSpecifier }: ts.ImportDeclaration,
  checker: ts.TypeChecker,
): ImportCandidate[] {
  const module = (moduleSpecifier as ts.StringLiteral).text;
  const symbol = checker.getSymbolAtLocation(moduleSpecifier);
  if (symbol === undefined) return [];
  const named = exportsOf(symbol, checker).flatMap((each) => {
    const { name } = each;
    if (name === "default" || !isIdentifier(name)) return [];
    return { name, module, isDefault: false, flags: flagsOf(each, checker) };
  });
  const whole = defaultName(module, symbol);
  return whole === undefined
    ? named
    : [
        ...named,
        {
          name: whole,
          module,
          isDefault: true,
          flags: ts.SymbolFlags.ValueModule,
        },
      ];
}

/** Returns what a module exports, also as properties of `export =`, as Node's `path` does. */
function exportsOf(symbol: ts.Symbol, checker: ts.TypeChecker): ts.Symbol[] {
  const found = checker.getExportsOfModule(symbol);
  const whole = symbol.exports?.get(ts.InternalSymbolName.ExportEquals);
  if (whole === undefined) return found;
  const target =
    whole.flags & ts.SymbolFlags.Alias
      ? checker.getAliasedSymbol(whole)
      : whole;
  if ((target.flags & ts.SymbolFlags.Variable) === 0) return found;
  return [...found, ...checker.getTypeOfSymbol(target).getProperties()];
}

function flagsOf(symbol: ts.Symbol, checker: ts.TypeChecker): ts.SymbolFlags {
  return symbol.flags & ts.SymbolFlags.Alias
    ? checker.getAliasedSymbol(symbol).flags
    : symbol.flags;
}

/** Returns the usual name of a module's default export, such as `fs`, if there is one. */
function defaultName(module: string, symbol: ts.Symbol): string | undefined {
  const has = (name: string) => symbol.exports?.has(name as ts.__String);
  const isBuiltin = module.startsWith("node:") && !module.includes("/");
  if (!isBuiltin && !has("default") && !has("export=")) return undefined;
  const last =
    module
      .replace(/^node:/, "")
      .split("/")
      .at(-1) ?? "";
  const name = last.replace(/[-.](\w)/g, (_all, letter: string) =>
    letter.toUpperCase(),
  );
  return isIdentifier(name) ? name : undefined;
}

/** Returns specifiers of the TypeScript files in a folder and in its subfolders. */
function filesBeside(folder: string): string[] {
  return ts.sys
    .readDirectory(
      folder,
      [".ts", ".tsx"],
      ["**/node_modules", "**/.*"],
      undefined,
      2,
    )
    .filter((path) => !path.endsWith(".d.ts"))
    .slice(0, MOST_FILES)
    .map((path) => {
      const inside = relative(folder, path).split(sep).join("/");
      return `./${inside.replace(/\.tsx?$/, "")}`;
    });
}

/** Returns the packages that a project's package.json lists for its users. */
function dependencies(folder: string): string[] {
  interface PackageFile {
    readonly dependencies?: Readonly<Record<string, string>>;
    readonly peerDependencies?: Readonly<Record<string, string>>;
  }
  const text = ts.sys.readFile(join(folder, "package.json"));
  try {
    const listed = JSON.parse(text ?? "{}") as PackageFile;
    return Object.keys({ ...listed.dependencies, ...listed.peerDependencies })
      .filter((name) => !name.startsWith("@types/"))
      .slice(0, MOST_PACKAGES);
  } catch {
    // The notebook does not report a syntax error in package.json.
    return [];
  }
}

function nodeModules(): string[] {
  return builtinModules
    .filter((name) => !name.startsWith("_"))
    .map((name) => (name.startsWith("node:") ? name : `node:${name}`));
}

function quoted(text: string): string {
  return JSON.stringify(text);
}
