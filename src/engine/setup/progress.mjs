// Shows the progress of setup: one line per step, updated in place on a terminal.

import readline from "node:readline";

/** Interval of the lines about a long step where there is no terminal, in milliseconds. */
const plainMilliseconds = 15_000;
/** Width of a live line if the terminal does not report its own, in characters. */
const defaultColumns = 80;

/** The progress line of the current step. */
export class Progress {
  /** @param {NodeJS.WriteStream} [output] Where to write. */
  constructor(output = process.stdout) {
    this.output = output;
    this.live = output.isTTY === true;
    this.name = "";
    this.detail = "";
    this.started = 0;
    /** @type {NodeJS.Timeout | undefined} */
    this.clock = undefined;
  }

  /**
   * Starts the line of a step.
   *
   * @param {string} name The step's name.
   * @param {string} reason Why the step has to run.
   */
  start(name, reason) {
    this.name = name;
    this.detail = reason;
    this.started = performance.now();
    if (!this.live) this.output.write(`  ${name}: ${reason}\n`);
    this.clock = setInterval(
      () => this.draw(),
      this.live ? 1_000 : plainMilliseconds,
    );
    this.clock.unref();
    if (this.live) this.draw();
  }

  /** @param {string} detail The step's current activity. */
  show(detail) {
    this.detail = detail;
    if (this.live) this.draw();
  }

  /** Ends a successful step: its line stays, with its duration. */
  done() {
    this.stop();
    this.output.write(`  ${this.name}: done in ${this.seconds(1)} s\n`);
  }

  /** Ends a failed step. Does nothing between steps. */
  stop() {
    if (this.clock === undefined) return;
    clearInterval(this.clock);
    this.clock = undefined;
    if (this.live) this.wipe();
  }

  /** Redraws the line. */
  draw() {
    const text = `  ${this.name}: ${this.detail} (${this.seconds(0)} s)`;
    if (!this.live) {
      this.output.write(`    ${this.detail} (${this.seconds(0)} s)\n`);
      return;
    }
    this.wipe();
    this.output.write(
      text.slice(0, (this.output.columns || defaultColumns) - 1),
    );
  }

  /** Clears the live line. */
  wipe() {
    readline.clearLine(this.output, 0);
    readline.cursorTo(this.output, 0);
  }

  /**
   * @param {number} digits Digits after the decimal point.
   * @returns {string} Seconds since the step began.
   */
  seconds(digits) {
    return ((performance.now() - this.started) / 1_000).toFixed(digits);
  }
}
