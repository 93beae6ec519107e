/**
 * What `npm run handouts` makes: steps that turn executed notebooks into files for a class.
 */

/** An executed notebook. */
export interface Chapter {
  /** The file's name without its ending, such as "lesson-1" or "lab-3". */
  readonly name: string;
  /**
   * Path of the executed notebook. For a lab, of its source with solutions and outputs. Figures
   * have their images, if a browser could draw them.
   */
  readonly file: string;
  readonly kind: "lesson" | "lab" | "extra";
  /** The first heading, without Markdown. */
  readonly title: string;
}

/** What a step gets. */
export interface HandoutContext {
  /** The chapters that were asked for, in reading order. */
  readonly chapters: readonly Chapter[];
  /** The folder of all handouts. A step writes below it only. */
  readonly out: string;
  /** Prints a line of progress. */
  readonly log: (line: string) => void;
  /** Aborted by Ctrl-C. */
  readonly signal: AbortSignal;
}

/** A kind of handout. */
export interface HandoutStep {
  /** Its name on the command line. */
  readonly name: "site" | "pages" | "pdf" | "slides" | "copies" | "zip";
  /** One line for the help text. */
  readonly about: string;
  /**
   * Whether it also takes chapters whose notebook has no outputs. False by default: it does not get
   * them.
   */
  readonly takesOpenNotebooks?: boolean;
  /**
   * Writes the files.
   *
   * @returns The paths written, relative to `out`.
   * @throws Error With a code if it cannot; no partly written file stays.
   */
  readonly run: (context: HandoutContext) => Promise<readonly string[]>;
}

/** The notebooks of the course in reading order, by path below `notebooks/` without ending. */
export const readingOrder = [
  "lesson-1",
  "labs/lab-1",
  "labs/lab-2",
  "labs/lab-3",
  "labs/lab-4",
  "lesson-4",
  "lesson-3",
  "lesson-2",
  "gallery",
  "lesson-0",
  "techniques",
] as const;
