/**
 * Joins consecutive printed texts into fewer messages, because a cell may print 20,000 lines.
 *
 * The runtime joins the texts that it sends to the front process, and the front process joins those
 * that it publishes.
 */
import type { StreamEvent } from "./runtime/channel";

/** How long a text may be buffered, in milliseconds. */
export const JOIN_MILLISECONDS = 20;

/** How much text may be buffered, in UTF-16 code units. */
const JOIN_LENGTH = 32_768;

/** Buffers printed texts briefly and passes them on joined, in order. */
export class StreamJoiner {
  readonly #send: (event: StreamEvent) => void;
  #buffered: StreamEvent | undefined;
  #since = 0;
  #timer: NodeJS.Timeout | undefined;

  /** @param send Called with each joined text. */
  constructor(send: (event: StreamEvent) => void) {
    this.#send = send;
  }

  /** Adds a text, which is joined with buffered text of the same cell and stream. */
  add(event: StreamEvent): void {
    const { run, name, text } = event;
    const buffered = this.#buffered;
    if (buffered?.run === run && buffered.name === name) {
      this.#buffered = { ...buffered, text: buffered.text + text };
    } else {
      this.flush();
      this.#buffered = event;
      this.#since = performance.now();
    }
    // A busy thread fires no timers, so the elapsed time is checked here too.
    if (
      (this.#buffered?.text.length ?? 0) >= JOIN_LENGTH ||
      performance.now() - this.#since >= JOIN_MILLISECONDS
    ) {
      this.flush();
    } else {
      this.#timer ??= setTimeout(() => this.flush(), JOIN_MILLISECONDS);
    }
  }

  /** Sends the buffered text. */
  flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const buffered = this.#buffered;
    this.#buffered = undefined;
    if (buffered !== undefined && buffered.text !== "") this.#send(buffered);
  }
}
