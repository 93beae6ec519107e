/**
 * Sends an HTTP request and streams the response.
 */
import { failureOf, MirrorFailure } from "./mirror-failure";
import { proxySender, type Sender } from "./proxy";

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
  readonly #sender: Sender;
  #response: Response | undefined;
  #reader: ReadableStreamDefaultReader<Uint8Array> | undefined;
  /** The first chunk of the body, which is requested as soon as there are headers. */
  #first:
    ReturnType<ReadableStreamDefaultReader<Uint8Array>["read"]> | undefined;

  private constructor(
    sender: Sender,
    { signal, stallSeconds }: ConnectionOptions,
  ) {
    this.#sender = sender;
    this.#signal = signal;
    this.#stallSeconds = stallSeconds;
    signal?.addEventListener("abort", this.#forward);
  }

  /**
   * Requests `address`, through a proxy if the environment names one, and waits for the response
   * headers. Follows redirects.
   *
   * Throws a {@link MirrorFailure} if there is no response, a `DatasetError` if the proxy's address
   * is invalid, and the signal's reason if it is aborted.
   */
  static async open(
    address: string,
    options: ConnectionOptions,
  ): Promise<Connection> {
    options.signal?.throwIfAborted();
    const connection = new Connection(await proxySender(), options);
    try {
      connection.#expectBytes();
      connection.#response = await connection.#sender.send(address, {
        // A server that compresses or decompresses the file would send different bytes.
        headers: { ...options.headers, "accept-encoding": "identity" },
        signal: connection.#controller.signal,
      });
      clearTimeout(connection.#stallTimer);
      // If the server breaks off, the HTTP client drops the bytes that nobody has asked for yet.
      connection.#reader = connection.#response.body?.getReader();
      connection.#first = connection.#reader?.read();
      connection.#first?.catch(() => undefined);
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
    const reader = this.#reader;
    if (reader === undefined) return;
    for (let next = this.#first!; ; next = reader.read()) {
      this.#expectBytes();
      const { done, value } = await next.catch((error: unknown) => {
        throw this.#explain(error);
      });
      // The timer is off during the yield: a slow disk is not the server's fault.
      clearTimeout(this.#stallTimer);
      if (done) return;
      yield value;
    }
  }

  /** Closes the connection and discards unread data. */
  close(): void {
    clearTimeout(this.#stallTimer);
    this.#signal?.removeEventListener("abort", this.#forward);
    this.#controller.abort();
    this.#sender.close();
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
