/**
 * Defines the entries of the list of cells.
 *
 * An entry is a small notebook. Each of its cells has the expected outcome of the checked compiler
 * and, where tslab's converter differs, its outcome with the reason.
 */

/** The outcome of a cell. */
export type Outcome =
  /** The displayed text. */
  string | typeof nothing | Objections | Failure;

/** The outcome of a cell that runs and displays nothing. */
export const nothing = Symbol("nothing");

/** The outcome of a cell that does not compile. */
interface Objections {
  /** TypeScript's error code with line and column, counted from one: "2322 1:7". */
  readonly objections: readonly string[];
}

/** The outcome of a cell that compiles and throws at run time. */
interface Failure {
  /** The error's name. */
  readonly throws: string;
}

/** A different outcome with tslab. */
export interface Difference {
  readonly outcome: Outcome;
  readonly reason: string;
}

/** A cell's source, its outcome, and the difference with tslab. */
export type Cell = readonly [
  source: string,
  outcome: Outcome,
  tslab?: Difference,
];

/** Cells that run one after the other, starting without variables. */
export interface Notebook {
  readonly title: string;
  readonly cells: readonly Cell[];
}

/** Notebooks about one part of the language. */
export interface Topic {
  readonly title: string;
  readonly notebooks: readonly Notebook[];
}

/** Creates a notebook of the list. */
export function notebook(title: string, ...cells: readonly Cell[]): Notebook {
  return { title, cells };
}

/** Returns the outcome of a cell in which TypeScript finds these errors. */
export function wrong(...objections: readonly string[]): Objections {
  return { objections };
}

/** Returns the outcome of a cell that throws an error of this name at run time. */
export function throws(name: string): Failure {
  return { throws: name };
}

/** Returns the different outcome of tslab's converter, with the reason. */
export function tslab(outcome: Outcome, reason: string): Difference {
  return { outcome, reason };
}

/** Describes an outcome in words. */
export function inWords(outcome: Outcome): string {
  if (outcome === nothing) return "nothing";
  if (typeof outcome === "string") return `shows ${outcome}`;
  if ("throws" in outcome) return `throws ${outcome.throws}`;
  return `TS${outcome.objections.join(", TS")}`;
}
