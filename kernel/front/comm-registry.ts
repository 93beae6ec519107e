/**
 * Comms pass here, and are known here, so that questions about them are answered also while a
 * cell keeps the runtime busy (https://jupyter-client.readthedocs.io/en/stable/messaging.html#custom-messages).
 */
import type { CommCommand, CommMessage } from "../runtime/channel";
import type { JsonObject, Message } from "../wire/message";

/** How the registry reaches the clients and the runtime. */
export interface CommPort {
  /** Publishes comm_open, comm_msg or comm_close; `parent` is the request that caused it, if one did. */
  publish(
    parent: Message | undefined,
    type: string,
    content: JsonObject,
    metadata: JsonObject,
    buffers: Buffer[],
  ): void;
  /** Hands a message to the runtime, which says `comm-handled` when its listeners have returned. */
  command(command: CommCommand): void;
}

/** The types of messages that are about comms. */
const ACTIONS: Readonly<Record<string, CommMessage["action"]>> = {
  comm_open: "open",
  comm_msg: "message",
  comm_close: "close",
};

const TYPES = { open: "comm_open", message: "comm_msg", close: "comm_close" };

/** All open comms, by id. */
export class CommRegistry {
  readonly #port: CommPort;
  /** The name of each comm's target. */
  readonly #comms = new Map<string, string>();
  /** Targets that cells answer. */
  readonly #targets = new Set<string>();
  readonly #tickets = new Map<number, () => void>();
  #lastTicket = 0;

  constructor(port: CommPort) {
    this.#port = port;
  }

  /** Whether a message of this type is for this registry. */
  handles(type: string): boolean {
    return Object.hasOwn(ACTIONS, type);
  }

  /** The content of a comm_info_reply. */
  info({ target_name }: JsonObject): JsonObject {
    const comms = [...this.#comms]
      .filter(([, target]) => (target_name ?? target) === target)
      .map(([id, target]) => [id, { target_name: target }] as const);
    return { status: "ok", comms: Object.fromEntries(comms) };
  }

  /** A cell answers comms of this target from now on. */
  addTarget(name: string): void {
    this.#targets.add(name);
  }

  /** A cell opens, uses or closes a comm. */
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

  /** A client opens, uses or closes a comm; the promise holds until listeners have heard of it. */
  receive(request: Message): Promise<void> {
    const { content, metadata, buffers } = request;
    const action = ACTIONS[request.type]!;
    const id = String(content.comm_id ?? "");
    const target = String(content.target_name ?? "");
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

  /** The runtime's listeners have heard of the message with this ticket. */
  handled(ticket: number): void {
    this.#tickets.get(ticket)?.();
    this.#tickets.delete(ticket);
  }

  /** The runtime has gone, and with it the other end of every comm. */
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
