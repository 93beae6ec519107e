/**
 * The trial of the native checker: what a measured process notes of its cells, and prints at its end.
 */
import { spawnSync } from "node:child_process";

/** Figures of one process. */
export class Figures {
  #first;
  #cells = [];
  #names = [];
  #completions = [];
  #errors = [];

  /** Notes a cell that has been checked, and what was wrong with it: number, line and column from 1. */
  cell(milliseconds, errors) {
    // Counted from the start of the process.
    this.#first ??= performance.now();
    this.#cells.push(milliseconds);
    this.#errors.push(errors.join(" "));
  }

  /** Notes how long it took to ask for the meaning of every name in a cell. */
  names(milliseconds) {
    this.#names.push(milliseconds);
  }

  /** Notes how long a completion took. */
  completion(milliseconds) {
    this.#completions.push(milliseconds);
  }

  /**
   * Prints all as one line of JSON.
   *
   * @param {number} [server] A process that works for this one.
   * @param {object} [more] Further figures.
   */
  print(server, more) {
    const own = process.memoryUsage().rss;
    const other = server === undefined ? 0 : residentBytes(server);
    console.log(
      JSON.stringify({
        first: this.#first,
        cells: this.#cells,
        names: this.#names,
        completions: this.#completions,
        errors: this.#errors,
        own,
        other,
        ...more,
      }),
    );
  }
}

/** How much of a process is in memory. */
function residentBytes(pid) {
  const { stdout } = spawnSync("ps", ["-o", "rss=", "-p", String(pid)], {
    encoding: "utf8",
  });
  return Number(stdout) * 1024;
}

/** The processes that this one has started. */
export function childProcesses() {
  const { stdout, pid } = spawnSync("ps", ["-A", "-o", "pid=,ppid="], {
    encoding: "utf8",
  });
  return stdout
    .trim()
    .split("\n")
    .map((line) => line.trim().split(/\s+/).map(Number))
    .filter(([child, parent]) => parent === process.pid && child !== pid)
    .map(([child]) => child);
}

/** "2345 1:5" for an error at an offset of a text. */
export function place(code, text, offset) {
  const lines = text.slice(0, offset).split("\n");
  return `${code} ${lines.length}:${lines.at(-1).length + 1}`;
}
