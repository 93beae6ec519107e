/**
 * A download as it is seen on a terminal.
 */
import { SingleBar } from "cli-progress";
import {
  describeMoment,
  type DownloadMoment,
  type DownloadView,
} from "./download-moment";

/** Where and how often. */
export interface TerminalOptions {
  /** Default: standard error, so that standard output stays free for results. */
  readonly stream?: NodeJS.WritableStream & { readonly isTTY?: boolean };
  /** Where the stream is no terminal: seconds between two lines about the same file being received. Default: 30. */
  readonly lineSeconds?: number;
}

/** A bar that moves on a terminal, and now and then a line of text in a log or a pipe. */
export function terminalProgress({
  stream = process.stderr,
  lineSeconds = 30,
}: TerminalOptions = {}): DownloadView {
  return stream.isTTY === true
    ? new BarView(stream)
    : new LineView(stream, lineSeconds * 1_000);
}

class BarView implements DownloadView {
  readonly #stream: NodeJS.WritableStream;
  readonly #bar: SingleBar;
  #isDrawn = false;

  constructor(stream: NodeJS.WritableStream) {
    this.#stream = stream;
    this.#bar = new SingleBar({
      stream,
      format: "{bar} {percentage}% {line}",
      barsize: 20,
      barCompleteChar: "\u2588",
      barIncompleteChar: "\u2591",
      clearOnComplete: true,
      hideCursor: null,
    });
  }

  report(moment: DownloadMoment): void {
    const line = describeMoment(moment);
    // What tells of something out of the ordinary, and the end, stays on the screen.
    if (moment.note !== undefined || moment.stage === "done") {
      this.stop();
      this.#stream.write(`${line}\n`);
      return;
    }
    const { totalBytes, receivedBytes } = moment;
    if (this.#isDrawn) {
      this.#bar.setTotal(totalBytes);
      this.#bar.update(receivedBytes, { line });
    } else {
      this.#bar.start(totalBytes, receivedBytes, { line });
      this.#isDrawn = true;
    }
  }

  stop(): void {
    if (this.#isDrawn) this.#bar.stop();
    this.#isDrawn = false;
  }
}

class LineView implements DownloadView {
  readonly #stream: NodeJS.WritableStream;
  readonly #interval: number;
  #lastLine = -Infinity;

  constructor(stream: NodeJS.WritableStream, interval: number) {
    this.#stream = stream;
    this.#interval = interval;
  }

  report(moment: DownloadMoment): void {
    const now = performance.now();
    const isPassing = moment.stage === "receiving";
    if (isPassing && now - this.#lastLine < this.#interval) return;
    this.#lastLine = now;
    this.#stream.write(`${describeMoment(moment)}\n`);
  }

  stop(): void {
    // Every line was for good.
  }
}
