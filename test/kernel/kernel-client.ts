/**
 * Implements a Jupyter client for tests, which starts a kernel, sends requests over ZeroMQ sockets,
 * and collects the messages of the kernel.
 *
 * It uses `kernel/wire/message.ts` for the wire format, which `message.test.ts` compares with
 * Jupyter's in Python. No process is left running, even if a test fails.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join, sep } from "node:path";
import { Dealer, Request, Subscriber } from "zeromq";
import {
  isIPv6,
  readConnectionFile,
  type ConnectionFile,
} from "../../kernel/wire/connection-file";
import { type JsonObject, Message, Signer } from "../../kernel/wire/message";
import { childrenOf, commandOf, isAlive } from "./processes";

/** The root folder of the checkout. */
export const projectFolder = join(__dirname, "..", "..");

/**
 * Time limit for operations whose duration is not tested, in milliseconds. A reply that usually
 * takes half a second takes ten on a busy machine.
 */
export const PATIENCE = 120_000;

/** How long reading the messages of an ended kernel may take, in milliseconds. */
const LAST_MESSAGES = 15_000;

const MAIN = join(projectFolder, "kernel", "dist", "main.js");
const CHANNELS = ["shell", "control", "stdin"] as const;

/** The channels on which a client sends requests. */
export type Channel = (typeof CHANNELS)[number];

/** Options for starting a kernel. */
interface KernelOptions {
  /** The notebook's folder, which is the kernel's working folder. Default: `notebooks/`. */
  folder?: string;
  /** The connection's key. */
  key?: string;
  /** ZeroMQ's transport. The default, ipc, avoids conflicts of ports between tests. */
  transport?: "ipc" | "tcp";
  /** The address of a kernel on TCP, as the connection file has it. */
  ip?: string;
  /** Additional environment variables. Without a variable for it, the history file is disabled. */
  variables?: Readonly<Record<string, string>>;
  /** Command-line arguments of the kernel, in addition to the connection file. */
  parameters?: readonly string[];
  /** The ports of an earlier kernel, to replace it like a restarted kernel. */
  ports?: readonly number[];
  /** Whether the client does not connect stdin until `connectStdin`. */
  withoutStdin?: boolean;
}

/** Options of a request. */
interface SendOptions {
  /** Whether a reply is expected. */
  replies?: boolean;
  buffers?: readonly Buffer[];
  /** The id of the subshell that the request is for. Default: the main shell. */
  subshell?: string;
}

/** A pending request, with the messages received so far and a promise of its answer. */
export interface Pending {
  readonly id: string;
  /** The iopub messages of the request so far, in order. */
  readonly messages: readonly Message[];
  readonly done: Promise<Answer>;
  /** Waits for an iopub message of the request that passes the test. */
  until(test: (message: Message) => boolean): Promise<Message>;
}

/** The answer to a request: the reply, and its iopub messages up to "idle". */
export class Answer {
  constructor(
    /** The reply; undefined for a request without one. */
    readonly reply: Message | undefined,
    /** The iopub messages whose parent is the request, in order, from "busy" to "idle". */
    readonly messages: readonly Message[],
  ) {}

  /** The reply's content. */
  get content(): JsonObject {
    return this.reply?.content ?? {};
  }

  /** The outputs that a notebook would store. */
  get outputs(): readonly Message[] {
    const kept = new Set([
      "stream",
      "execute_result",
      "display_data",
      "update_display_data",
      "clear_output",
      "error",
    ]);
    return this.messages.filter(({ type }) => kept.has(type));
  }

  get stdout(): string {
    return this.#stream("stdout");
  }

  get stderr(): string {
    return this.#stream("stderr");
  }

  /** The text of the cell's result, if any. */
  get result(): string | undefined {
    const message = this.messages.find(({ type }) => type === "execute_result");
    return (message?.content.data as Record<string, string> | undefined)?.[
      "text/plain"
    ];
  }

  /** The cell's error, if any, with its traceback as one text without colors. */
  get error():
    { ename: string; evalue: string; traceback: string } | undefined {
    const content = this.messages.find(({ type }) => type === "error")?.content;
    return (
      content && {
        ename: String(content.ename),
        evalue: String(content.evalue),
        traceback: withoutColors((content.traceback as string[]).join("\n")),
      }
    );
  }

  #stream(name: string): string {
    return this.messages
      .filter(({ type, content }) => type === "stream" && content.name === name)
      .map(({ content }) => String(content.text))
      .join("");
  }
}

/** Removes the escape sequences of colors from a text. */
export function withoutColors(text: string): string {
  // eslint-disable-next-line no-control-regex -- matches the escape character
  return text.replace(/\u001b\[\d+m/g, "");
}

/** Waits for a promise with a time limit. */
export async function within<Value>(
  milliseconds: number,
  what: string | (() => string),
  promise: Promise<Value>,
): Promise<Value> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => {
      const text = typeof what === "string" ? what : what();
      reject(new Error(`Expected ${text} within ${milliseconds} ms.`));
    }, milliseconds);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}

interface Entry {
  messages: Message[];
  reply: Message | undefined;
  idle: boolean;
  readonly replies: boolean;
  resolve(answer: Answer): void;
  reject(error: Error): void;
}

/** Running kernels, which are ended when the test process exits. */
const running = new Set<KernelClient>();
process.on("exit", () => running.forEach((client) => client.abandon()));
for (const [signal, code] of [
  ["SIGINT", 130],
  ["SIGTERM", 143],
] as const) {
  process.on(signal, () => process.exit(code));
}

/** A kernel with a connected client. */
export class KernelClient {
  /** The temporary folder with the connection file and the sockets. */
  readonly folder: string;
  readonly connection: ConnectionFile;
  readonly connectionFile: string;
  readonly signer: Signer;
  /** The session id of this client's messages. */
  readonly session = randomUUID();
  /** All iopub messages, in order. */
  readonly iopub: Message[] = [];
  /** All input_requests, in order. */
  readonly questions: Message[] = [];
  /** All replies, in order. */
  readonly replies: Message[] = [];
  /** The output of the kernel's front process. */
  log = "";
  readonly front: ChildProcess;
  /** Resolves when the front process has ended. */
  readonly ended: Promise<{ code: number | null; signal: string | null }>;

  readonly #dealers: Record<Channel, Dealer>;
  readonly #subscriber = new Subscriber({ linger: 0, receiveHighWaterMark: 0 });
  readonly #entries = new Map<string, Entry>();
  readonly #watchers = new Set<() => void>();
  #sending: Promise<unknown> = Promise.resolve();
  #silent: Error | undefined;
  #closed = false;
  readonly #withoutStdin: boolean;
  #answered = 0;

  private constructor(
    options: KernelOptions,
    folder: string,
    fields: JsonObject,
  ) {
    this.#withoutStdin = options.withoutStdin ?? false;
    this.folder = folder;
    this.connectionFile = join(folder, "kernel.json");
    writeFileSync(this.connectionFile, JSON.stringify(fields));
    this.connection = readConnectionFile(this.connectionFile);
    this.signer = new Signer(
      this.connection.key,
      this.connection.signatureScheme,
    );
    const dealer = () =>
      new Dealer({ linger: 0, routingId: this.session, sendTimeout: PATIENCE });
    this.#dealers = { shell: dealer(), control: dealer(), stdin: dealer() };
    const ipv6 = isIPv6(this.connection.addresses.shell);
    for (const socket of [...Object.values(this.#dealers), this.#subscriber]) {
      socket.ipv6 = ipv6;
    }
    this.front = spawn(
      process.execPath,
      [MAIN, ...(options.parameters ?? []), this.connectionFile],
      {
        cwd: options.folder ?? join(projectFolder, "notebooks"),
        stdio: ["ignore", "pipe", "pipe"],
        env: {
          ...process.env,
          NODE_OPTIONS: "",
          TF_CPP_MIN_LOG_LEVEL: "2",
          CONVNOTES_HISTORY: "off",
          ...options.variables,
        },
      },
    );
    for (const stream of [this.front.stdout, this.front.stderr]) {
      stream?.setEncoding("utf8");
      stream?.on("data", (text: string) => (this.log += text));
    }
    this.ended = new Promise((resolve) => {
      this.front.once("exit", (code, signal) => {
        resolve({ code, signal });
        // Messages that it sent earlier may not have arrived yet.
        setTimeout(() => {
          this.#fail(
            new Error(
              `The kernel has ended (code ${code}, signal ${signal}). It printed:\n${this.log}`,
            ),
          );
        }, LAST_MESSAGES).unref();
      });
    });
    running.add(this);
  }

  /** Starts a kernel and waits for its first message. */
  static async start(options: KernelOptions = {}): Promise<KernelClient> {
    if (!existsSync(MAIN)) {
      throw new Error(`Expected the compiled kernel, found no ${MAIN}.`);
    }
    const { key = randomUUID(), transport = "ipc" } = options;
    const folder = mkdtempSync(join(tmpdir(), "convnotes-"));
    const names = ["shell", "control", "stdin", "iopub", "hb"];
    const ports =
      options.ports ??
      (transport === "ipc"
        ? names.map((_, index) => index)
        : await freePorts(names.length));
    const client = new KernelClient(options, folder, {
      ip:
        transport === "ipc"
          ? join(folder, "socket")
          : (options.ip ?? "127.0.0.1"),
      transport,
      key,
      signature_scheme: "hmac-sha256",
      kernel_name: "convnotes",
      ...Object.fromEntries(
        names.map((name, index) => [`${name}_port`, ports[index]]),
      ),
    });
    try {
      await client.#connect();
    } catch (error) {
      await client.close();
      throw error;
    }
    return client;
  }

  /** Process id of the kernel's runtime, if it is running. */
  get runtimePid(): number | undefined {
    return this.#child("runtime");
  }

  /** Process id of the compiler, if it is running. */
  get compilerPid(): number | undefined {
    return this.#child("compiler");
  }

  #child(folder: string): number | undefined {
    return childrenOf(this.front.pid ?? -1).find((pid) =>
      commandOf(pid).includes(`${sep}${folder}${sep}`),
    );
  }

  /** Sends a request. */
  send(
    type: string,
    content: JsonObject = {},
    channel: Channel = "shell",
    { replies = true, buffers = [], subshell }: SendOptions = {},
  ): Pending {
    const message = Message.create(type, content, this.session);
    if (subshell !== undefined) message.header.subshell_id = subshell;
    message.buffers.push(...buffers);
    const id = message.header.msg_id;
    const entry = {
      messages: [],
      reply: undefined,
      idle: false,
      replies,
    } as Omit<Entry, "resolve" | "reject"> as Entry;
    const done = new Promise<Answer>((resolve, reject) => {
      entry.resolve = resolve;
      entry.reject = reject;
    });
    this.#entries.set(id, entry);
    // A dealer sends no identity frames; the router adds them.
    message.identities.length = 0;
    void this.sendFrames(channel, message.encode(this.signer));
    const describe = () =>
      `an answer to ${type} ${JSON.stringify(content).slice(0, 200)}; so far came ${JSON.stringify(
        entry.messages.map((received) => [received.type, received.content]),
      ).slice(
        0,
        2000,
      )}${entry.reply ? " and the reply" : ""}. The kernel printed: ${this.log.slice(-2000)}`;
    // After one missing answer, later requests need not wait.
    const answered = this.#silent
      ? Promise.reject(this.#silent)
      : within(PATIENCE, describe, done);
    // If a test fails before it awaits this answer, its own error is reported.
    answered.catch((error: Error) => (this.#silent ??= error));
    return {
      id,
      messages: entry.messages,
      done: answered,
      until: (test) =>
        Promise.race([
          this.until(() => entry.messages.find(test), describe),
          // If the request is never answered, "idle" does not arrive either.
          answered.then(() => new Promise<never>(() => undefined)),
        ]),
    };
  }

  /** Sends frames unchanged. */
  sendFrames(channel: Channel, frames: Buffer[]): Promise<void> {
    const sent = this.#sending.then(() => this.#dealers[channel].send(frames));
    this.#sending = sent.catch(() => undefined);
    return sent;
  }

  /** Sends a request and waits for its reply and "idle". */
  request(
    type: string,
    content: JsonObject = {},
    channel: Channel = "shell",
  ): Promise<Answer> {
    return this.send(type, content, channel).done;
  }

  /** Starts a cell as JupyterLab does, in the main shell or a subshell. */
  start(code: string, options: JsonObject = {}, subshell?: string): Pending {
    const content = {
      code,
      silent: false,
      store_history: true,
      user_expressions: {},
      allow_stdin: false,
      stop_on_error: true,
      ...options,
    };
    const shell = subshell === undefined ? {} : { subshell };
    return this.send("execute_request", content, "shell", shell);
  }

  /** Runs a cell to its end. */
  execute(code: string, options: JsonObject = {}): Promise<Answer> {
    return this.start(code, options).done;
  }

  /** Runs a cell and asserts that it succeeds. */
  async run(code: string, options: JsonObject = {}): Promise<Answer> {
    const answer = await this.execute(code, options);
    if (answer.content.status !== "ok") {
      throw new Error(
        `Expected a cell that ends well, received:\n${answer.error?.traceback ?? JSON.stringify(answer.content)}`,
      );
    }
    return answer;
  }

  /** Answers the next question of a cell. Returns the question's content. */
  async answer(value: string): Promise<JsonObject> {
    const asked = this.#answered;
    const question = await this.until(
      () => this.questions[asked],
      "a question on stdin",
    );
    this.#answered += 1;
    const reply = Message.create("input_reply", { value }, this.session);
    reply.identities.length = 0;
    await this.sendFrames("stdin", reply.encode(this.signer));
    return question.content;
  }

  /** Connects the stdin channel of a client that was started without one. */
  connectStdin(): void {
    this.#dealers.stdin.connect(this.connection.addresses.stdin);
  }

  /**
   * Calls `body` while the compiler is paused. Messages that it sends reach the kernel before the
   * compiler continues, so cells that it starts are all queued when the first of them runs.
   */
  async whileCompiling<Value>(
    body: () => Value | Promise<Value>,
  ): Promise<Value> {
    const compiler = this.compilerPid;
    if (compiler === undefined) throw new Error("Expected a compiler process.");
    process.kill(compiler, "SIGSTOP");
    try {
      const value = await body();
      await this.request("comm_info_request");
      return value;
    } finally {
      process.kill(compiler, "SIGCONT");
    }
  }

  /** Interrupts the kernel as JupyterLab does, by a request on the control channel. */
  interrupt(): Promise<Answer> {
    return this.request("interrupt_request", {}, "control");
  }

  /** Sends a shutdown_request. */
  shutdown(restart = false): Promise<Answer> {
    return this.request("shutdown_request", { restart }, "control");
  }

  /** Sends bytes on the heartbeat channel. Returns the round-trip time in milliseconds. */
  async heartbeat(): Promise<number> {
    const socket = new Request({
      linger: 0,
      receiveTimeout: PATIENCE,
      ipv6: isIPv6(this.connection.addresses.hb),
    });
    try {
      socket.connect(this.connection.addresses.hb);
      const before = performance.now();
      await socket.send("ping");
      const [frame] = await socket.receive();
      if (frame?.toString() !== "ping") throw new Error(`Received ${frame}.`);
      return performance.now() - before;
    } finally {
      socket.close();
    }
  }

  /** Waits until `find` returns a value; calls it again after each message. */
  async until<Value>(
    find: () => Value | undefined,
    what: string | (() => string) = "something to come",
  ): Promise<Value> {
    let check: (() => void) | undefined;
    try {
      return await within(
        PATIENCE,
        what,
        new Promise<Value>((resolve) => {
          check = () => {
            const found = find();
            if (found !== undefined) resolve(found);
          };
          this.#watchers.add(check);
          check();
        }),
      );
    } finally {
      if (check) this.#watchers.delete(check);
    }
  }

  /** Waits until all messages published so far have arrived. */
  async settle(): Promise<void> {
    await this.request("kernel_info_request", {}, "control");
  }

  /** Performs the synchronous part of `close`. */
  abandon(): void {
    this.kill();
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** Kills all processes of the kernel. */
  kill(): void {
    const { pid } = this.front;
    if (pid === undefined) return;
    // The front process first, as it would replace a runtime that ends.
    for (const each of [pid, ...childrenOf(pid)]) {
      if (!isAlive(each)) continue;
      try {
        process.kill(each, "SIGKILL");
      } catch {
        // The process has just ended.
      }
    }
  }

  /** Ends the kernel in any state and removes the temporary folder. */
  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    const hasEnded =
      this.front.exitCode !== null || this.front.signalCode !== null;
    this.kill();
    if (!hasEnded) await this.ended;
    running.delete(this);
    this.#subscriber.close();
    for (const name of CHANNELS) this.#dealers[name].close();
    this.#fail(new Error("The client has been closed."));
    rmSync(this.folder, { recursive: true, force: true });
  }

  async #connect(): Promise<void> {
    this.#subscriber.connect(this.connection.addresses.iopub);
    this.#subscriber.subscribe();
    void this.#read(this.#subscriber, (message) =>
      this.#receivePublished(message),
    );
    for (const name of CHANNELS) {
      if (name !== "stdin" || !this.#withoutStdin) {
        this.#dealers[name].connect(this.connection.addresses[name]);
      }
      void this.#read(this.#dealers[name], (message) => this.#replied(message));
    }
    await this.until(
      () => this.iopub.find(({ type }) => type === "iopub_welcome"),
      () => `iopub_welcome. The kernel printed: ${this.log}`,
    );
  }

  async #read(
    socket: AsyncIterable<Buffer[]>,
    take: (message: Message) => void,
  ): Promise<void> {
    try {
      for await (const frames of socket) {
        take(Message.decode(frames, this.signer));
        this.#watchers.forEach((check) => check());
      }
    } catch (error) {
      if (!this.#closed) this.#fail(error as Error);
    }
  }

  #receivePublished(message: Message): void {
    this.iopub.push(message);
    const entry = this.#entries.get(String(message.parentHeader.msg_id));
    if (entry === undefined) return;
    if (!entry.idle) entry.messages.push(message);
    if (message.type === "status") {
      entry.idle ||= message.content.execution_state === "idle";
      this.#finish(entry);
    }
  }

  #replied(message: Message): void {
    if (message.type === "input_request") {
      this.questions.push(message);
      return;
    }
    this.replies.push(message);
    const entry = this.#entries.get(String(message.parentHeader.msg_id));
    if (entry === undefined) return;
    entry.reply = message;
    this.#finish(entry);
  }

  #finish(entry: Entry): void {
    if (!entry.idle || (entry.replies && entry.reply === undefined)) return;
    entry.resolve(new Answer(entry.reply, entry.messages));
  }

  #fail(error: Error): void {
    for (const entry of this.#entries.values()) entry.reject(error);
  }
}

/** Returns unused ports of this machine. */
export async function freePorts(count: number): Promise<number[]> {
  // All ports are bound at the same time, so that no two are the same.
  const servers = await Promise.all(
    Array.from({ length: count }, async () => {
      const server = createServer();
      await new Promise<void>((resolve) =>
        server.listen(0, "127.0.0.1", resolve),
      );
      return server;
    }),
  );
  const ports = servers.map((server) => (server.address() as AddressInfo).port);
  await Promise.all(
    servers.map((server) => new Promise((resolve) => server.close(resolve))),
  );
  return ports;
}
