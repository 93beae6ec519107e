/**
 * Cells compiled with one long-lived checker of TypeScript's own.
 *
 * `checker/cell-program.ts` checks a cell against the cells before it, in about a millisecond; `checker/live-names.ts` knows which names are
 * live; `checker/cell-writer.ts` writes what runs; `checker/editor.ts` answers the editor.
 */
import ts from "typescript";
import type { CellModule } from "./checker/cell-modules";
import { CellProgram } from "./checker/cell-program";
import { type CarriedSlot, CellWriter } from "./checker/cell-writer";
import { cellModules } from "./checker/cell-file";
import { CellTargets } from "./cell-targets";
import type { FileStore } from "./checker/file-store";
import { complete, inspect } from "./checker/editor";
import { innerFile } from "./checker/inner-typescript";
import { tagModules } from "./checker/jsx";
import { exported, LiveNames } from "./checker/live-names";
import { stringAt } from "./checker/string-place";
import {
  type Compilation,
  type Compiler,
  type Completeness,
  type CompletionList,
  type Declarations,
  type Diagnostic,
  FIRST_SEMANTIC_CODE,
  type Inspection,
  type Position,
} from "./compiler";
import { completeness } from "./completeness";
import { FileSyntaxError } from "./project/file-syntax-error";
import type { CompilerSettings } from "./settings";

/** Compiles cells with stock TypeScript. */
export class CheckedCompiler implements Compiler {
  readonly version = ts.version;
  readonly #notebookFolder: string;
  readonly #program: CellProgram;
  readonly #targets: CellTargets;
  readonly #names = new LiveNames();
  #cells = 0;
  #pending: ts.SourceFile | undefined;
  /** Warnings that have been given. */
  readonly #said = new Set<string>();

  /**
   * @param settings Where cells stand, and where packages and global types are.
   * @param files What has been read already.
   */
  constructor(settings: CompilerSettings, files?: FileStore) {
    this.#notebookFolder = settings.notebookFolder;
    this.#program = new CellProgram(settings, files);
    this.#targets = new CellTargets(settings, {
      find: (path) => this.#program.findFile(path),
    });
  }

  /** Whether the files that have been read are still as they were. */
  get isCurrent(): boolean {
    return this.#program.isCurrent;
  }

  async compile(
    source: string,
    declarations: Declarations = "kept",
  ): Promise<Compilation> {
    try {
      return this.#ask(() => this.#compile(source, declarations));
    } catch (error) {
      if (error instanceof FileSyntaxError) {
        return {
          diagnostics: [diagnosticIn(error.wrong().file, error.wrong())],
        };
      }
      if (!(error instanceof RangeError)) throw error;
      // What the checker was at when its stack ended is left half done.
      this.#program.workOutFirst(() => []);
      return { diagnostics: [tooDeep()] };
    }
  }

  #compile(source: string, declarations: Declarations): Compilation {
    this.#pending = undefined;
    const cell = this.#createCell(source);
    const modules = this.#modules(cell);
    this.#program.prepare(modules, cell);
    const found = [
      ...this.#program.diagnosticsOfFiles(modules),
      ...this.#program.diagnostics(cell),
    ];
    if (found.length > 0) {
      return { diagnostics: found.map((each) => toDiagnostic(each, cell)) };
    }
    const { checker } = this.#program;
    const carried = this.#assignSlots(cell, declarations);
    const writer = new CellWriter(
      cell,
      checker,
      this.#names,
      this.#program.options,
    );
    const written = writer.write(carried);
    const compiled = this.#targets.add(written, cell, this.#program);
    if (declarations === "kept") this.#pending = cell;
    return { cell: compiled, warnings: this.#unsaidWarnings() };
  }

  /** The modules that a cell imports, be it by its tags. */
  #modules(cell: ts.SourceFile): CellModule[] {
    const named = tagModules(cell, this.#program.options);
    const byTags = named.map((name) => ({ name, mode: "import" as const }));
    return [...cellModules(cell), ...byTags];
  }

  #unsaidWarnings(): readonly string[] {
    const unsaid = this.#program.warnings.filter(
      (each) => !this.#said.has(each),
    );
    for (const each of unsaid) this.#said.add(each);
    return unsaid;
  }

  async commit(): Promise<void> {
    const cell = this.#pending;
    if (cell === undefined) return;
    this.#pending = undefined;
    this.#program.add(cell);
    this.#names.add(cell, this.#program.checker);
  }

  async reset(): Promise<void> {
    this.#pending = undefined;
    this.#names.clear();
    this.#program.clear();
  }

  async complete(source: string, offset: number): Promise<CompletionList> {
    return this.#ask(() => {
      const cell = this.#createCell(source);
      // The name of a module in which the cursor stands is not whole yet.
      const typed = stringAt(cell, offset)?.literal.text;
      this.#program.prepareKnown(
        this.#modules(cell).filter(({ name }) => name !== typed),
      );
      return complete(this.#program, cell, offset);
    });
  }

  async inspect(
    source: string,
    offset: number,
  ): Promise<Inspection | undefined> {
    return this.#ask(() => {
      const cell = this.#createCell(source);
      this.#program.prepareKnown(this.#modules(cell));
      return inspect(this.#program, cell, offset);
    });
  }

  async completeness(source: string): Promise<Completeness> {
    try {
      const { parseDiagnostics } = innerFile(this.#createCell(source));
      return completeness(source, parseDiagnostics);
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      // Too deep to be parsed; when it is run that is told.
      return { status: "complete", indent: "" };
    }
  }

  async close(): Promise<void> {
    // Nothing is held but memory.
  }

  /**
   * Puts a question to the checker. A fresh one that meets types which build on each other over hundreds of cells runs out of
   * stack; then these are worked out one by one before it is asked again.
   */
  #ask<Answer>(question: () => Answer): Answer {
    try {
      return question();
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      this.#program.workOutFirst(() => this.#names.symbols());
      return question();
    }
  }

  #createCell(source: string): ts.SourceFile {
    this.#cells += 1;
    const name = `cell${this.#cells}`;
    const scope = this.#names.scope(this.#notebookFolder);
    return this.#program.createCell(name, source, scope);
  }

  /** Gives the cell's names their slots; those that begin with the value that the name had. */
  #assignSlots(
    cell: ts.SourceFile,
    declarations: Declarations,
  ): readonly CarriedSlot[] {
    const { checker } = this.#program;
    const carried: CarriedSlot[] = [];
    this.#names.beginCell();
    for (const [escapedName, local] of innerFile(cell).locals.entries()) {
      const symbol = exported(local);
      const name = ts.unescapeLeadingUnderscores(escapedName);
      if (!isSharedValue(symbol)) continue;
      if (declarations === "forgotten") {
        this.#names.assignPassingSlot(symbol, name);
        continue;
      }
      const before = this.#names.valueOf(name, checker);
      const from = before && this.#names.slotOf(before);
      const fits = before !== undefined && typeFits(symbol, before, checker);
      const slot = this.#names.assignSlot(symbol, name, before, fits);
      if (from !== undefined && slot !== from) carried.push({ slot, from });
    }
    return carried;
  }
}

/** Whether a symbol has a value that lies among the cells' variables, rather than none, or one of the global scope. */
function isSharedValue(symbol: ts.Symbol): boolean {
  const kinds = ts.SymbolFlags.Value | ts.SymbolFlags.Alias;
  if ((symbol.flags & kinds) === 0) return false;
  const declaration = symbol.valueDeclaration;
  return (
    declaration === undefined ||
    (ts.getCombinedModifierFlags(declaration) & ts.ModifierFlags.Ambient) === 0
  );
}

/** Whether functions that were checked against the symbol before can do with the new one. */
function typeFits(
  symbol: ts.Symbol,
  before: ts.Symbol,
  checker: ts.TypeChecker,
): boolean {
  const target = (each: ts.Symbol) =>
    each.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(each) : each;
  const [type, oldType] = [symbol, before].map((each) =>
    checker.getTypeOfSymbol(target(each)),
  ) as [ts.Type, ts.Type];
  const isAny = (each: ts.Type) => (each.flags & ts.TypeFlags.Any) !== 0;
  if (isAny(type) && !isAny(oldType)) return false;
  return checker.isTypeAssignableTo(type, oldType);
}

/** The objection to a cell for which TypeScript has not enough stack: tsc ends with a RangeError of its own. */
function tooDeep(): Diagnostic {
  return {
    code: 0,
    message:
      "Expected a cell that TypeScript has the stack to check, received one whose expressions or statements are nested too deeply. Split it.",
    syntax: false,
    start: { line: 0, column: 0 },
    end: { line: 0, column: 0 },
  };
}

function toDiagnostic(found: ts.Diagnostic, cell: ts.SourceFile): Diagnostic {
  return diagnosticIn(found.file ?? cell, found, cell);
}

function diagnosticIn(
  file: ts.SourceFile,
  found: ts.Diagnostic,
  cell?: ts.SourceFile,
): Diagnostic {
  const start = found.start ?? 0;
  const positionOf = (offset: number): Position => {
    const { line, character } = file.getLineAndCharacterOfPosition(offset);
    return { line, column: character };
  };
  return {
    code: found.code,
    message: ts.flattenDiagnosticMessageText(found.messageText, "\n"),
    syntax: found.code < FIRST_SEMANTIC_CODE,
    ...(file === cell ? {} : { file: file.fileName }),
    start: positionOf(start),
    end: positionOf(start + (found.length ?? 0)),
  };
}
