/**
 * An HTTP server on loopback that does as it is told, and keeps a log of what it was asked.
 */
import http from "node:http";
import type { AddressInfo } from "node:net";
import type { TestContext } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";

/** Answers a request. */
export type Handler = (
  request: http.IncomingMessage,
  response: http.ServerResponse,
) => void | Promise<void>;

/** A request that came. */
export interface Asked {
  readonly path: string;
  readonly range: string | undefined;
  readonly ifRange: string | undefined;
}

/** A running server; it ends with the test. */
export class TestServer {
  readonly asked: Asked[] = [];
  readonly #server: http.Server;
  readonly #handlers = new Map<string, Handler>();

  private constructor() {
    this.#server = http.createServer((request, response) => {
      const path = request.url!;
      const { range, "if-range": ifRange } = request.headers;
      this.asked.push({ path, range, ifRange: ifRange as string | undefined });
      const handler = this.#handlers.get(path);
      if (handler === undefined) response.writeHead(404).end();
      else void handler(request, response);
    });
  }

  static async start(context: TestContext): Promise<TestServer> {
    const server = new TestServer();
    await new Promise<void>((resolve) => {
      server.#server.listen(0, "127.0.0.1", resolve);
    });
    context.after(() => {
      server.#server.close();
      server.#server.closeAllConnections();
    });
    return server;
  }

  /** Puts a handler at a path, or another in its place, and returns its address. */
  at(path: string, handler: Handler): string {
    this.#handlers.set(path, handler);
    return this.address(path);
  }

  address(path: string): string {
    const { port } = this.#server.address() as AddressInfo;
    return `http://127.0.0.1:${port}${path}`;
  }

  /** The ranges that were asked for at a path, in order; undefined for a whole file. */
  rangesAt(path: string): (string | undefined)[] {
    return this.asked
      .filter((request) => request.path === path)
      .map(({ range }) => range);
  }
}

/** An address at which nobody listens. */
export async function deadAddress(): Promise<string> {
  const server = http.createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return `http://127.0.0.1:${port}/small-set.tar.gz`;
}

/** How an honest server answers, but for what is set here. */
export interface ServeOptions {
  readonly etag?: string;
  readonly type?: string;
  /** Breaks the connection after so many bytes of an answer. */
  readonly breakAfter?: number;
  /** How it is broken: at once, or by falling silent. Default: `hangup`. */
  readonly breakBy?: "hangup" | "silence";
  /** Sends so many bytes at a time... */
  readonly pieceBytes?: number;
  /** ...with so many milliseconds between. */
  readonly pieceMilliseconds?: number;
  /** Calls this before it breaks off, with the position in the file. */
  readonly beforeBreak?: (position: number) => Promise<void>;
  /** Calls this before the first byte of the body. */
  readonly before?: () => void | Promise<void>;
}

/** Gives a file as a server should, Range and If-Range included (RFC 9110, section 14). */
export function serve(file: Buffer, options: ServeOptions = {}): Handler {
  const { etag = '"one"', type = "application/x-gzip" } = options;
  return async (request, response) => {
    const { range, "if-range": condition } = request.headers;
    const start = Number(/^bytes=(\d+)-$/.exec(range ?? "")?.[1] ?? 0);
    const isPart = start > 0 && (condition === undefined || condition === etag);
    const head = { "content-type": type, etag, "accept-ranges": "bytes" };
    if (isPart && start >= file.length) {
      response.writeHead(416, { "content-range": `bytes */${file.length}` });
      response.end();
      return;
    }
    const body = isPart ? file.subarray(start) : file;
    response.writeHead(isPart ? 206 : 200, {
      ...head,
      "content-length": body.length,
      ...(isPart
        ? {
            "content-range": `bytes ${start}-${file.length - 1}/${file.length}`,
          }
        : {}),
    });
    await options.before?.();
    await send(response, body, {
      ...options,
      beforeBreak: (sent) =>
        options.beforeBreak?.(isPart ? start + sent : sent) ??
        Promise.resolve(),
    });
  };
}

/** Sends a body in pieces, and breaks off where it should. */
export async function send(
  response: http.ServerResponse,
  body: Buffer,
  {
    breakAfter = Infinity,
    breakBy = "hangup",
    pieceBytes = body.length,
    pieceMilliseconds = 0,
    beforeBreak,
  }: ServeOptions,
): Promise<void> {
  const end = Math.min(body.length, breakAfter);
  for (let start = 0; start < end && !response.destroyed; start += pieceBytes) {
    const piece = body.subarray(start, Math.min(start + pieceBytes, end));
    await new Promise((resolve) => response.write(piece, resolve));
    if (pieceMilliseconds > 0) await sleep(pieceMilliseconds);
  }
  if (end === body.length) {
    response.end();
  } else if (breakBy === "hangup") {
    await beforeBreak?.(end);
    // Not a reset, which would take along what has not been read yet.
    response.socket?.destroy();
  }
}
