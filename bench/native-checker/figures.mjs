/**
 * What a measured process notes of its cells, and prints at its end.
 */
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";

/** Figures of one process, which may have another one that works for it. */
export class Figures {
  #first;
  #server;
  #began = 0;
  #processorBegan = 0;
  #cells = [];
  #processor = [];
  #names = [];
  #completions = [];
  #errors = [];

  /** Notes that a cell begins. */
  begin() {
    this.#processorBegan = this.#processorTime();
    this.#began = performance.now();
  }

  /** Notes that a cell has been checked, and what was wrong with it: number, line and column from 1. */
  end(errors) {
    this.#cells.push(performance.now() - this.#began);
    this.#errors.push(errors.join(" "));
    this.#processor.push(this.#processorTime() - this.#processorBegan);
    if (this.#first === undefined) {
      // Counted from the start of the process.
      this.#first = performance.now();
      this.#server = childProcess();
    }
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
   * @param {object} [more] Further figures.
   */
  print(more) {
    console.log(
      JSON.stringify({
        first: this.#first,
        cells: this.#cells,
        processor: this.#processor,
        names: this.#names,
        completions: this.#completions,
        errors: this.#errors,
        own: process.memoryUsage().rss,
        other: this.#server === undefined ? 0 : residentBytes(this.#server),
        ...more,
      }),
    );
  }

  /** Milliseconds that the processor has worked for this process and the other one; of the other one only Linux tells. */
  #processorTime() {
    const { user, system } = process.cpuUsage();
    const own = (user + system) / 1000;
    if (this.#server === undefined) return own;
    try {
      const text = readFileSync(`/proc/${this.#server}/stat`, "utf8");
      const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
      // In ticks, of which there are a hundred a second.
      return own + (Number(fields[11]) + Number(fields[12])) * 10;
    } catch {
      return NaN;
    }
  }
}

/** How much of a process is in memory. */
function residentBytes(pid) {
  const { stdout } = spawnSync("ps", ["-o", "rss=", "-p", String(pid)], {
    encoding: "utf8",
  });
  return Number(stdout) * 1024;
}

/** The process that this one has started, if any. */
function childProcess() {
  const { stdout, pid } = spawnSync("ps", ["-A", "-o", "pid=,ppid="], {
    encoding: "utf8",
  });
  const started = stdout
    .trim()
    .split("\n")
    .map((line) => line.trim().split(/\s+/).map(Number))
    .find(([child, parent]) => parent === process.pid && child !== pid);
  return started?.[0];
}

/** "2345 1:5" for an error at an offset of a text. */
export function place(code, text, offset) {
  const lines = text.slice(0, offset).split("\n");
  return `${code} ${lines.length}:${lines.at(-1).length + 1}`;
}
