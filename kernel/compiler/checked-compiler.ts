/**
 * Compiles cells with one long-lived TypeScript type checker.
 *
 * `checker/cell-program.ts` checks a cell against the cells before it, in about a millisecond;
 * `checker/live-names.ts` tracks which names are live; `checker/cell-writer.ts` writes the
 * JavaScript; `checker/editor.ts` implements completion and inspection.
 */
import ts from "typescript";
import type { CellModule } from "./checker/cell-modules";
import { CellProgram } from "./checker/cell-program";
import { type CarriedSlot, CellWriter } from "./checker/cell-writer";
import { cellModules } from "./checker/cell-file";
import { CellTargets } from "./cell-targets";
import type { FileStore } from "./checker/file-store";
import { complete, inspect } from "./checker/editor";
import { internalFile } from "./checker/internal-typescript";
import { tagModules } from "./checker/jsx";
import { exported, LiveNames } from "./checker/live-names";
import { isSharedValue, typeFits } from "./checker/shared-values";
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
import {
  type DebugExpression,
  debugExpression,
  type DebugPlace,
  type DebugSyntax,
  debugSyntax,
} from "./debug-syntax";
import { FileSyntaxError } from "./project/file-syntax-error";
import type { CompilerSettings } from "./settings";
import { TOO_DEEP } from "./too-deep";

/** Compiles cells with stock TypeScript. */
export class CheckedCompiler implements Compiler {
  readonly version = ts.version;
  readonly #notebookFolder: string;
  readonly #program: CellProgram;
  readonly #targets: CellTargets;
  readonly #names = new LiveNames();
  #cells = 0;
  #pending: ts.SourceFile | undefined;
  /** Warnings that have been reported. */
  readonly #reported = new Set<string>();

  /**
   * @param settings The folder of the cells, and the locations of packages and global types.
   * @param files Files that have already been read.
   */
  constructor(settings: CompilerSettings, files?: FileStore) {
    this.#notebookFolder = settings.notebookFolder;
    this.#program = new CellProgram(settings, files);
    this.#targets = new CellTargets(settings, {
      find: (path) => this.#program.findFile(path),
    });
  }

  get programs(): number {
    return this.#program.builds;
  }

  /** Whether the files that were read are unchanged. */
  get isCurrent(): boolean {
    return this.#program.isCurrent;
  }

  async compile(
    source: string,
    declarations: Declarations = "kept",
  ): Promise<Compilation> {
    try {
      return this.#query(() => this.#compile(source, declarations));
    } catch (error) {
      if (error instanceof FileSyntaxError) {
        return {
          diagnostics: [
            diagnosticIn(error.diagnostic().file, error.diagnostic()),
          ],
        };
      }
      if (!(error instanceof RangeError)) throw error;
      // The checker's state is inconsistent after a stack overflow.
      this.#program.resolveFirst(() => []);
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
    return { cell: compiled, warnings: this.#newWarnings() };
  }

  /** Returns the modules that a cell imports, including those that its JSX elements need. */
  #modules(cell: ts.SourceFile): CellModule[] {
    const named = tagModules(cell, this.#program.options);
    const byTags = named.map((name) => ({ name, mode: "import" as const }));
    return [...cellModules(cell), ...byTags];
  }

  #newWarnings(): readonly string[] {
    const warnings = this.#program.warnings.filter(
      (each) => !this.#reported.has(each),
    );
    for (const each of warnings) this.#reported.add(each);
    return warnings;
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
    return this.#query(() => {
      const cell = this.#createCell(source);
      // The module name under the cursor is still incomplete.
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
    return this.#query(() => {
      const cell = this.#createCell(source);
      this.#program.prepareKnown(this.#modules(cell));
      return inspect(this.#program, cell, offset);
    });
  }

  async completeness(source: string): Promise<Completeness> {
    try {
      const { parseDiagnostics } = internalFile(this.#createCell(source));
      return completeness(source, parseDiagnostics);
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      // Too deeply nested to be parsed; the error is reported when the cell runs.
      return { status: "complete", indent: "" };
    }
  }

  async debugSyntax(source: string): Promise<DebugSyntax> {
    return debugSyntax(ts, source);
  }

  async debugExpression(
    expression: string,
    place?: DebugPlace,
  ): Promise<DebugExpression> {
    return debugExpression(ts, expression, place);
  }

  async close(): Promise<void> {
    // There are no resources to release besides memory.
  }

  /**
   * Runs a query against the checker.
   *
   * A new checker overflows the stack on types that build on each other over hundreds of cells. The
   * types are then resolved one by one, and the query is run again.
   */
  #query<Result>(query: () => Result): Result {
    try {
      return query();
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      this.#program.resolveFirst(() => this.#names.symbols());
      return query();
    }
  }

  #createCell(source: string): ts.SourceFile {
    this.#cells += 1;
    const name = `cell${this.#cells}`;
    const scope = this.#names.scope(this.#notebookFolder);
    return this.#program.createCell(name, source, scope);
  }

  /**
   * Assigns slots to the cell's names. Returns the slots that start with the name's previous value.
   */
  #assignSlots(
    cell: ts.SourceFile,
    declarations: Declarations,
  ): readonly CarriedSlot[] {
    const { checker } = this.#program;
    const carried: CarriedSlot[] = [];
    this.#names.beginCell();
    for (const [escapedName, local] of internalFile(cell).locals.entries()) {
      const symbol = exported(local);
      const name = ts.unescapeLeadingUnderscores(escapedName);
      if (!isSharedValue(symbol)) continue;
      if (declarations === "forgotten") {
        this.#names.assignTemporarySlot(symbol, name);
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

/** The diagnostic for a cell that overflows TypeScript's stack; tsc ends with a RangeError here. */
function tooDeep(): Diagnostic {
  return {
    code: 0,
    message: TOO_DEEP,
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
