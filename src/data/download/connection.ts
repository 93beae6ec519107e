/**
 * Sends an HTTP request and streams the response.
 */
import { failureOf, MirrorFailure } from "./mirror-failure";

/** Options of {@link Connection.open}. */
interface ConnectionOptions {
  readonly headers: Readonly<Record<string, string>>;
  /** Maximum time without data from the server, both before and during the response. */
  readonly stallSeconds: number;
  readonly signal?: AbortSignal | undefined;
}

/** HTTP response whose body has not been read yet. Call `close` when done. */
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
   * Requests `address` and waits for the response headers. Follows redirects.
   *
   * Throws a {@link MirrorFailure} if there is no response, and the signal's reason if it is
   * aborted.
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
        // A server that compresses or decompresses the file would send different bytes.
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

  /** Returns a response header, or undefined if it is missing. */
  header(name: string): string | undefined {
    return this.#response!.headers.get(name) ?? undefined;
  }

  /** Yields the response body as it arrives. Throws the same errors as {@link Connection.open}. */
  async *chunks(): AsyncGenerator<Uint8Array, void, undefined> {
    const reader = this.#response!.body?.getReader();
    if (reader === undefined) return;
    for (;;) {
      this.#expectBytes();
      const { done, value } = await reader.read().catch((error: unknown) => {
        throw this.#explain(error);
      });
      // The timer is off during the yield: a slow disk is not the server's fault.
      clearTimeout(this.#stallTimer);
      if (done) return;
      yield value as Uint8Array;
    }
  }

  /** Closes the connection and discards unread data. */
  close(): void {
    clearTimeout(this.#stallTimer);
    this.#signal?.removeEventListener("abort", this.#forward);
    this.#controller.abort();
  }

  /** Restarts the timer that aborts the request if no data arrive in time. */
  #expectBytes(): void {
    clearTimeout(this.#stallTimer);
    this.#stallTimer = setTimeout(() => {
      this.#stalled = new MirrorFailure(
        "interrupted",
        `a byte at least every ${this.#stallSeconds} s`,
        this.#response === undefined ? "no response" : "none",
      );
      this.#controller.abort();
    }, this.#stallSeconds * 1_000);
  }

  #explain(error: unknown): unknown {
    if (this.#signal?.aborted) return this.#signal.reason;
    return this.#stalled ?? failureOf(error);
  }
}
