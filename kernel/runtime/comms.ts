/**
 * Comms, over which a cell and the notebook's page talk
 * (https://jupyter-client.readthedocs.io/en/stable/messaging.html#custom-messages).
 *
 * Widgets are built on them. A listener runs as a part of the cell that has set it, so that what it prints is seen there.
 */
import { AsyncResource } from "node:async_hooks";
import { randomUUID } from "node:crypto";
import type { CommCommand, CommMessage } from "./channel";
import { base64, jsonObject } from "./mime-bundle";
import type { Output } from "./output";

/** What is sent with a message beside its data. */
export interface CommExtras {
  readonly metadata?: Readonly<Record<string, unknown>>;
  /** Bytes that travel as they are, without a detour over JSON. */
  readonly buffers?: readonly Uint8Array[];
}

/** Hears a message: its data, and the bytes that came with it. */
export type CommListener = (
  data: Record<string, unknown>,
  buffers: readonly Uint8Array[],
) => void;

/** Is called when the page opens a comm. */
export type CommOpener = (
  comm: Comm,
  data: Record<string, unknown>,
  buffers: readonly Uint8Array[],
) => void;

type Send = (message: CommMessage) => void;

/** One connection between a cell and the page. */
export class Comm {
  readonly id: string;
  /** The name of what answers at the other end. */
  readonly target: string;
  readonly #send: Send;
  readonly #messageListeners = new Set<CommListener>();
  readonly #closeListeners = new Set<CommListener>();
  #isOpen = true;

  constructor(id: string, target: string, send: Send) {
    this.id = id;
    this.target = target;
    this.#send = send;
  }

  /** False once either end has closed it. */
  get isOpen(): boolean {
    return this.#isOpen;
  }

  /**
   * Sends a message to the page.
   *
   * @throws {Error} If the comm has been closed.
   */
  send(data: Record<string, unknown>, extras: CommExtras = {}): void {
    if (!this.#isOpen) {
      throw new Error(
        `Expected an open comm to send on, received one of ${this.target} that has been closed.`,
      );
    }
    this.#send(commMessage("message", this, data, extras));
  }

  /** Closes the comm; does nothing if it is closed. */
  close(data: Record<string, unknown> = {}, extras: CommExtras = {}): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    this.#send(commMessage("close", this, data, extras));
  }

  /** From now on calls the listener for each message that comes. */
  onMessage(listener: CommListener): void {
    this.#messageListeners.add(AsyncResource.bind(listener));
  }

  /** Calls the listener when the page closes the comm. */
  onClose(listener: CommListener): void {
    this.#closeListeners.add(AsyncResource.bind(listener));
  }

  /** Tells the listeners of what has come. */
  receive({ action, data, buffers }: CommMessage): void {
    if (action === "close") this.#isOpen = false;
    const listeners =
      action === "close" ? this.#closeListeners : this.#messageListeners;
    const bytes = buffers.map((each) => Buffer.from(each, "base64"));
    for (const listener of listeners) listener(data, bytes);
  }
}

/** All comms of a runtime. */
export class Comms {
  readonly #output: Output;
  readonly #report: (error: unknown) => void;
  readonly #comms = new Map<string, Comm>();
  readonly #openers = new Map<string, CommOpener>();

  /**
   * @param output Carries what is sent, after all that was printed before it.
   * @param report Is told what a listener has thrown.
   */
  constructor(output: Output, report: (error: unknown) => void) {
    this.#output = output;
    this.#report = report;
  }

  /** Opens a comm to what the page knows under the target's name. */
  open(
    target: string,
    data: Record<string, unknown> = {},
    extras: CommExtras = {},
  ): Comm {
    const comm = this.#create(randomUUID(), target);
    this.#send(commMessage("open", comm, data, extras));
    return comm;
  }

  /** Answers, from now on, comms that the page opens to this name. */
  registerTarget(name: string, opener: CommOpener): void {
    this.#openers.set(name, AsyncResource.bind(opener));
    this.#output.send({ kind: "comm-target", name });
  }

  /** Takes a message of the page to who listens, and says that this is done. */
  receive({ ticket, message }: CommCommand): void {
    try {
      if (message.action === "open") this.#receiveOpen(message);
      else this.#comms.get(message.id)?.receive(message);
    } catch (error) {
      this.#report(error);
    } finally {
      if (message.action === "close") this.#comms.delete(message.id);
      this.#output.send({ kind: "comm-handled", ticket });
    }
  }

  #receiveOpen({ id, target = "", data, buffers }: CommMessage): void {
    const opener = this.#openers.get(target);
    if (opener === undefined) return;
    const bytes = buffers.map((each) => Buffer.from(each, "base64"));
    opener(this.#create(id, target), data, bytes);
  }

  #create(id: string, target: string): Comm {
    const comm = new Comm(id, target, (message) => this.#send(message));
    this.#comms.set(id, comm);
    return comm;
  }

  #send(message: CommMessage): void {
    if (message.action === "close") this.#comms.delete(message.id);
    this.#output.send({ kind: "comm", run: this.#output.run, message });
  }
}

function commMessage(
  action: CommMessage["action"],
  { id, target }: Comm,
  data: Record<string, unknown>,
  { metadata = {}, buffers = [] }: CommExtras,
): CommMessage {
  return {
    action,
    id,
    ...(action === "open" ? { target } : {}),
    data: jsonObject(data),
    metadata: jsonObject(metadata),
    buffers: buffers.map(base64),
  };
}
