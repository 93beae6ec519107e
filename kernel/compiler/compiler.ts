/**
 * The interface between the kernel and a compiler of cells.
 *
 * A compiler takes a cell and returns diagnostics or executable JavaScript. `checked-compiler.ts`
 * and `tslab-compiler.ts` implement it; `compiler-client.ts` runs either of them in a separate
 * process.
 */
import type { DebugExpression, DebugPlace, DebugSyntax } from "./debug-syntax";
import type { ModuleTarget } from "./project/compiled-file";

/** A position in a cell. Both numbers are zero-based; the column is in UTF-16 code units. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/** TypeScript's error codes below this one concern syntax, the others types. */
export const FIRST_SEMANTIC_CODE = 2000;

/** An error reported by the compiler. */
export interface Diagnostic {
  /** TypeScript's error code, such as 2322; 0 for an error of the kernel. */
  readonly code: number;
  /** TypeScript's message; further lines explain the first. */
  readonly message: string;
  /** Whether this is a syntax error rather than a type error. */
  readonly syntax: boolean;
  /** The path of the imported file that contains the error; absent if the error is in the cell. */
  readonly file?: string | undefined;
  readonly start: Position;
  readonly end: Position;
}

/** A local name of an imported value. */
export interface ImportedName {
  /** The slot of the value among the variables of the cells. */
  readonly slot: string;
  /** The name of the export; `*` for a namespace object, `=` for the value of a CommonJS module. */
  readonly name: string;
  /** Whether the module may assign another value later. */
  readonly isLive?: true;
}

/** A module to load before a cell runs. */
export interface CellImport {
  /** The specifier as the cell writes it, such as "node:fs" or "./helper". */
  readonly module: string;
  /** The file that the specifier resolves to; undefined if only Node can resolve it. */
  readonly target?: ModuleTarget;
  readonly names: readonly ImportedName[];
}

/** A cell that is ready to run. */
export interface CompiledCell {
  /**
   * A script that evaluates to a function `(variables, require, load) => value`; see `isAsync`.
   * `load` implements `import()`.
   */
  readonly javascript: string;
  /** Source map (version 3, JSON) from `javascript` to the lines of the cell. */
  readonly sourceMap: string;
  /** Modules to load first; none if the script itself requires its modules. */
  readonly imports?: readonly CellImport[];
  /** The targets of the specifiers that the cell passes to `import()` and to `require`. */
  readonly imported?: Readonly<Record<string, ModuleTarget>>;
  readonly required?: Readonly<Record<string, ModuleTarget>>;
  /**
   * Whether the default export of a CommonJS module is always `module.exports`, as in Node, even if
   * the module was compiled from an ES module.
   */
  readonly usesNodeInterop?: boolean;
  /** Whether the function returns a promise because the cell uses top-level await. */
  readonly isAsync: boolean;
  /**
   * The variable that holds the value of the last expression after the run, if the cell ends with
   * an expression.
   */
  readonly lastExpression?: string | undefined;
}

/** The result of a compilation: an executable cell, or diagnostics. */
export type Compilation =
  | {
      readonly cell: CompiledCell;
      readonly diagnostics?: undefined;
      /** Warnings to show to the user once, for example about an invalid configuration. */
      readonly warnings?: readonly string[];
    }
  | {
      readonly cell?: undefined;
      readonly diagnostics: readonly Diagnostic[];
      readonly warnings?: readonly string[];
    };

/** A completion candidate. */
export interface CompletionEntry {
  readonly name: string;
  /** The kind in Jupyter's terms; see `completion-kind.ts`. */
  readonly kind: string;
  /**
   * "(x: number): string" for a callable, the type for another value, if the compiler provides it.
   */
  readonly signature?: string;
}

/**
 * Completion candidates at the cursor. Offsets are in UTF-16 code units from the start of the cell.
 */
export interface CompletionList {
  readonly start: number;
  readonly end: number;
  readonly entries: readonly CompletionEntry[];
}

/** Information about the name under the cursor. */
export interface Inspection {
  /** Its signature, such as "function scale(images: NdArray): tf.Tensor4D". */
  readonly signature: string;
  /** The doc comment as Markdown; empty if there is none. */
  readonly documentation: string;
  /**
   * The TypeScript text of the declaration, if it is in a cell or in a file of the user and the
   * compiler provides it.
   */
  readonly source?: string;
}

/** Whether a text is a complete cell, and if not, the indentation of the next line. */
export interface Completeness {
  readonly status: "complete" | "incomplete" | "invalid" | "unknown";
  readonly indent: string;
}

/** A magic that runs before its cell is checked (`../magics/catalog.ts`). */
export interface EarlyMagic {
  readonly name: string;
  /** The rest of its line. */
  readonly argument: string;
}

/** What happens to the declarations of a cell. */
export type Declarations = "kept" | "forgotten";

/** Compiles cells. Each cell sees the declarations of the cells before it. */
export interface Compiler {
  /** The TypeScript version that checks the cells, such as "5.0.4". */
  readonly version: string;
  /**
   * The number of programs that have been made to check cells, if the compiler keeps one: it stays
   * as it is when a cell is checked with what has been read before.
   */
  readonly programs?: number;
  /**
   * Checks and compiles a cell. Later cells see its declarations only after `commit`.
   *
   * @param declarations "forgotten" for a cell that runs but is never committed; its declarations
   *   do not take over the slots of the variables that they hide.
   */
  compile(source: string, declarations?: Declarations): Promise<Compilation>;
  /** Returns the magics of a cell that run before it is compiled, in its order. */
  early?(source: string): Promise<readonly EarlyMagic[]>;
  /**
   * Keeps the declarations of the cell compiled last. Call this once the cell's own code has
   * started to run.
   */
  commit(): Promise<void>;
  /** Discards every declaration, together with the variables. */
  reset(): Promise<void>;
  complete(source: string, offset: number): Promise<CompletionList>;
  /** Returns undefined if nothing is known about the name at the offset. */
  inspect(source: string, offset: number): Promise<Inspection | undefined>;
  completeness(source: string): Promise<Completeness>;
  /** Returns where the code of a cell or a file can stop in a debugger. */
  debugSyntax(source: string): Promise<DebugSyntax>;
  /** Returns an expression of a debugger as JavaScript, with the local names at its place. */
  debugExpression(
    expression: string,
    place?: DebugPlace,
  ): Promise<DebugExpression>;
  /**
   * Cancels the current compilation: `compile` rejects with an `Interrupt`. Cells before it stay
   * known.
   */
  interrupt?(): void;
  close(): Promise<void>;
}
