/**
 * One request to a server, and its answer as it comes in.
 */
import { failureOf, MirrorFailure } from "./mirror-failure";

/** How a request is watched over. */
export interface ConnectionOptions {
  readonly headers: Readonly<Record<string, string>>;
  /** The server may be silent for so long, before its answer and within it. */
  readonly stallSeconds: number;
  readonly signal?: AbortSignal;
}

/** An answer of which nothing but the head has been read. It must be closed. */
export class Connection {
  readonly #controller = new AbortController();
  readonly #signal: AbortSignal | undefined;
  readonly #forward = () => this.#controller.abort();
  readonly #stallSeconds: number;
  #stallTimer: NodeJS.Timeout | undefined;
  #stalled: MirrorFailure | undefined;
  #response: Response | undefined;

  private constructor({ signal, stallSeconds }: ConnectionOptions) {
    this.#signal = signal;
    this.#stallSeconds = stallSeconds;
    signal?.addEventListener("abort", this.#forward);
  }

  /**
   * Asks for `address` and waits for the head of the answer. Redirects are followed.
   *
   * Throws a {@link MirrorFailure} if there is no answer, and the signal's reason if that is given first.
   */
  static async open(
    address: string,
    options: ConnectionOptions,
  ): Promise<Connection> {
    options.signal?.throwIfAborted();
    const connection = new Connection(options);
    try {
      connection.#expectBytes();
      connection.#response = await fetch(address, {
        // A server that packs or unpacks on the way gives other bytes than the publisher's.
        headers: { ...options.headers, "accept-encoding": "identity" },
        signal: connection.#controller.signal,
      });
      clearTimeout(connection.#stallTimer);
      return connection;
    } catch (error) {
      connection.close();
      throw connection.#explain(error);
    }
  }

  get status(): number {
    return this.#response!.status;
  }

  /** A line of the answer's head; undefined if it is not there. */
  header(name: string): string | undefined {
    return this.#response!.headers.get(name) ?? undefined;
  }

  /** The answer's body as it comes. Throws as {@link Connection.open} does. */
  async *chunks(): AsyncGenerator<Uint8Array, void, undefined> {
    const reader = this.#response!.body?.getReader();
    if (reader === undefined) return;
    for (;;) {
      this.#expectBytes();
      const { done, value } = await reader.read().catch((error: unknown) => {
        throw this.#explain(error);
      });
      // Not during the yield: a slow disk is not the server's fault.
      clearTimeout(this.#stallTimer);
      if (done) return;
      yield value as Uint8Array;
    }
  }

  /** Breaks off what has not been read. */
  close(): void {
    clearTimeout(this.#stallTimer);
    this.#signal?.removeEventListener("abort", this.#forward);
    this.#controller.abort();
  }

  /** Breaks off if nothing comes in time from now on. */
  #expectBytes(): void {
    clearTimeout(this.#stallTimer);
    this.#stallTimer = setTimeout(() => {
      this.#stalled = new MirrorFailure(
        "interrupted",
        `a byte at least every ${this.#stallSeconds} s`,
        this.#response === undefined ? "no answer" : "none",
      );
      this.#controller.abort();
    }, this.#stallSeconds * 1_000);
  }

  #explain(error: unknown): unknown {
    if (this.#signal?.aborted) return this.#signal.reason;
    return this.#stalled ?? failureOf(error);
  }
}
