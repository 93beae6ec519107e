/**
 * A Jupyter client for the tests: starts a kernel of its own over real ZeroMQ sockets, sends requests, and
 * gathers what comes back.
 *
 * It knows the wire format only through `kernel/wire/message.ts`; that this format is Jupyter's own is what
 * `message.test.ts` asks Python. Whatever happens in a test, no process is left behind.
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

/** The checkout. */
export const projectFolder = join(__dirname, "..", "..");

/**
 * How long anything may take where time is not what is tested, in milliseconds. An answer of half a second takes
 * ten where a machine is busy with other things.
 */
export const PATIENCE = 120_000;

/** How long messages of a kernel that has ended may take to be read, in milliseconds. */
const LAST_MESSAGES = 15_000;

const MAIN = join(projectFolder, "kernel", "dist", "main.js");
const CHANNELS = ["shell", "control", "stdin"] as const;

/** The channels a client sends requests on. */
export type Channel = (typeof CHANNELS)[number];

/** How to start a kernel. */
export interface KernelOptions {
  /** The notebook's folder, the kernel's working folder; `notebooks/` unless told otherwise. */
  folder?: string;
  /** The connection's key. */
  key?: string;
  /** ZeroMQ's transport. The default, ipc, has no ports that two tests could both take. */
  transport?: "ipc" | "tcp";
  /** The address of a kernel on TCP, as the connection file has it. */
  ip?: string;
  /** Environment variables beside those of this process. No history is kept unless one of them says where. */
  variables?: Readonly<Record<string, string>>;
  /** What the kernel is started with, beside the connection file. */
  parameters?: readonly string[];
  /** The ports of a kernel before this one, to take its place as a restarted kernel does. */
  ports?: readonly number[];
  /** Whether the client leaves stdin unconnected, until `connectStdin`. */
  withoutStdin?: boolean;
}

/** How a request is sent. */
export interface SendOptions {
  /** Whether it is one that is replied to. */
  replies?: boolean;
  buffers?: readonly Buffer[];
}

/** A request on its way: what has come for it so far, and the promise of all of it. */
export interface Pending {
  readonly id: string;
  /** What was published for the request so far, in order. */
  readonly messages: readonly Message[];
  readonly done: Promise<Answer>;
  /** Waits until something that was published for the request passes the test. */
  until(test: (message: Message) => boolean): Promise<Message>;
}

/** The answer to a request: the reply, and what was published for it up to its "idle". */
export class Answer {
  constructor(
    /** The reply; undefined for a request that has none. */
    readonly reply: Message | undefined,
    /** Everything on iopub whose parent is the request, in order, from "busy" to "idle". */
    readonly messages: readonly Message[],
  ) {}

  /** The reply's content. */
  get content(): JsonObject {
    return this.reply?.content ?? {};
  }

  /** What a notebook would keep as the cell's outputs. */
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

  /** The text of the cell's result; undefined if it has none. */
  get result(): string | undefined {
    const message = this.messages.find(({ type }) => type === "execute_result");
    return (message?.content.data as Record<string, string> | undefined)?.[
      "text/plain"
    ];
  }

  /** The cell's error, its traceback as one text without colours; undefined if it has none. */
  get error():
    { ename: string; evalue: string; traceback: string } | undefined {
    const content = this.messages.find(({ type }) => type === "error")?.content;
    return (
      content && {
        ename: String(content.ename),
        evalue: String(content.evalue),
        traceback: withoutColours((content.traceback as string[]).join("\n")),
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

/** A text without the escape sequences that colour it. */
export function withoutColours(text: string): string {
  // eslint-disable-next-line no-control-regex -- the escape character is what is looked for
  return text.replace(/\u001b\[\d+m/g, "");
}

/** Waits for a promise, but not for ever. */
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

/** Kernels that still run, so that an ending test process takes them along. */
const running = new Set<KernelClient>();
process.on("exit", () => running.forEach((client) => client.abandon()));
for (const [signal, code] of [
  ["SIGINT", 130],
  ["SIGTERM", 143],
] as const) {
  process.on(signal, () => process.exit(code));
}

/** A kernel and a client that is connected to it. */
export class KernelClient {
  /** The temporary folder with the connection file and the sockets. */
  readonly folder: string;
  readonly connection: ConnectionFile;
  readonly connectionFile: string;
  readonly signer: Signer;
  /** The session of this client's messages. */
  readonly session = randomUUID();
  /** Everything that came on iopub, in order. */
  readonly iopub: Message[] = [];
  /** Every input_request, in order. */
  readonly questions: Message[] = [];
  /** Every reply, in order, whichever request it is for. */
  readonly replies: Message[] = [];
  /** What the kernel's front process has printed itself. */
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
        // What it has sent before may still be on its way.
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

  /** Starts a kernel and waits until it is heard. */
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

  /** The kernel's runtime process; undefined if there is none at the moment. */
  get runtimePid(): number | undefined {
    return this.#child("runtime");
  }

  /** The process that checks the cells; undefined if there is none at the moment. */
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
    { replies = true, buffers = [] }: SendOptions = {},
  ): Pending {
    const message = Message.create(type, content, this.session);
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
    // A dealer sends no identities of its own: the router at the other end adds the sender's.
    message.identities.length = 0;
    void this.sendFrames(channel, message.encode(this.signer));
    const describe = () =>
      `an answer to ${type} ${JSON.stringify(content).slice(0, 200)}; so far came ${JSON.stringify(
        entry.messages.map((received) => [received.type, received.content]),
      ).slice(
        0,
        2000,
      )}${entry.reply ? " and the reply" : ""}. The kernel printed: ${this.log.slice(-2000)}`;
    // A kernel that does not answer once need not be waited for again.
    const answered = this.#silent
      ? Promise.reject(this.#silent)
      : within(PATIENCE, describe, done);
    // A test that fails before it looks at this answer has its own error to tell.
    answered.catch((error: Error) => (this.#silent ??= error));
    return {
      id,
      messages: entry.messages,
      done: answered,
      until: (test) =>
        Promise.race([
          this.until(() => entry.messages.find(test), describe),
          // If the request is never answered, this will not come either.
          answered.then(() => new Promise<never>(() => undefined)),
        ]),
    };
  }

  /** Sends frames as they are. */
  sendFrames(channel: Channel, frames: Buffer[]): Promise<void> {
    const sent = this.#sending.then(() => this.#dealers[channel].send(frames));
    this.#sending = sent.catch(() => undefined);
    return sent;
  }

  /** Sends a request and waits for its reply and its "idle". */
  request(
    type: string,
    content: JsonObject = {},
    channel: Channel = "shell",
  ): Promise<Answer> {
    return this.send(type, content, channel).done;
  }

  /** Starts a cell as JupyterLab does. */
  start(code: string, options: JsonObject = {}): Pending {
    return this.send("execute_request", {
      code,
      silent: false,
      store_history: true,
      user_expressions: {},
      allow_stdin: false,
      stop_on_error: true,
      ...options,
    });
  }

  /** Runs a cell to its end. */
  execute(code: string, options: JsonObject = {}): Promise<Answer> {
    return this.start(code, options).done;
  }

  /** Runs a cell that is expected to end well. */
  async run(code: string, options: JsonObject = {}): Promise<Answer> {
    const answer = await this.execute(code, options);
    if (answer.content.status !== "ok") {
      throw new Error(
        `Expected a cell that ends well, received:\n${answer.error?.traceback ?? JSON.stringify(answer.content)}`,
      );
    }
    return answer;
  }

  /** Answers the next question that a cell asks; what it asked. */
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

  /** Connects the stdin channel of a client that was started without it. */
  connectStdin(): void {
    this.#dealers.stdin.connect(this.connection.addresses.stdin);
  }

  /**
   * Calls `body` while the compiler stands still. What it sends has reached the kernel before the compiler goes on: so cells that it
   * starts are all there when the first of them runs.
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

  /** Interrupts as JupyterLab does: by a request on the control channel. */
  interrupt(): Promise<Answer> {
    return this.request("interrupt_request", {}, "control");
  }

  /** Asks the kernel to end. */
  shutdown(restart = false): Promise<Answer> {
    return this.request("shutdown_request", { restart }, "control");
  }

  /** Sends some bytes on the heartbeat channel; the time they took, in milliseconds. */
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

  /** Waits until `find` finds something; it is tried again whenever a message has come. */
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

  /** Waits until whatever was published so far has arrived. */
  async settle(): Promise<void> {
    await this.request("kernel_info_request", {}, "control");
  }

  /** What `close` does, as far as it can be done without waiting. */
  abandon(): void {
    this.kill();
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** Ends all of its processes at once. */
  kill(): void {
    const { pid } = this.front;
    if (pid === undefined) return;
    // The front process first: it would start another runtime in the place of one that ends.
    for (const each of [pid, ...childrenOf(pid)]) {
      if (!isAlive(each)) continue;
      try {
        process.kill(each, "SIGKILL");
      } catch {
        // It has ended in this very moment.
      }
    }
  }

  /** Ends the kernel, whatever it is doing, and takes the temporary folder away. */
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
    void this.#read(this.#subscriber, (message) => this.#heard(message));
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

  #heard(message: Message): void {
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

/** Ports of this machine that nobody listens on. */
export async function freePorts(count: number): Promise<number[]> {
  // All at once, or the same one could be found twice.
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
