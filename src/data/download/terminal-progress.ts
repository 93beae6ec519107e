/**
 * Shows the progress of a download on a terminal.
 */
import { SingleBar } from "cli-progress";
import {
  describeEvent,
  type DownloadEvent,
  type DownloadView,
} from "./download-event";

/** Options of {@link terminalProgress}. */
interface TerminalOptions {
  /** Output stream. Default: standard error, which leaves standard output to results. */
  readonly stream?: NodeJS.WritableStream & { readonly isTTY?: boolean };
  /** Seconds between lines for the same file if the stream is not a terminal. Default: 30. */
  readonly lineSeconds?: number;
}

/** Returns a view with a progress bar on a terminal, or with lines of text in a log or pipe. */
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

  report(event: DownloadEvent): void {
    const line = describeEvent(event);
    // Events with a note, and the last event, stay on the screen.
    if (event.note !== undefined || event.stage === "done") {
      this.stop();
      this.#stream.write(`${line}\n`);
      return;
    }
    const { totalBytes, receivedBytes } = event;
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

  report(event: DownloadEvent): void {
    const now = performance.now();
    const isFrequent = event.stage === "receiving";
    if (isFrequent && now - this.#lastLine < this.#interval) return;
    this.#lastLine = now;
    this.#stream.write(`${describeEvent(event)}\n`);
  }

  stop(): void {
    // All lines stay visible.
  }
}
