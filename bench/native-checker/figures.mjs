/**
 * Collects the measurements of a process and prints them at its end.
 */
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";

/** Measurements of one process, which may have a server process. */
export class Figures {
  /** @type {number | undefined} */
  #first;
  /** @type {number | undefined} The server's process id. */
  #server;
  #began = 0;
  #processorBegan = 0;
  /** @type {number[]} */
  #cells = [];
  /** @type {number[]} */
  #processor = [];
  /** @type {number[]} */
  #names = [];
  /** @type {number[]} */
  #completions = [];
  /** @type {string[]} */
  #errors = [];

  /** Starts the measurement of a cell. */
  begin() {
    this.#processorBegan = this.#processorTime();
    this.#began = performance.now();
  }

  /**
   * Ends the measurement of a cell and records its errors: code, line and column from 1.
   *
   * @param {string[]} errors
   */
  end(errors) {
    this.#cells.push(performance.now() - this.#began);
    this.#errors.push(errors.join(" "));
    this.#processor.push(this.#processorTime() - this.#processorBegan);
    if (this.#first === undefined) {
      // Measured from the start of the process.
      this.#first = performance.now();
      this.#server = childProcess();
    }
  }

  /**
   * Records the time to resolve every name in a cell.
   *
   * @param {number} milliseconds
   */
  names(milliseconds) {
    this.#names.push(milliseconds);
  }

  /**
   * Records the time of a completion.
   *
   * @param {number} milliseconds
   */
  completion(milliseconds) {
    this.#completions.push(milliseconds);
  }

  /**
   * Prints all measurements as one line of JSON.
   *
   * @param {object} [more] Further values.
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

  /**
   * Returns the CPU time of this process and its server in milliseconds; NaN if the server's is
   * unavailable, which is so outside Linux.
   */
  #processorTime() {
    const { user, system } = process.cpuUsage();
    const own = (user + system) / 1000;
    if (this.#server === undefined) return own;
    try {
      const text = readFileSync(`/proc/${this.#server}/stat`, "utf8");
      const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
      // In clock ticks, a hundred per second.
      return own + (Number(fields[11]) + Number(fields[12])) * 10;
    } catch {
      return NaN;
    }
  }
}

/**
 * Returns the resident memory of a process, in bytes.
 *
 * @param {number} pid
 */
function residentBytes(pid) {
  const { stdout } = spawnSync("ps", ["-o", "rss=", "-p", String(pid)], {
    encoding: "utf8",
  });
  return Number(stdout) * 1024;
}

/** Returns the id of this process's child, if any. */
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

/**
 * Formats an error at an offset of a text as code, line and column: "2345 1:5".
 *
 * @param {number} code
 * @param {string} text
 * @param {number} offset
 */
export function formatError(code, text, offset) {
  const lines = text.slice(0, offset).split("\n");
  return `${code} ${lines.length}:${lines[lines.length - 1].length + 1}`;
}
