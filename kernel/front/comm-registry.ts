/**
 * Routes comm messages and keeps a registry of open comms, so that comm_info requests are answered
 * while a cell keeps the runtime busy
 * (https://jupyter-client.readthedocs.io/en/stable/messaging.html#custom-messages).
 */
import type { CommCommand, CommMessage } from "../runtime/channel";
import { type JsonObject, type Message, textOf } from "../wire/message";

/** The registry's connection to the clients and the runtime. */
export interface CommPort {
  /**
   * Publishes comm_open, comm_msg or comm_close; `parent` is the request that caused it, if one
   * did.
   */
  publish(
    parent: Message | undefined,
    type: string,
    content: JsonObject,
    metadata: JsonObject,
    buffers: Buffer[],
  ): void;
  /**
   * Sends a message to the runtime, which answers with `comm-handled` when its listeners have
   * returned.
   */
  command(command: CommCommand): void;
}

/** The actions of comm messages, by message type. */
const ACTIONS: Readonly<Record<string, CommMessage["action"]>> = {
  comm_open: "open",
  comm_msg: "message",
  comm_close: "close",
};

const TYPES = { open: "comm_open", message: "comm_msg", close: "comm_close" };

/** A registry of all open comms, by id. */
export class CommRegistry {
  readonly #port: CommPort;
  /** Target names, by comm id. */
  readonly #comms = new Map<string, string>();
  /** Targets that cells have registered. */
  readonly #targets = new Set<string>();
  readonly #tickets = new Map<number, () => void>();
  #lastTicket = 0;

  constructor(port: CommPort) {
    this.#port = port;
  }

  /** Returns whether this registry handles messages of this type. */
  handles(type: string): boolean {
    return Object.hasOwn(ACTIONS, type);
  }

  /** Returns the content of a comm_info_reply. */
  info({ target_name }: JsonObject): JsonObject {
    const comms = [...this.#comms]
      .filter(([, target]) => (target_name ?? target) === target)
      .map(([id, target]) => [id, { target_name: target }] as const);
    return { status: "ok", comms: Object.fromEntries(comms) };
  }

  /** Registers a target for which a cell accepts comms. */
  addTarget(name: string): void {
    this.#targets.add(name);
  }

  /** Publishes a comm message from a cell. */
  send(message: CommMessage, parent: Message | undefined): void {
    const { action, id, target, data, metadata } = message;
    if (action === "open") this.#comms.set(id, target ?? "");
    if (action === "close") this.#comms.delete(id);
    const content = {
      comm_id: id,
      ...(action === "open" ? { target_name: target } : {}),
      data,
    };
    const buffers = message.buffers.map((each) => Buffer.from(each, "base64"));
    this.#port.publish(parent, TYPES[action], content, metadata, buffers);
  }

  /** Processes a comm message from a client. Resolves when its listeners have returned. */
  receive(request: Message): Promise<void> {
    const { content, metadata, buffers } = request;
    const action = ACTIONS[request.type]!;
    const id = textOf(content.comm_id);
    const target = textOf(content.target_name);
    if (action === "open" ? !this.#targets.has(target) : !this.#comms.has(id)) {
      if (action !== "close") this.#close(id, request);
      return Promise.resolve();
    }
    if (action === "open") this.#comms.set(id, target);
    if (action === "close") this.#comms.delete(id);
    this.#lastTicket += 1;
    const ticket = this.#lastTicket;
    const handled = new Promise<void>((resolve) =>
      this.#tickets.set(ticket, resolve),
    );
    this.#port.command({
      kind: "comm",
      ticket,
      message: {
        action,
        id,
        ...(action === "open" ? { target } : {}),
        data: (content.data ?? {}) as JsonObject,
        metadata,
        buffers: buffers.map((each) => each.toString("base64")),
      },
    });
    return handled;
  }

  /** Marks the message with this ticket as handled by the runtime's listeners. */
  handled(ticket: number): void {
    this.#tickets.get(ticket)?.();
    this.#tickets.delete(ticket);
  }

  /** Closes all comms, after the runtime has ended. */
  reset(): void {
    for (const id of [...this.#comms.keys()]) this.#close(id, undefined);
    this.#targets.clear();
    for (const ticket of [...this.#tickets.keys()]) this.handled(ticket);
  }

  #close(id: string, parent: Message | undefined): void {
    this.#comms.delete(id);
    const content = { comm_id: id, data: {} };
    this.#port.publish(parent, "comm_close", content, {}, []);
  }
}
