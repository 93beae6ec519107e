/**
 * The compiler's room: cells compiled with one long-lived checker of TypeScript's own.
 *
 * `checker/cell-program.ts` checks a cell against the cells before it, in about a millisecond; `checker/live-names.ts` knows which names are
 * live; `checker/cell-writer.ts` writes what runs; `checker/editor.ts` answers the editor.
 */
import * as ts from "typescript";
import { CellProgram } from "./checker/cell-program";
import { CellWriter } from "./checker/cell-writer";
import { moduleNames } from "./checker/cell-file";
import type { FileStore } from "./checker/file-store";
import { complete, inspect } from "./checker/editor";
import { innerFile } from "./checker/inner-typescript";
import { tagModules } from "./checker/jsx";
import { exported, LiveNames } from "./checker/live-names";
import { field } from "./checker/name-writer";
import { stringAt } from "./checker/string-place";
import {
  type Compilation,
  type Compiler,
  type Completeness,
  type CompletionList,
  type Diagnostic,
  FIRST_SEMANTIC_CODE,
  type Inspection,
  type Position,
} from "./compiler";
import { completeness } from "./completeness";
import type { CompilerSettings } from "./settings";

/** Compiles cells with stock TypeScript. */
export class CheckedCompiler implements Compiler {
  readonly version = ts.version;
  readonly #notebookFolder: string;
  readonly #program: CellProgram;
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
  }

  /** Whether the files that have been read are still as they were. */
  get isCurrent(): boolean {
    return this.#program.isCurrent;
  }

  async compile(source: string): Promise<Compilation> {
    return this.#ask(() => this.#compile(source));
  }

  #compile(source: string): Compilation {
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
    const before = this.#assignSlots(cell);
    this.#pending = cell;
    const writer = new CellWriter(
      cell,
      checker,
      this.#names,
      this.#program.options,
    );
    const mapped = this.#mapped(modules);
    return {
      cell: { ...writer.write(before), ...(mapped ? { mapped } : {}) },
      warnings: this.#unsaidWarnings(),
    };
  }

  /** The modules that a cell imports, be it by its tags. */
  #modules(cell: ts.SourceFile): string[] {
    return [...moduleNames(cell), ...tagModules(cell, this.#program.options)];
  }

  /** The files of names that lead there by the project's configuration. */
  #mapped(modules: readonly string[]): Record<string, string> | undefined {
    const found = modules.flatMap((name) => {
      const file = this.#program.mappedFile(name);
      return file === undefined ? [] : [[name, file] as const];
    });
    return found.length > 0 ? Object.fromEntries(found) : undefined;
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
        this.#modules(cell).filter((name) => name !== typed),
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
    const { parseDiagnostics } = innerFile(this.#createCell(source));
    return completeness(source, parseDiagnostics);
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

  /** Gives the cell's names their slots; the statements by which a new slot begins with the value that the name had. */
  #assignSlots(cell: ts.SourceFile): string[] {
    const { checker } = this.#program;
    const statements: string[] = [];
    for (const [escapedName, local] of innerFile(cell).locals.entries()) {
      const symbol = exported(local);
      const name = ts.unescapeLeadingUnderscores(escapedName);
      if (!isSharedValue(symbol)) continue;
      const before = this.#names.valueOf(name, checker);
      const old = before && this.#names.slotOf(before);
      const fits = before !== undefined && typeFits(symbol, before, checker);
      const slot = this.#names.assignSlot(symbol, name, before, fits);
      if (old !== undefined && slot !== old) {
        // A cell that fails before its declaration leaves the name its value.
        const missing = `${JSON.stringify(slot)} in __cells`;
        statements.push(`${missing} || (${field(slot)} = ${field(old)});`);
      }
    }
    return statements;
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

function toDiagnostic(found: ts.Diagnostic, cell: ts.SourceFile): Diagnostic {
  const file = found.file ?? cell;
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
