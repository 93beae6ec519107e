/**
 * Logs each request with the time from its arrival to its end, if logging is on.
 */
import { currentLog } from "../log";
import type { Message } from "../wire/message";

/** The requests that are being answered. */
export class RequestLog {
  readonly #log = currentLog();
  readonly #arrivals = new WeakMap<Message, number>();

  /** Notes the arrival of a request. */
  arrived(request: Message): void {
    if (this.#log) this.#arrivals.set(request, performance.now());
  }

  /** Logs a request that has been answered. */
  answered(request: Message): void {
    const arrival = this.#arrivals.get(request);
    if (arrival === undefined) return;
    this.#arrivals.delete(request);
    this.#log?.done(`request ${request.type}`, arrival);
  }
}
