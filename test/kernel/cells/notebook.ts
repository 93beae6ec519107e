/**
 * What an entry of it is.
 *
 * An entry is a small notebook. Each of its cells has the outcome that the checked compiler must give and, where tslab's
 * converter gives another, that one with the reason.
 */

/** What a cell comes to. */
export type Outcome =
  /** The text that it shows. */
  string | typeof nothing | Objections | Failure;

/** The outcome of a cell that runs and shows nothing. */
export const nothing = Symbol("nothing");

/** The outcome of a cell that does not compile. */
export interface Objections {
  /** TypeScript's number and the place, in lines and columns from one: "2322 1:7". */
  readonly objections: readonly string[];
}

/** The outcome of a cell that compiles, and throws when it is run. */
export interface Failure {
  /** The error's name. */
  readonly throws: string;
}

/** An outcome of tslab's that is not the checked compiler's. */
export interface Difference {
  readonly outcome: Outcome;
  readonly reason: string;
}

/** A cell's text, its outcome, and what is different with tslab. */
export type Cell = readonly [
  source: string,
  outcome: Outcome,
  tslab?: Difference,
];

/** Cells that are run one after the other, the first of them with no variables. */
export interface Notebook {
  readonly title: string;
  readonly cells: readonly Cell[];
}

/** Notebooks about one part of the language. */
export interface Topic {
  readonly title: string;
  readonly notebooks: readonly Notebook[];
}

/** A notebook of the list. */
export function notebook(title: string, ...cells: readonly Cell[]): Notebook {
  return { title, cells };
}

/** The outcome of a cell in which TypeScript finds these errors. */
export function wrong(...objections: readonly string[]): Objections {
  return { objections };
}

/** The outcome of a cell that throws an error of this name when it is run. */
export function throws(name: string): Failure {
  return { throws: name };
}

/** What tslab's converter gives instead, and why. */
export function tslab(outcome: Outcome, reason: string): Difference {
  return { outcome, reason };
}

/** An outcome in words. */
export function inWords(outcome: Outcome): string {
  if (outcome === nothing) return "nothing";
  if (typeof outcome === "string") return `shows ${outcome}`;
  if ("throws" in outcome) return `throws ${outcome.throws}`;
  return `TS${outcome.objections.join(", TS")}`;
}
