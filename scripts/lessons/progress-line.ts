/**
 * Shows the progress of a running lesson.
 *
 * On a terminal, one line that is rewritten; in a file or a CI log, one line per cell. Libraries
 * for this draw a bar on a terminal and nothing elsewhere.
 */
import { clock } from "../../src/notebook/clock";
import type { LessonEvent } from "./execution";

/** The part of a stream that is used here. */
interface TerminalStream {
  readonly isTTY?: boolean;
  readonly columns?: number | undefined;
  write(text: string): unknown;
}

const barWidth = 16;
/**
 * Minimum interval between lines about a long cell where lines cannot be rewritten, in
 * milliseconds.
 */
const reportInterval = 10_000;

/** The progress of one lesson. Pass it every event, then call `close`. */
export class ProgressLine {
  readonly #name: string;
  readonly #stream: TerminalStream;
  readonly #now: () => number;
  readonly #started: number;
  #timer: NodeJS.Timeout | undefined;
  #cells = 0;
  #done = 0;
  #label = "starting the kernel";
  #text = "";
  #lastLine = 0;

  /** `now` returns the time in milliseconds. */
  constructor(
    name: string,
    stream: TerminalStream = process.stdout,
    now: () => number = Date.now,
  ) {
    this.#name = name;
    this.#stream = stream;
    this.#now = now;
    this.#started = now();
    if (stream.isTTY) {
      this.#draw();
      // The clock advances even while a cell prints nothing.
      this.#timer = setInterval(() => this.#draw(), 1000);
      this.#timer.unref();
    } else {
      stream.write(`${name} starts\n`);
    }
  }

  /** Handles an event of the execution. */
  handle(event: LessonEvent): void {
    switch (event.event) {
      case "start":
        this.#cells = event.cells;
        break;
      case "cell":
        this.#label = event.label || event.source;
        this.#text = "";
        this.#lastLine = this.#now();
        break;
      case "progress":
        this.#text = event.text;
        if (
          !this.#stream.isTTY &&
          this.#now() - this.#lastLine >= reportInterval
        ) {
          this.#lastLine = this.#now();
          this.#stream.write(`${this.#name}         ${this.#text}\n`);
        }
        break;
      case "done":
        this.#done = event.index;
        if (!this.#stream.isTTY) {
          const seconds = event.seconds.toFixed(1).padStart(6);
          this.#stream.write(
            `${this.#name}  ${this.#count()}  ${seconds} s  ${this.#label}\n`,
          );
        }
        break;
    }
    if (this.#stream.isTTY) this.#draw();
  }

  /** Clears the rewritten line. */
  close(): void {
    clearInterval(this.#timer);
    if (this.#stream.isTTY) this.#stream.write("\r\x1b[2K");
  }

  #count(): string {
    const total = String(this.#cells);
    return `${String(this.#done).padStart(total.length)}/${total}`;
  }

  #draw(): void {
    const share = this.#cells === 0 ? 0 : this.#done / this.#cells;
    const filled = Math.round(share * barWidth);
    const bar = "█".repeat(filled) + "░".repeat(barWidth - filled);
    const line = [
      this.#name,
      bar,
      this.#count(),
      clock((this.#now() - this.#started) / 1000),
      [this.#label, this.#text].filter((part) => part !== "").join(" · "),
    ].join("  ");
    // A line that reaches the edge would wrap, and a wrapped line cannot be rewritten.
    const width = (this.#stream.columns || 80) - 1;
    const characters = [...line];
    const text =
      characters.length > width
        ? `${characters.slice(0, width - 1).join("")}…`
        : line;
    this.#stream.write(`\r\x1b[2K${text}`);
  }
}
