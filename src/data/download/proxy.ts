/**
 * Sends requests through the proxy that environment variables name.
 */
import { DatasetError } from "../dataset-error";

/** Variables with the proxy for each protocol; the first one set is used, as in curl. */
const VARIABLES = {
  http: ["http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"],
  https: ["https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"],
} as const;

/** A proxy and the environment variable that names it. */
interface Proxy {
  readonly variable: string;
  readonly address: string;
}

/** Sends requests. */
export interface Sender {
  /** Sends a request as `fetch` does. */
  readonly send: (address: string, init: RequestInit) => Promise<Response>;
  /** Closes all connections. */
  readonly close: () => void;
}

/**
 * Returns a sender that uses the proxies in the environment: `HTTPS_PROXY`, `HTTP_PROXY` and
 * `ALL_PROXY`, except for the hosts in `NO_PROXY`. Names in lower case take precedence.
 *
 * Node's own `fetch` ignores these variables before Node 24, and later unless `NODE_USE_ENV_PROXY`
 * is set.
 *
 * Throws a {@link DatasetError} if a variable is not the address of an HTTP proxy.
 */
export async function proxySender(): Promise<Sender> {
  const [http, https] = [proxyFor("http"), proxyFor("https")];
  if (http === undefined && https === undefined) {
    return { send: fetch, close: () => undefined };
  }
  // Imported on first use: most computers need no proxy.
  const undici = await import("undici");
  const options = {
    // The empty string stands for no proxy.
    httpProxy: http?.address ?? "",
    httpsProxy: https?.address ?? "",
    // A proxy may allow tunnels only for HTTPS.
    proxyTunnel: false,
  };
  const agent = withoutWarning(() => new undici.EnvHttpProxyAgent(options));
  const send = (address: string, init: RequestInit) =>
    undici.fetch(address, {
      ...(init as object),
      dispatcher: agent,
    }) as Promise<unknown> as Promise<Response>;
  const close = () => void agent.destroy().catch(() => undefined);
  return { send, close };
}

/** Says which proxy is used, or how to set one, as a sentence for advice. */
export function proxyHint(): string {
  const proxy = find(VARIABLES.https) ?? find(VARIABLES.http);
  return proxy === undefined
    ? "If this network has a proxy, set HTTPS_PROXY to its address. "
    : `Requests go through the proxy in ${proxy.variable}, ${publicPart(proxy.address)}, except for the hosts in NO_PROXY. `;
}

function find(variables: readonly string[]): Proxy | undefined {
  const variable = variables.find((name) => process.env[name]);
  if (variable === undefined) return undefined;
  return { variable, address: process.env[variable]! };
}

/** Returns the proxy for a protocol with its complete address. */
function proxyFor(protocol: keyof typeof VARIABLES): Proxy | undefined {
  const proxy = find(VARIABLES[protocol]);
  if (proxy === undefined) return undefined;
  const { variable } = proxy;
  const given = proxy.address.trim();
  const address = given.includes("://") ? given : `http://${given}`;
  const isHttp = /^https?:$/.test(parse(address)?.protocol ?? "");
  if (isHttp) return { variable, address };
  throw new DatasetError({
    code: "ERR_INVALID_VALUE",
    expected: `${variable} to be the address of an HTTP proxy, such as http://proxy.example:3128`,
    received: publicPart(given),
  });
}

function parse(address: string): URL | undefined {
  try {
    return new URL(address);
  } catch {
    return undefined;
  }
}

/** Returns an address without a user's name and password. */
function publicPart(address: string): string {
  return address.replace(/[^/]*@/, "");
}

/** Suppresses the warning that the class is experimental; Node uses it, too. */
function withoutWarning<Result>(action: () => Result): Result {
  const { emitWarning } = process;
  process.emitWarning = () => undefined;
  try {
    return action();
  } finally {
    process.emitWarning = emitWarning;
  }
}
