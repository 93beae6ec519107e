/**
 * Lessons, progress: what the terminal shows while a lesson runs.
 *
 * On a terminal one line that rewrites itself; in a file or a CI log one line a cell. Written here rather than taken
 * from a library: those draw a bar on a terminal and nothing elsewhere.
 */
import type { LessonEvent } from "./execution";

/** The part of a stream that is used here. */
export interface TerminalStream {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): unknown;
}

const barWidth = 16;
/** How often a cell that takes long is heard of where lines cannot be rewritten, in milliseconds. */
const quietTime = 10_000;

/** The progress of one lesson. Give it every event; close it when there are no more. */
export class ProgressLine {
  readonly #name: string;
  readonly #stream: TerminalStream;
  readonly #now: () => number;
  readonly #started: number;
  #timer: NodeJS.Timeout | undefined;
  #cells = 0;
  #done = 0;
  #label = "the kernel starts";
  #text = "";
  #lastLine = 0;

  /** `now` gives the time in milliseconds. */
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
      // So that the clock is seen to go while a cell is silent.
      this.#timer = setInterval(() => this.#draw(), 1000);
      this.#timer.unref();
    } else {
      stream.write(`${name} starts\n`);
    }
  }

  /** Takes in an event of the execution. */
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
        if (!this.#stream.isTTY && this.#now() - this.#lastLine >= quietTime) {
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

  /** Takes the rewritten line away. */
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
      clock(this.#now() - this.#started),
      [this.#label, this.#text].filter((part) => part !== "").join(" · "),
    ].join("  ");
    // A line that reaches the edge would wrap, and a wrapped line cannot be rewritten.
    const room = (this.#stream.columns || 80) - 1;
    const characters = [...line];
    const text =
      characters.length > room
        ? `${characters.slice(0, room - 1).join("")}…`
        : line;
    this.#stream.write(`\r\x1b[2K${text}`);
  }
}

/** Milliseconds as minutes and seconds: `1:05`. */
export function clock(milliseconds: number): string {
  const seconds = Math.round(milliseconds / 1000);
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}
