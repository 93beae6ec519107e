/**
 * Joins texts that are printed one shortly after the other, because a cell may print 20,000 lines: the runtime
 * joins what it sends to the front process, and that joins what it publishes.
 */
import type { StreamEvent } from "./runtime/channel";

/** How long a text may wait for more, in milliseconds. */
export const JOIN_MILLISECONDS = 20;

/** How much text may wait, in UTF-16 code units. */
const JOIN_LENGTH = 32_768;

/** Holds printed texts back for a moment and passes them on joined, in order. */
export class StreamJoiner {
  readonly #send: (event: StreamEvent) => void;
  #waiting: StreamEvent | undefined;
  #since = 0;
  #timer: NodeJS.Timeout | undefined;

  /** @param send Takes the joined texts. */
  constructor(send: (event: StreamEvent) => void) {
    this.#send = send;
  }

  /** Takes a text; it waits with those of the same cell and stream. */
  add(event: StreamEvent): void {
    const { run, name, text } = event;
    const waiting = this.#waiting;
    if (waiting?.run === run && waiting.name === name) {
      this.#waiting = { ...waiting, text: waiting.text + text };
    } else {
      this.flush();
      this.#waiting = event;
      this.#since = performance.now();
    }
    // A busy thread fires no timer, so the clock is looked at here too.
    if (
      (this.#waiting?.text.length ?? 0) >= JOIN_LENGTH ||
      performance.now() - this.#since >= JOIN_MILLISECONDS
    ) {
      this.flush();
    } else {
      this.#timer ??= setTimeout(() => this.flush(), JOIN_MILLISECONDS);
    }
  }

  /** Passes on what waits. */
  flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const waiting = this.#waiting;
    this.#waiting = undefined;
    if (waiting !== undefined && waiting.text !== "") this.#send(waiting);
  }
}
