/**
 * What the rest of the kernel knows of the compiler of cells.
 *
 * A cell goes in; diagnostics, or JavaScript to run, come out. Which compiler does it is nobody
 * else's business: `checked-compiler.ts` is one, `tslab-compiler.ts` another, and `compiler-client.ts` puts any of them in a process of its own.
 */
import type { ModuleTarget } from "./project/compiled-file";

/** A place in a cell: both zero-based, the column in UTF-16 code units. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/** TypeScript's numbers below this one are of its grammar, those above of its types. */
export const FIRST_SEMANTIC_CODE = 2000;

/** Something the compiler objects to. */
export interface Diagnostic {
  /** TypeScript's number of the message, such as 2322; 0 for one of the kernel's own. */
  readonly code: number;
  /** TypeScript's text; further lines explain the first. */
  readonly message: string;
  /** Whether the text is no TypeScript at all, rather than wrong in its types. */
  readonly syntax: boolean;
  /** The file, if it is not the cell itself but one that the cell imports. */
  readonly file?: string;
  readonly start: Position;
  readonly end: Position;
}

/** A name that takes the value of something imported. */
export interface ImportedName {
  /** Where the value is to lie among the variables of the cells. */
  readonly slot: string;
  /** The export's name; `*` for all exports as one object, `=` for what a CommonJS module is. */
  readonly name: string;
  /** Whether the module may give it another value later on. */
  readonly isLive?: true;
}

/** A module that is to be loaded before a cell runs. */
export interface CellImport {
  /** As the cell writes it: "node:fs", "./helper". */
  readonly module: string;
  /** The file that it leads to; undefined where only Node itself may know. */
  readonly target?: ModuleTarget;
  readonly names: readonly ImportedName[];
}

/** A cell that may run. */
export interface CompiledCell {
  /**
   * A script whose value is a function `(variables, require, load) => value`; see `isAsync`. `load` is what `import()` calls.
   */
  readonly javascript: string;
  /** Source map (version 3, JSON) from `javascript` back to the cell's own lines. */
  readonly sourceMap: string;
  /** Modules to be loaded first; none where the script itself requires what it needs. */
  readonly imports?: readonly CellImport[];
  /** Where names lead that the cell gives to `import()` and to `require`. */
  readonly imported?: Readonly<Record<string, ModuleTarget>>;
  readonly required?: Readonly<Record<string, ModuleTarget>>;
  /** Whether a CommonJS module is by default all that it exports, as in Node, also if it was compiled from an ES module. */
  readonly isNodes?: boolean;
  /** Whether the function returns a promise, because the cell awaits at its top level. */
  readonly isAsync: boolean;
  /** The name under which the last expression's value lies among the variables after the run, if the cell ends in one. */
  readonly lastExpression?: string;
}

/** The outcome of a compilation: a cell that may run, or the reasons why not. */
export type Compilation =
  | {
      readonly cell: CompiledCell;
      readonly diagnostics?: undefined;
      /** What the user is to be told once, such as of a configuration that is not understood. */
      readonly warnings?: readonly string[];
    }
  | {
      readonly cell?: undefined;
      readonly diagnostics: readonly Diagnostic[];
      readonly warnings?: readonly string[];
    };

/** Something that can stand at the cursor. */
export interface CompletionEntry {
  readonly name: string;
  /** What it is, in the words that editors know: see `completion-kind.ts`. */
  readonly kind: string;
  /** "(x: number): string" for what can be called, the type for another value, if the compiler tells. */
  readonly signature?: string;
}

/** What can stand at the cursor. Offsets are UTF-16 code units from the start of the cell. */
export interface CompletionList {
  readonly start: number;
  readonly end: number;
  readonly entries: readonly CompletionEntry[];
}

/** What the compiler knows of the name under the cursor. */
export interface Inspection {
  /** Its signature, such as "function scale(images: NdArray): tf.Tensor4D". */
  readonly signature: string;
  /** Its doc comment in Markdown; empty if it has none. */
  readonly documentation: string;
  /** The TypeScript text that declares it, if a cell or a file of the user's own does and the compiler tells. */
  readonly source?: string;
}

/** Whether a text is a whole cell, and if not, how far the next line is to be indented. */
export interface Completeness {
  readonly status: "complete" | "incomplete" | "invalid" | "unknown";
  readonly indent: string;
}

/** What becomes of what a cell declares. */
export type Declarations = "kept" | "forgotten";

/** A compiler of cells, each of which sees what the cells before it declared. */
export interface Compiler {
  /** The TypeScript version that checks the cells, such as "5.0.4". */
  readonly version: string;
  /**
   * Checks and compiles a cell. What it declares is seen by later cells only after `commit`.
   *
   * @param declarations "forgotten" for what is never committed although it runs: it gets no hold of the variables that it hides.
   */
  compile(source: string, declarations?: Declarations): Promise<Compilation>;
  /** Keeps the declarations of the cell compiled last; to be called once its own code has begun to run. */
  commit(): Promise<void>;
  /** Forgets every declaration: the variables are gone. */
  reset(): Promise<void>;
  complete(source: string, offset: number): Promise<CompletionList>;
  /** Undefined if there is nothing to tell about what stands at the offset. */
  inspect(source: string, offset: number): Promise<Inspection | undefined>;
  completeness(source: string): Promise<Completeness>;
  /** Lets go of the cell that is being compiled: `compile` fails with an `Interrupt`, and cells before it stay known. */
  interrupt?(): void;
  close(): Promise<void>;
}
