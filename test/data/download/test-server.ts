/**
 * Runs a scriptable HTTP server on loopback that logs its requests.
 */
import http from "node:http";
import type { AddressInfo } from "node:net";
import type { TestContext } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";

/** Handles a request. */
export type Handler = (
  request: http.IncomingMessage,
  response: http.ServerResponse,
) => void | Promise<void>;

/** Logged request. */
interface LoggedRequest {
  readonly path: string;
  readonly range: string | undefined;
  readonly ifRange: string | undefined;
}

/** Running server, closed after the test. */
export class TestServer {
  readonly requests: LoggedRequest[] = [];
  readonly #server: http.Server;
  readonly #handlers = new Map<string, Handler>();

  private constructor() {
    this.#server = http.createServer((request, response) => {
      const path = request.url!;
      const { range, "if-range": ifRange } = request.headers;
      this.requests.push({
        path,
        range,
        ifRange: ifRange as string | undefined,
      });
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

  /** Sets the handler of a path, replacing any previous one, and returns the URL. */
  at(path: string, handler: Handler): string {
    this.#handlers.set(path, handler);
    return this.address(path);
  }

  address(path: string): string {
    const { port } = this.#server.address() as AddressInfo;
    return `http://127.0.0.1:${port}${path}`;
  }

  /** Returns the ranges requested at a path, in order; undefined stands for a whole file. */
  rangesAt(path: string): (string | undefined)[] {
    return this.requests
      .filter((request) => request.path === path)
      .map(({ range }) => range);
  }
}

/** Returns a URL to which no server responds. */
export async function deadAddress(): Promise<string> {
  const server = http.createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return `http://127.0.0.1:${port}/small-set.tar.gz`;
}

/** Deviations from a correct server. */
export interface ServeOptions {
  readonly etag?: string;
  readonly type?: string;
  /** Number of response bytes after which the connection breaks. */
  readonly breakAfter?: number;
  /** How the connection breaks: by closing or by stalling. Default: "hangup". */
  readonly breakBy?: "hangup" | "silence";
  /** Number of bytes sent at a time. */
  readonly pieceBytes?: number;
  /** Pause between pieces, in milliseconds. */
  readonly pieceMilliseconds?: number;
  /** Called before the connection breaks, with the position in the file. */
  readonly beforeBreak?: (position: number) => Promise<void>;
  /** Called before the first byte of the body. */
  readonly before?: () => void | Promise<void>;
}

/** Serves a file, including Range and If-Range (RFC 9110, section 14). */
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

/** Sends a body in pieces and breaks the connection as requested. */
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
    // Some tests need a slow server.
    if (pieceMilliseconds > 0) await sleep(pieceMilliseconds);
  }
  if (end === body.length) {
    response.end();
  } else if (breakBy === "hangup") {
    await beforeBreak?.(end);
    // Not a reset, which would discard bytes that the client has not read yet.
    response.socket?.destroy();
  }
}
