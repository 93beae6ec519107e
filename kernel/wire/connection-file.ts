/**
 * The connection file, in which Jupyter tells a kernel where to listen
 * (https://jupyter-client.readthedocs.io/en/stable/kernels.html#connection-files).
 */
import { readFileSync } from "node:fs";

/** The channels a kernel listens on. */
export const CHANNEL_NAMES = [
  "shell",
  "control",
  "stdin",
  "iopub",
  "hb",
] as const;

/** One of the five channels. */
export type ChannelName = (typeof CHANNEL_NAMES)[number];

/** Whether ZeroMQ must be told that an address is of IPv6. */
export function isIPv6(address: string): boolean {
  return /^\w+:\/\/\[/.test(address);
}

/** What a connection file says. */
export interface ConnectionFile {
  /** ZeroMQ's address of each channel, such as "tcp://127.0.0.1:5555". */
  readonly addresses: Readonly<Record<ChannelName, string>>;
  /** The key that messages are signed with; empty if they are not. */
  readonly key: string;
  readonly signatureScheme: string;
}

/**
 * Reads a connection file.
 *
 * @throws If the file cannot be read, is not JSON, or a field is missing or of the wrong kind.
 */
export function readConnectionFile(path: string): ConnectionFile {
  let fields: Record<string, unknown> | null;
  try {
    fields = JSON.parse(readFileSync(path, "utf8")) as typeof fields;
  } catch (error) {
    throw new Error(
      `Expected a connection file in JSON, could not read ${path}: ${(error as Error).message}`,
      { cause: error },
    );
  }
  const text = (name: string, fallback?: string): string => {
    const value = fields?.[name] ?? fallback;
    if (typeof value !== "string") {
      throw new Error(
        `Expected a text in the connection file's "${name}", received ${JSON.stringify(value)}.`,
      );
    }
    return value;
  };
  const transport = text("transport", "tcp");
  const host = text("ip", "127.0.0.1");
  const address = (name: ChannelName): string => {
    const port = fields?.[`${name}_port`];
    if (!Number.isInteger(port)) {
      throw new Error(
        `Expected a port number in the connection file's "${name}_port", received ${JSON.stringify(port)}.`,
      );
    }
    // With ipc the "ip" is a path and the port its ending (jupyter_client's connect.py).
    if (transport === "ipc") return `ipc://${host}-${port}`;
    // ZeroMQ tells an IPv6 address from its port by the brackets; Jupyter writes it without.
    const isBare = host.includes(":") && !host.startsWith("[");
    return `${transport}://${isBare ? `[${host}]` : host}:${port}`;
  };
  return {
    addresses: Object.fromEntries(
      CHANNEL_NAMES.map((name) => [name, address(name)]),
    ) as Record<ChannelName, string>,
    key: text("key", ""),
    signatureScheme: text("signature_scheme", "hmac-sha256"),
  };
}
