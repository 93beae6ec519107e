/**
 * Implements the kernel's front process, which answers all requests of the Jupyter protocol, even
 * while a cell runs.
 *
 * Cells are queued by `shells.ts`; other requests are answered immediately. After a request that is
 * answered during a cell, clients consider the kernel idle, so the busy status of the running cell
 * is published again.
 */
import { randomUUID } from "node:crypto";
import type { Compiler } from "../compiler/compiler";
import { DeclaringPackages } from "../extensions/declaring-packages";
import { InstalledPackages } from "../extensions/installed-packages";
import {
  Channels,
  type ReplyChannel,
  type RequestChannel,
} from "../wire/channels";
import type { ConnectionFile } from "../wire/connection-file";
import { Message } from "../wire/message";
import {
  type AnyRequest,
  type ExecuteRequest,
  isRequestType,
  readRequest,
  type Request,
} from "../wire/requests";
import { InvalidContent } from "../wire/rules";
import { CellOutput } from "./cell-output";
import { CommRegistry } from "./comm-registry";
import { DebugRequests } from "./debug-requests";
import { Execution, type ExecutionPort } from "./execution";
import { answer, type Handlers, hasHandler } from "./handler";
import { History } from "./history";
import { HistoryFile, historyPath } from "./history-file";
import { immediateHandlers } from "./immediate-handlers";
import { Questions } from "./questions";
import { errorOf, refusal } from "./refusal";
import { Runs } from "./runs";
import { RuntimeProcess } from "./runtime-process";
import { Sender } from "./sender";
import { Shells } from "./shells";

/** A Jupyter kernel for TypeScript. */
export class Kernel {
  readonly #session = randomUUID();
  readonly #connection: ConnectionFile;
  readonly #channels: Channels;
  readonly #sender: Sender;
  readonly #compiler: Compiler;
  readonly #runtime: RuntimeProcess;
  readonly #runs = new Runs();
  readonly #shells: Shells;
  readonly #history = new History(
    new HistoryFile(historyPath(), (text) => console.warn(text)),
  );
  readonly #output: CellOutput;
  readonly #questions: Questions;
  readonly #comms: CommRegistry;
  readonly #debugging: DebugRequests;
  readonly #handlers: Handlers;
  #ended: (() => void) | undefined;
  #closing = false;

  /**
   * @param connection The addresses and the key of the kernel.
   * @param compiler The compiler of the cells.
   * @param memory The limit of the memory of the process that runs the cells, in bytes.
   */
  constructor(connection: ConnectionFile, compiler: Compiler, memory?: number) {
    this.#connection = connection;
    this.#compiler = compiler;
    this.#channels = new Channels(connection, this.#session, {
      subscribed: () => this.#sender.announce(),
      request: (channel, message) => this.#receive(channel, message),
      warning: (text) => console.warn(text),
    });
    this.#sender = new Sender(this.#channels, this.#session);
    const packages = new DeclaringPackages(
      new InstalledPackages(process.cwd()),
    );
    this.#runtime = new RuntimeProcess(
      {
        event: (event) => this.#output.publish(event),
        printed: (name, text) => this.#output.printNative(name, text),
        asked: (question) => {
          const parent = this.#runs.request(question.run);
          const isRunning = parent && this.#isRunning(parent);
          this.#questions.ask(question, isRunning ? parent : undefined);
        },
        debugged: (notice) => this.#debugging.receive(notice),
        lost: (text) => {
          this.#questions.forget();
          this.#comms.reset();
          this.#debugging.lost();
          void this.#compiler.reset();
          if (text !== undefined) this.#output.print("stderr", `${text}\n`);
        },
      },
      packages,
      memory,
    );
    this.#comms = new CommRegistry({
      publish: (parent, type, ...parts) => {
        const message =
          parent?.publish(type, parts[0], this.#session, parts[1], parts[2]) ??
          Message.create(type, parts[0], this.#session);
        void this.#channels.publish(message);
      },
      command: (command) => this.#runtime.comm(command),
    });
    this.#questions = new Questions({
      request: (parent, content, wanted) =>
        this.#channels.ask(
          parent.message.ask("input_request", content, this.#session),
          // An interrupted cell no longer needs an answer.
          () => wanted() && this.#isRunning(parent),
        ),
      answer: (answer) => this.#runtime.answer(answer),
      isRunning: (parent) => this.#isRunning(parent),
    });
    const port: ExecutionPort = {
      publish: (parent, type, content) =>
        this.#sender.publish(parent.message, type, content),
      begin: ({ message }) => this.#sender.status(message, "busy"),
      prepare: () => this.#debugging.beforeCell(),
      end: (request, content) => {
        this.#sender.reply("shell", request, content);
        this.#questions.dropEnded();
        this.#end(request.message);
      },
    };
    const context = {
      port,
      compiler,
      runtime: this.#runtime,
      history: this.#history,
      runs: this.#runs,
    };
    this.#shells = new Shells(() => new Execution(context));
    this.#output = new CellOutput({
      sender: this.#sender,
      comms: this.#comms,
      runs: this.#runs,
      shells: this.#shells,
    });
    this.#debugging = new DebugRequests(
      {
        send: (command) => this.#runtime.debug(command),
        publish: (parent, content) =>
          this.#sender.publish(parent, "debug_event", content),
        run: () => this.#shells.running[0],
      },
      compiler,
    );
    this.#handlers = immediateHandlers({
      compiler,
      history: this.#history,
      comms: this.#comms,
      shells: this.#shells,
      packages,
    });
  }

  /** Serves requests. Resolves when the kernel has been shut down. */
  async serve(): Promise<void> {
    const ended = new Promise<void>((resolve) => {
      this.#ended = resolve;
    });
    await this.#channels.bind(this.#connection.addresses);
    await ended;
  }

  /**
   * Interrupts the cells that are being compiled or run, or code that an earlier cell has left
   * running, as an interrupt_request does.
   */
  interrupt(): void {
    this.#shells.interrupt();
    this.#compiler.interrupt?.();
    this.#runtime.interrupt();
  }

  /** Ends the runtime and closes the channels. */
  async close(): Promise<void> {
    if (this.#closing) return;
    this.#closing = true;
    await Promise.all([this.#runtime.close(), this.#compiler.close()]);
    await this.#channels.close();
    this.#ended?.();
  }

  /** Checks the content of a message, and passes it on or refuses it. */
  #receive(channel: RequestChannel, message: Message): void {
    this.#sender.arrived(message);
    if (!isRequestType(message.type)) {
      if (channel === "stdin") return;
      this.#sender.status(message, "busy");
      console.warn(`Ignored a message of unknown type ${message.type}.`);
      this.#end(message);
      return;
    }
    let request: AnyRequest;
    try {
      request = readRequest(message, message.type);
      if (channel === "shell") this.#shells.check(message);
    } catch (error) {
      if (!(error instanceof InvalidContent)) throw error;
      this.#refuse(channel, message, error);
      return;
    }
    if (channel === "stdin") {
      if (request.type !== "input_reply") return;
      this.#questions.receive(request.content);
      this.#sender.answered(message);
    } else if (channel === "shell" && request.type === "execute_request") {
      this.#shells.enqueue(request);
    } else {
      void this.#answer(channel, request);
    }
  }

  async #answer(channel: ReplyChannel, request: AnyRequest): Promise<void> {
    const { message } = request;
    this.#sender.status(message, "busy");
    if (request.type === "shutdown_request") {
      await this.#shutDown(channel, request);
      return;
    }
    if (request.type === "interrupt_request") {
      // The specification names control only, but VS Code interrupts on shell.
      this.interrupt();
      this.#sender.reply(channel, request, { status: "ok" });
    } else if (request.type === "debug_request") {
      const content = await this.#debugging.answer(request);
      this.#sender.reply(channel, request, content);
    } else if (this.#comms.handles(request)) {
      await this.#comms.receive(request);
    } else if (hasHandler(this.#handlers, request)) {
      const content = await answer(this.#handlers, request);
      this.#sender.reply(channel, request, content);
    } else {
      console.warn(`Ignored a message of type ${message.type} on ${channel}.`);
    }
    this.#end(message);
  }

  /** Publishes the end of a request, and the busy status again if a cell is still running. */
  #end(request: Message): void {
    this.#sender.status(request, "idle");
    const [running] = this.#shells.running;
    if (running) this.#sender.status(running.message, "busy");
  }

  #isRunning(request: ExecuteRequest): boolean {
    return this.#shells.running.includes(request);
  }

  /** Answers a request whose content is invalid. */
  #refuse(
    channel: RequestChannel,
    message: Message,
    error: InvalidContent,
  ): void {
    console.warn(error.message);
    if (channel === "stdin") {
      if (message.type !== "input_reply") return;
      this.#questions.receiveInvalid(error.message);
      this.#sender.answered(message);
      return;
    }
    this.#sender.status(message, "busy");
    if (message.type === "execute_request") {
      this.#sender.publish(message, "error", errorOf(error));
    }
    const { executionCount } = this.#runs;
    const reply = refusal(message.type, error, executionCount);
    if (reply) this.#sender.refuse(channel, message, reply);
    this.#end(message);
  }

  async #shutDown(
    channel: ReplyChannel,
    request: Request<"shutdown_request">,
  ): Promise<void> {
    const { restart } = request.content;
    const content = { status: "ok", restart } as const;
    // The runtime ends first: clients may rely on that when they receive the reply.
    await this.#runtime.close();
    this.#sender.publish(request.message, "shutdown_reply", content);
    this.#sender.reply(channel, request, content);
    this.#sender.status(request.message, "idle");
    await this.close();
  }
}
