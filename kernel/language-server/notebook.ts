/**
 * An open notebook: keeps the syntax trees and the errors of its cells up to date with little work.
 *
 * All cells share the checker of one `CellProgram`. An edited cell is parsed again, and so are the
 * later cells for which a name has a new meaning (see `seen-names.ts`); all others keep their trees
 * and their errors. A cell sees the cells before it in the notebook, as if it were run from the
 * top.
 */
import ts from "typescript";
import { CellProgram } from "../compiler/checker/cell-program";
import { cellModules } from "../compiler/checker/cell-file";
import type { CellModule } from "../compiler/checker/cell-modules";
import { referenceLines } from "../compiler/checker/cell-references";
import type { FileStore } from "../compiler/checker/file-store";
import { setScope } from "../compiler/checker/internal-typescript";
import { tagModules } from "../compiler/checker/jsx";
import { keepMentioned, LiveNames } from "../compiler/checker/live-names";
import type { CompilerSettings } from "../compiler/settings";
import { TOO_DEEP } from "../compiler/too-deep";
import { ImportSources } from "./import-sources";
import { magicProblems } from "./magic-problems";
import type { CellProblem, NotebookCell, ParsedCell } from "./notebook-cell";
import { SeenNames } from "./seen-names";

/**
 * The number of parsed cells after which the checker, which keeps all of them in memory, is
 * replaced.
 */
const MOST_PARSED = 500;

/**
 * The number of errors after which the checker is replaced: TypeScript makes suggestions ("Did you
 * mean …?") for the first ten of a checker only.
 */
const MOST_SUGGESTIONS = 8;

/** Minimum time between two checks for changed files, in milliseconds. */
const FILES_MILLISECONDS = 2000;

/** A notebook, or a file that is checked as a notebook with one cell. */
export class Notebook {
  readonly program: CellProgram;
  /** What can be imported in its cells. */
  readonly imports: ImportSources;
  /** Whether names to import have been asked for. */
  wantsImports = false;
  readonly #folder: string;
  #cells: readonly NotebookCell[] = [];
  readonly #byPath = new Map<string, NotebookCell>();
  /** Whether all cells are parsed. */
  #isCurrent = true;
  /** The names before the cell at an index. */
  #before: { readonly names: LiveNames; index: number } | undefined;
  #serial = 0;
  #parsedCount = 0;
  #suggestions = 0;
  #lookedAt = performance.now();

  /**
   * @param settings The folder of the notebook, and the locations of packages and global types.
   * @param files Files that have already been read.
   */
  constructor(settings: CompilerSettings, files: FileStore) {
    this.#folder = settings.notebookFolder;
    this.program = new CellProgram(settings, files);
    this.imports = new ImportSources(settings, files);
  }

  /** The cells, in the order of the notebook. */
  get cells(): readonly NotebookCell[] {
    return this.#cells;
  }

  /** Replaces the cells; those that were there before keep what is known about them. */
  setCells(cells: readonly NotebookCell[]): void {
    this.#cells = cells;
    this.#isCurrent = false;
  }

  /** Looks for changes of the files that the cells import. All cells are then checked again. */
  lookForChanges(): void {
    this.#lookedAt = performance.now();
    this.imports.clear();
    if (this.program.refresh()) this.#forgetProblems();
  }

  /** Parses the cells that have changed or that see other declarations than before. */
  update(): void {
    if (this.#isCurrent) return;
    this.#isCurrent = true;
    this.#before = undefined;
    if (performance.now() - this.#lookedAt > FILES_MILLISECONDS) {
      this.#lookedAt = performance.now();
      if (this.program.refresh()) this.#forgetProblems();
    }
    this.#prepare();
    const names = new LiveNames();
    for (const cell of this.#cells) {
      if (!cell.seen?.isSameIn(names.layers)) this.#resolve(cell, names);
      names.declare(cell.file, this.program.checker);
    }
    const files = this.#cells.map(({ file }) => file);
    if (this.program.replaceAugmenting(files)) this.#forgetProblems();
  }

  /** Parses the changed cells, and reads the modules that they import. */
  #prepare(): void {
    const changed = this.#cells.filter(({ parsed }) => parsed === undefined);
    for (const cell of changed) this.#parse(cell);
    const { checker } = this.program;
    this.program.prepareKnown(
      changed.flatMap((cell) => cell.parsed?.modules ?? []),
    );
    const references = changed.flatMap(({ file }) => referenceLines(file));
    if (references.length > 0) {
      // Without the cell itself, whose augmentations may be removed later.
      const text = references.join("\n");
      this.program.prepare([], this.#createFile("references", text));
    }
    if (this.program.checker !== checker) this.#forgetProblems();
    for (const { file } of changed) this.#includeImports(file);
  }

  /** Offers the names of the modules that a cell imports, if they exist, in other cells. */
  #includeImports(file: ts.SourceFile): void {
    for (const statement of file.statements) {
      if (!ts.isImportDeclaration(statement)) continue;
      const { moduleSpecifier } = statement;
      if (this.program.checker.getSymbolAtLocation(moduleSpecifier)) {
        this.imports.include((moduleSpecifier as ts.StringLiteral).text);
      }
    }
  }

  /** Gives a cell the names that are declared before it. */
  #resolve(cell: NotebookCell, names: LiveNames): void {
    if (cell.seen !== undefined) this.#parse(cell);
    setScope(cell.file, names.scope(this.#folder));
    keepMentioned(cell.file, this.program.checker);
    cell.seen = new SeenNames(cell.file, names.layers);
  }

  #parse(cell: NotebookCell): void {
    if (cell.parsed) this.#byPath.delete(cell.file.fileName);
    this.#serial += 1;
    this.#parsedCount += 1;
    const file = this.#createFile(`cell${this.#serial}`, cell.checkedText);
    this.#byPath.set(file.fileName, cell);
    cell.parsed = { file, modules: this.#modulesOf(file) };
    cell.problems = undefined;
  }

  /** Parses a text as a cell that is not part of the notebook. */
  parse(text: string): ParsedCell {
    const file = this.#createFile("draft", text);
    return { file, modules: this.#modulesOf(file) };
  }

  #createFile(name: string, text: string): ts.SourceFile {
    return this.program.createCell(name, text, undefined);
  }

  #modulesOf(file: ts.SourceFile): readonly CellModule[] {
    const named = tagModules(file, this.program.options);
    const byTags = named.map((name) => ({ name, mode: "import" as const }));
    return [...cellModules(file), ...byTags];
  }

  /** Returns the cell whose syntax tree has this path. */
  cellAt(path: string): NotebookCell | undefined {
    return this.#byPath.get(path);
  }

  /** The cells to check next: first those that have been edited, then the others in order. */
  get unchecked(): readonly NotebookCell[] {
    const unchecked = this.#cells.filter(({ problems }) => !problems);
    return [
      ...unchecked.filter(({ isEdited }) => isEdited),
      ...unchecked.filter(({ isEdited }) => !isEdited),
    ];
  }

  /** Checks a cell, which has been parsed. */
  check(cell: NotebookCell): void {
    cell.isEdited = false;
    cell.problems = this.query(() =>
      this.withAllNames(cell, () => this.#problemsOf(cell)),
    ) ?? [tooDeepIn(cell.file)];
    this.#suggestions += cell.problems.length;
  }

  #problemsOf(cell: NotebookCell): CellProblem[] {
    const { file, parsed } = cell;
    const imported = (parsed?.modules ?? []).flatMap((module) =>
      this.program
        .diagnosticsOfFiles([module])
        .map((diagnostic) => ({ diagnostic, importedAs: module.name })),
    );
    const own = this.program.diagnosticsBy(this.program.checker, file);
    return [
      ...magicProblems(cell),
      ...imported,
      ...own.map((diagnostic) => ({ diagnostic })),
    ];
  }

  /**
   * Runs a query against the checker. Returns undefined if expressions are nested, or types build
   * on each other, too deeply for TypeScript's stack.
   */
  query<Result>(query: () => Result): Result | undefined {
    try {
      return query();
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      const { names } = this.#namesBefore(this.#cells.length);
      try {
        // Types that build on each other over hundreds of cells are resolved one by one.
        this.program.resolveFirst(() => names.symbols());
        return query();
      } catch (again) {
        if (!(again instanceof RangeError)) throw again;
        // The checker's state is inconsistent after a stack overflow.
        this.program.resolveFirst(() => []);
        return undefined;
      }
    }
  }

  /**
   * Calls a function while a cell sees all names that are declared before it, and not only those
   * that it mentions.
   *
   * @param use Receives the names.
   */
  withAllNames<Result>(
    cell: NotebookCell,
    use: (scope: ts.SourceFile | undefined) => Result,
  ): Result {
    const { names } = this.#namesBefore(this.#cells.indexOf(cell));
    const { file } = cell;
    const mentioned = file.parent as ts.Node | undefined;
    const scope = names.scope(this.#folder);
    setScope(file, scope);
    try {
      return use(scope);
    } finally {
      setScope(file, mentioned as ts.SourceFile | undefined);
    }
  }

  #namesBefore(index: number): { readonly names: LiveNames } {
    if (this.#before === undefined || this.#before.index > index) {
      this.#before = { names: new LiveNames(), index: 0 };
    }
    const before = this.#before;
    for (; before.index < index; before.index += 1) {
      before.names.declare(
        this.#cells[before.index]!.file,
        this.program.checker,
      );
    }
    return before;
  }

  /**
   * Replaces the checker if it has become too large, and reads the names to import if they have
   * been asked for. Call this while nobody waits.
   */
  tidy(): void {
    if (this.wantsImports) this.imports.read();
    if (
      this.#parsedCount < MOST_PARSED + this.#cells.length &&
      this.#suggestions < MOST_SUGGESTIONS
    ) {
      return;
    }
    this.#parsedCount = 0;
    this.#suggestions = 0;
    this.program.renewChecker();
  }

  #forgetProblems(): void {
    for (const cell of this.#cells) cell.problems = undefined;
  }
}

/** Returns the error of a cell that overflows TypeScript's stack. */
function tooDeepIn(file: ts.SourceFile): CellProblem {
  const category = ts.DiagnosticCategory.Error;
  const place = { file, start: 0, length: 0 };
  return {
    diagnostic: { category, code: 0, messageText: TOO_DEEP, ...place },
  };
}
