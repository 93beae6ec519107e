// What a person sees of the set-up: a line a step, live on a terminal, plain elsewhere.

import readline from "node:readline";

/** How often a log without a terminal hears from a long step, in milliseconds. */
const plainMilliseconds = 15_000;
/** Width that a live line may take where the terminal does not tell its own, in characters. */
const defaultColumns = 80;

/** The line of the step at work. */
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
   * Begins a step's line.
   *
   * @param {string} name The step's name.
   * @param {string} reason Why it has something to do.
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

  /** @param {string} detail What the step is at. */
  show(detail) {
    this.detail = detail;
    if (this.live) this.draw();
  }

  /** Ends a step that succeeded: its line stays, with the time it took. */
  done() {
    this.stop();
    this.output.write(`  ${this.name}: done in ${this.seconds(1)} s\n`);
  }

  /** Ends a step that did not succeed. Does nothing between steps. */
  stop() {
    if (this.clock === undefined) return;
    clearInterval(this.clock);
    this.clock = undefined;
    if (this.live) this.wipe();
  }

  /** Writes the line anew. */
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

  /** Empties the live line. */
  wipe() {
    readline.clearLine(this.output, 0);
    readline.cursorTo(this.output, 0);
  }

  /**
   * @param {number} digits Digits after the point.
   * @returns {string} Seconds since the step began.
   */
  seconds(digits) {
    return ((performance.now() - this.started) / 1_000).toFixed(digits);
  }
}
