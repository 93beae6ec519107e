/**
 * Writes what the kernel's processes do, one line each, if `CONVNOTES_LOG=debug` is in the
 * environment: the time, the process and its id, what was done, and how long it took.
 *
 * The lines go to the front process's standard error, or to the file in `CONVNOTES_LOG_FILE`.
 */
import { logLine, writeLogLine } from "@convnotes/notebook/log-line";

/** The processes of the kernel. */
export type ProcessName = "front" | "compiler" | "runtime";

/**
 * The file descriptor under which the runtime has the front process's standard error; its own is
 * shown in the notebook.
 */
export const RUNTIME_LOG = 5;

const STANDARD_ERROR = 2;

/** The log of one process. */
export class Log {
  readonly #process: ProcessName;
  readonly #descriptor: number;

  /** Use {@link startLog}, which heeds the environment. */
  constructor(name: ProcessName) {
    this.#process = name;
    this.#descriptor = name === "runtime" ? RUNTIME_LOG : STANDARD_ERROR;
  }

  /**
   * Writes a line about something that has been done.
   *
   * @param what What was done; line breaks in it become spaces.
   * @param began The value of `performance.now()` when it began.
   * @param outcome What came of it.
   */
  done(what: string, began: number, outcome = ""): void {
    const took = `${(performance.now() - began).toFixed(1)} ms`;
    this.write(`${what} ${took}${outcome && ` ${outcome}`}`);
  }

  /** Writes a line. */
  write(text: string): void {
    this.writeLine(logLine(this.#process, text));
  }

  /** Writes a line that already begins with the time and the process. */
  writeLine(line: string): void {
    writeLogLine(line, this.#descriptor);
  }
}

let current: Log | undefined;

/**
 * Reads the environment, once for each process. A module cannot do that when it is loaded: the
 * compiler's modules are loaded when its snapshot is built.
 */
export function startLog(name: ProcessName): void {
  current = process.env.CONVNOTES_LOG === "debug" ? new Log(name) : undefined;
}

/** Returns the log of this process, or undefined if nothing is to be logged. */
export function currentLog(): Log | undefined {
  return current;
}

/** The maximum length of a quoted cell, in UTF-16 code units. */
const QUOTED_LENGTH = 60;

/** Returns the beginning of a cell's first line that has text, in quotation marks. */
export function quoteCell(source: string): string {
  const [line = ""] = source.trim().split("\n");
  return JSON.stringify(
    line.length > QUOTED_LENGTH ? `${line.slice(0, QUOTED_LENGTH)}…` : line,
  );
}
