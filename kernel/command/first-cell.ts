/**
 * Starts a kernel as Jupyter does and runs one cell in it.
 */
import type { ErrorCode } from "@convnotes/notebook/coded-error";
import { type ChildProcess, spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type AddressInfo } from "node:net";
import { constants, tmpdir } from "node:os";
import { join } from "node:path";
import { Dealer, Subscriber } from "zeromq";
import {
  CHANNEL_NAMES,
  type ConnectionFile,
  readConnectionFile,
} from "../wire/connection-file";
import { Message, Signer } from "../wire/message";
import type { Kernelspec } from "./kernelspec";

const HOST = "127.0.0.1";

/** How long a kernel may take to exit after SIGTERM before it is killed, in milliseconds. */
const END_MILLISECONDS = 2_000;

/** Signals that end this program early. */
const STOP_SIGNALS = ["SIGINT", "SIGTERM"] as const;

/** How many lines of a kernel's output are shown. */
const MOST_LINES = 8;

/** Thrown if a kernel does not answer. */
export class NoAnswer extends Error {
  override name = "NoAnswer";
  readonly code = "ERR_PROCESS" satisfies ErrorCode;
}

/**
 * Runs one cell in a new kernel, in the current folder.
 *
 * @param spec The kernelspec to start the kernel with.
 * @param code The cell's source.
 * @param milliseconds Time limit for the start and the cell together.
 * @returns The result as text; empty if the cell has no result.
 * @throws {NoAnswer} If the kernel ends before it answers, the time limit is exceeded, or the cell
 *   fails.
 */
export async function runFirstCell(
  spec: Kernelspec,
  code: string,
  milliseconds: number,
): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), "convnotes-"));
  const file = join(folder, "connection.json");
  let kernel: StartedKernel | undefined;
  let cell: CellClient | undefined;
  // The folder contains the kernel's key, so it is removed also when this program is interrupted.
  const stop = (signal: NodeJS.Signals) => {
    kernel?.stop();
    rmSync(folder, { recursive: true, force: true });
    process.exit(128 + constants.signals[signal]);
  };
  for (const signal of STOP_SIGNALS) process.once(signal, stop);
  try {
    await writeConnectionFile(file);
    kernel = new StartedKernel(spec, file);
    cell = new CellClient(readConnectionFile(file));
    return await Promise.race([
      cell.run(code),
      kernel.failure(),
      timeout(milliseconds, kernel),
    ]);
  } finally {
    cell?.close();
    await kernel?.close();
    rmSync(folder, { recursive: true, force: true });
    for (const signal of STOP_SIGNALS) process.off(signal, stop);
  }
}

async function writeConnectionFile(file: string): Promise<void> {
  // All ports stay bound until all are known, so that no two are the same.
  const servers = await Promise.all(
    CHANNEL_NAMES.map(async () => {
      const server = createServer().listen(0, HOST);
      await once(server, "listening");
      return server;
    }),
  );
  const ports = servers.map((server) => (server.address() as AddressInfo).port);
  for (const server of servers) server.close();
  const fields = {
    transport: "tcp",
    ip: HOST,
    key: randomUUID(),
    signature_scheme: "hmac-sha256",
    ...Object.fromEntries(
      CHANNEL_NAMES.map((name, index) => [`${name}_port`, ports[index]]),
    ),
  };
  // Anybody who can read the key can run code.
  writeFileSync(file, JSON.stringify(fields), { mode: 0o600 });
}

async function timeout(
  milliseconds: number,
  kernel: StartedKernel,
): Promise<never> {
  await new Promise((resolve) => setTimeout(resolve, milliseconds).unref());
  throw new NoAnswer(
    `The kernel did not answer within ${milliseconds / 1000} s.${kernel.outputTail()}`,
  );
}

/** The process of a kernel, with its output. */
class StartedKernel {
  readonly #child: ChildProcess;
  readonly #ended: Promise<string>;
  #printed = "";

  constructor(spec: Kernelspec, connectionFile: string) {
    const [program = "", ...parameters] = spec.argv.map((each) =>
      each.replaceAll("{connection_file}", connectionFile),
    );
    this.#child = spawn(program, parameters, {
      stdio: ["ignore", "pipe", "pipe"],
      // Makes the kernel end with this process, even if this process is killed.
      env: {
        ...process.env,
        ...spec.env,
        JPY_PARENT_PID: String(process.pid),
      },
      // In its own process group: a SIGINT from the terminal would only interrupt the cell.
      detached: true,
    });
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      stream?.setEncoding("utf8");
      stream?.on("data", (text: string) => (this.#printed += text));
    }
    this.#ended = new Promise((resolve) => {
      this.#child.once("error", ({ message }) => resolve(message));
      this.#child.once("close", (code, signal) =>
        resolve(
          signal === null
            ? `The kernel ended with exit code ${code}.`
            : `The kernel was ended by ${signal}.`,
        ),
      );
    });
  }

  /** Rejects when the process has ended. */
  async failure(): Promise<never> {
    const how = await this.#ended;
    throw new NoAnswer(`${how}${this.outputTail()}`);
  }

  /** Returns the last lines of the output, without stack frames, as a sentence. */
  outputTail(): string {
    const lines = this.#printed
      .split("\n")
      .filter((line) => line.trim() !== "" && !/^ +at /.test(line))
      .slice(-MOST_LINES);
    return lines.length === 0 ? "" : ` It printed:\n${lines.join("\n")}`;
  }

  /** Sends SIGTERM to the process. */
  stop(): void {
    this.#child.kill("SIGTERM");
  }

  /** Ends the process and waits for its exit. */
  async close(): Promise<void> {
    this.stop();
    const timer = setTimeout(
      () => this.#child.kill("SIGKILL"),
      END_MILLISECONDS,
    );
    await this.#ended;
    clearTimeout(timer);
  }
}

/** A client that runs one cell. */
class CellClient {
  readonly #session = randomUUID();
  readonly #signer: Signer;
  readonly #shell = new Dealer({ linger: 0, routingId: this.#session });
  readonly #iopub = new Subscriber({ linger: 0 });

  constructor(connection: ConnectionFile) {
    this.#signer = new Signer(connection.key, connection.signatureScheme);
    this.#shell.connect(connection.addresses.shell);
    this.#iopub.connect(connection.addresses.iopub);
    this.#iopub.subscribe();
  }

  async run(code: string): Promise<string> {
    const request = Message.create(
      "execute_request",
      {
        code,
        silent: false,
        store_history: false,
        user_expressions: {},
        allow_stdin: false,
        stop_on_error: true,
      },
      this.#session,
    );
    // A dealer sends no identity frames; the router adds them.
    request.identities.length = 0;
    let result = "";
    for await (const frames of this.#iopub) {
      const message = Message.decode(frames, this.#signer);
      if (message.type === "iopub_welcome") {
        // The cell is sent only now, so that none of its messages are missed.
        await this.#shell.send(request.encode(this.#signer));
      }
      if (message.parentHeader.msg_id !== request.header.msg_id) continue;
      const { content } = message;
      if (message.type === "execute_result") {
        result = String(
          (content.data as Record<string, unknown>)["text/plain"],
        );
      } else if (message.type === "error") {
        throw new NoAnswer(
          `The cell ${code} failed: ${content.ename}: ${content.evalue}`,
        );
      } else if (content.execution_state === "idle") {
        break;
      }
    }
    // A working kernel also replies on the shell channel.
    Message.decode(await this.#shell.receive(), this.#signer);
    return result;
  }

  close(): void {
    this.#iopub.close();
    this.#shell.close();
  }
}
