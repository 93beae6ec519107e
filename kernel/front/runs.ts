/**
 * Numbers the runs of all shells, and remembers the requests whose cells they run.
 */
import type { ExecuteRequest } from "../wire/requests";

/** How many finished runs are remembered, so that late output reaches their cells. */
const REMEMBERED_RUNS = 1000;

/** The runs of a kernel. */
export class Runs {
  readonly #requests = new Map<number, ExecuteRequest>();
  #last = 0;
  #start: Promise<void> = Promise.resolve();
  /** The number of the latest counted cell. */
  executionCount = 0;
  /** Warnings of the compiler that no cell has shown yet. */
  readonly warnings: string[] = [];

  /** The number of the next run. */
  get next(): number {
    return this.#last + 1;
  }

  /** Returns the number of a new run of a request's cell. */
  add(request: ExecuteRequest): number {
    this.#last += 1;
    this.#requests.set(this.#last, request);
    this.#requests.delete(this.#last - REMEMBERED_RUNS);
    return this.#last;
  }

  /**
   * Returns the request of a run, or the latest request if the run is unknown or no longer
   * remembered.
   */
  request(run = this.#last): ExecuteRequest | undefined {
    return this.#requests.get(run) ?? this.#requests.get(this.#last);
  }

  /**
   * Waits until no other cell is starting: a cell may be compiled only when the declarations of the
   * cell that was compiled before it have been committed.
   *
   * @returns A function to call when the cell has started or failed. Further calls have no effect.
   */
  async start(): Promise<() => void> {
    const before = this.#start;
    let started: () => void = () => undefined;
    this.#start = new Promise((resolve) => (started = resolve));
    await before;
    return started;
  }
}
