/**
 * Reads the connection file, which specifies a kernel's addresses and key
 * (https://jupyter-client.readthedocs.io/en/stable/kernels.html#connection-files).
 */
import { coded } from "@convnotes/notebook/coded-error";
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

/** Returns whether an address is an IPv6 address, for which ZeroMQ needs the `ipv6` option. */
export function isIPv6(address: string): boolean {
  return /^\w+:\/\/\[/.test(address);
}

/** The contents of a connection file. */
export interface ConnectionFile {
  /** The ZeroMQ address of each channel, such as "tcp://127.0.0.1:5555". */
  readonly addresses: Readonly<Record<ChannelName, string>>;
  /** The key that messages are signed with; empty if messages are not signed. */
  readonly key: string;
  readonly signatureScheme: string;
}

/**
 * Reads a connection file.
 *
 * @throws {Error} If the file cannot be read or is not JSON, or if a field is missing or has the
 *   wrong type.
 */
export function readConnectionFile(path: string): ConnectionFile {
  let fields: Record<string, unknown> | null;
  try {
    fields = JSON.parse(readFileSync(path, "utf8")) as typeof fields;
  } catch (error) {
    throw coded(
      error instanceof SyntaxError ? "ERR_FILE_FORMAT" : "ERR_FILE_MISSING",
      new Error(
        `Expected a connection file in JSON, but could not read ${path}: ${(error as Error).message}`,
        { cause: error },
      ),
    );
  }
  const text = (name: string, fallback?: string): string => {
    const value = fields?.[name] ?? fallback;
    if (typeof value !== "string") {
      throw coded(
        "ERR_FILE_FORMAT",
        new Error(
          `Expected a string in the connection file's "${name}", received ${JSON.stringify(value)}.`,
        ),
      );
    }
    return value;
  };
  const transport = text("transport", "tcp");
  const host = text("ip", "127.0.0.1");
  const address = (name: ChannelName): string => {
    const port = fields?.[`${name}_port`];
    if (!Number.isInteger(port)) {
      throw coded(
        "ERR_FILE_FORMAT",
        new Error(
          `Expected a port number in the connection file's "${name}_port", received ${JSON.stringify(port)}.`,
        ),
      );
    }
    // For ipc, "ip" is a path and the port its suffix (jupyter_client's connect.py).
    if (transport === "ipc") return `ipc://${host}-${port}`;
    // ZeroMQ needs brackets around an IPv6 address; Jupyter omits them.
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
