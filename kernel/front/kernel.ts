/**
 * Implements the kernel's front process, which answers all requests of the Jupyter protocol, even
 * while a cell runs.
 *
 * Cells are queued by `execution.ts`; other requests are answered immediately. After a request that
 * is answered during a cell, clients consider the kernel idle, so the busy status of the running
 * cell is published again.
 */
import { randomUUID } from "node:crypto";
import type { Compiler } from "../compiler/compiler";
import type { ShownEvent } from "../runtime/channel";
import {
  Channels,
  type ReplyChannel,
  type RequestChannel,
} from "../wire/channels";
import type { ConnectionFile } from "../wire/connection-file";
import { type JsonObject, Message } from "../wire/message";
import { CommRegistry } from "./comm-registry";
import { editorHandlers } from "./editor-requests";
import { Execution } from "./execution";
import type { Handler } from "./handler";
import { History } from "./history";
import { HistoryFile, historyPath } from "./history-file";
import { kernelInfo } from "./kernel-info";
import { Questions } from "./questions";
import { RuntimeProcess } from "./runtime-process";

/** A Jupyter kernel for TypeScript. */
export class Kernel {
  readonly #session = randomUUID();
  readonly #connection: ConnectionFile;
  readonly #channels: Channels;
  readonly #compiler: Compiler;
  readonly #runtime: RuntimeProcess;
  readonly #execution: Execution;
  readonly #history = new History(
    new HistoryFile(historyPath(), (text) => console.warn(text)),
  );
  readonly #questions: Questions;
  readonly #comms: CommRegistry;
  readonly #handlers: ReadonlyMap<string, Handler>;
  #ended: (() => void) | undefined;
  #announced = false;
  #closing = false;

  /**
   * @param connection The addresses and the key of the kernel.
   * @param compiler The compiler of the cells.
   */
  constructor(connection: ConnectionFile, compiler: Compiler) {
    this.#connection = connection;
    this.#compiler = compiler;
    this.#channels = new Channels(connection, this.#session, {
      subscribed: () => this.#announce(),
      request: (channel, message) => this.#receive(channel, message),
      warning: (text) => console.warn(text),
    });
    this.#runtime = new RuntimeProcess({
      event: (event) => this.#publishEvent(event),
      printed: (name, text) => {
        const parent = this.#execution.current ?? this.#execution.parentOf();
        if (parent?.content.silent !== true) this.#print(name, text);
      },
      asked: (question) =>
        this.#questions.ask(question, this.#execution.current),
      lost: (text) => {
        this.#questions.forget();
        this.#comms.reset();
        void this.#compiler.reset();
        if (text !== undefined) this.#print("stderr", `${text}\n`);
      },
    });
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
          parent.ask("input_request", content, this.#session),
          // An interrupted cell no longer needs an answer.
          () => wanted() && this.#execution.current === parent,
        ),
      answer: (answer) => this.#runtime.answer(answer),
    });
    this.#execution = new Execution(
      {
        publish: (parent, type, content) =>
          this.#publish(parent, type, content),
        status: (parent, state) => this.#status(parent, state),
        reply: (request, content) => this.#reply("shell", request, content),
      },
      compiler,
      this.#runtime,
      this.#history,
    );
    this.#handlers = new Map<string, Handler>([
      ["kernel_info_request", () => kernelInfo(this.#compiler)],
      ...editorHandlers(this.#compiler),
      [
        "history_request",
        (content) => ({ status: "ok", history: this.#history.find(content) }),
      ],
      ["comm_info_request", (content) => this.#comms.info(content)],
    ]);
  }

  /** Serves requests. Resolves when the kernel has been shut down. */
  async serve(): Promise<void> {
    const ended = new Promise<void>((resolve) => {
      this.#ended = resolve;
    });
    await this.#channels.bind(this.#connection.addresses);
    await ended;
  }

  /** Interrupts the running cell, as an interrupt_request does. */
  interrupt(): void {
    this.#execution.interrupt();
  }

  /** Ends the runtime and closes the channels. */
  async close(): Promise<void> {
    if (this.#closing) return;
    this.#closing = true;
    await Promise.all([this.#runtime.close(), this.#compiler.close()]);
    await this.#channels.close();
    this.#ended?.();
  }

  /**
   * Publishes the status "starting" once, when the first client has subscribed and can receive it.
   */
  #announce(): void {
    if (this.#announced) return;
    this.#announced = true;
    void this.#channels.publish(
      Message.create("status", { execution_state: "starting" }, this.#session),
    );
  }

  #receive(channel: RequestChannel, request: Message): void {
    if (channel === "stdin") {
      if (request.type === "input_reply") {
        this.#questions.receive(request.content);
      }
      return;
    }
    if (channel === "shell" && request.type === "execute_request") {
      this.#execution.enqueue(request);
      return;
    }
    void this.#answer(channel, request);
  }

  async #answer(channel: ReplyChannel, request: Message): Promise<void> {
    const handler = this.#handlers.get(request.type);
    this.#status(request, "busy");
    if (request.type === "shutdown_request") {
      await this.#shutDown(channel, request);
      return;
    }
    if (channel === "control" && request.type === "interrupt_request") {
      this.interrupt();
      this.#reply(channel, request, { status: "ok" });
    } else if (this.#comms.handles(request.type)) {
      await this.#comms.receive(request);
    } else if (handler !== undefined) {
      this.#reply(
        channel,
        request,
        await replyContent(handler, request.content),
      );
    } else {
      console.warn(`Ignored a message of unknown type ${request.type}.`);
    }
    this.#status(request, "idle");
    const running = this.#execution.current;
    if (running) this.#status(running, "busy");
  }

  async #shutDown(channel: ReplyChannel, request: Message): Promise<void> {
    const content = {
      status: "ok",
      restart: request.content.restart === true,
    };
    // The runtime ends first: clients may rely on that when they receive the reply.
    await this.#runtime.close();
    this.#publish(request, "shutdown_reply", content);
    this.#reply(channel, request, content);
    this.#status(request, "idle");
    await this.close();
  }

  /** Publishes an event of the runtime, such as printed text or a display. */
  #publishEvent(event: ShownEvent): void {
    if (event.kind === "comm-target") {
      this.#comms.addTarget(event.name);
      return;
    }
    if (event.kind === "comm-handled") {
      this.#comms.handled(event.ticket);
      return;
    }
    const parent = this.#execution.parentOf(event.run);
    if (event.kind === "comm") {
      // Also for silent requests, which suppress only output: both ends must have the same comms.
      this.#comms.send(event.message, parent);
      return;
    }
    if (parent === undefined || parent.content.silent === true) return;
    switch (event.kind) {
      case "stream":
        this.#publish(parent, "stream", { name: event.name, text: event.text });
        return;
      case "clear":
        this.#publish(parent, "clear_output", { wait: event.wait });
        return;
      case "display":
        this.#publish(
          parent,
          event.update ? "update_display_data" : "display_data",
          {
            data: event.data,
            metadata: event.metadata,
            transient:
              event.displayId === undefined
                ? {}
                : { display_id: event.displayId },
          },
        );
    }
  }

  #print(name: "stdout" | "stderr", text: string): void {
    const parent = this.#execution.current ?? this.#execution.parentOf();
    if (parent) this.#publish(parent, "stream", { name, text });
    else process[name].write(text);
  }

  #status(parent: Message, state: "busy" | "idle"): void {
    this.#publish(parent, "status", { execution_state: state });
  }

  #publish(parent: Message, type: string, content: JsonObject): void {
    void this.#channels.publish(parent.publish(type, content, this.#session));
  }

  #reply(channel: ReplyChannel, request: Message, content: JsonObject): void {
    void this.#channels.send(channel, request.reply(content, this.#session));
  }
}

/**
 * Returns the handler's reply, or an error reply if it fails, because every request needs a reply.
 */
async function replyContent(
  handler: Handler,
  content: JsonObject,
): Promise<JsonObject> {
  try {
    return await handler(content);
  } catch (thrown) {
    const error = thrown as Error;
    return {
      status: "error",
      ename: error.name,
      evalue: error.message,
      traceback: [error.stack ?? error.message],
    };
  }
}
