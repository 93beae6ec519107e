/**
 * Runs an HTTP proxy on loopback that logs its requests.
 */
import http from "node:http";
import type { AddressInfo } from "node:net";
import type { TestContext } from "node:test";

/** A running proxy, closed after the test. */
export interface ProxyServer {
  readonly address: string;
  /** Method, target and credentials of each request. */
  readonly requests: {
    readonly method: string | undefined;
    readonly url: string | undefined;
    readonly authorization: string | undefined;
  }[];
}

/** Starts a proxy that forwards requests over HTTP and refuses tunnels with `refusal`. */
export async function startProxy(
  context: TestContext,
  refusal = "403 Forbidden",
): Promise<ProxyServer> {
  const requests: ProxyServer["requests"] = [];
  const log = ({ method, url, headers }: http.IncomingMessage) =>
    requests.push({
      method,
      url,
      authorization: headers["proxy-authorization"],
    });
  const server = http.createServer((request, response) => {
    log(request);
    const { headers, method } = request;
    const forwarded = http.request(
      request.url!,
      { method, headers },
      (from) => {
        response.writeHead(from.statusCode!, from.headers);
        from.on("data", (chunk) => response.write(chunk));
        from.on("error", () => undefined);
        // Also breaks the connection if the server does, after the bytes received until then.
        from.on("close", () =>
          from.complete ? response.end() : response.socket?.destroySoon(),
        );
      },
    );
    forwarded.on("error", () => response.writeHead(502).end());
    forwarded.end();
  });
  server.on("connect", (request, socket) => {
    log(request);
    socket.end(`HTTP/1.1 ${refusal}\r\n\r\n`);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  context.after(() => {
    server.close();
    server.closeAllConnections();
  });
  const { port } = server.address() as AddressInfo;
  return { address: `http://127.0.0.1:${port}`, requests };
}
