/**
 * Implements comms, which connect cells with the notebook's page
 * (https://jupyter-client.readthedocs.io/en/stable/messaging.html#custom-messages).
 *
 * Widgets are built on comms. Listeners run in the context of the cell that added them, so that
 * their output appears there.
 */
import { coded } from "@convnotes/notebook/coded-error";
import { AsyncResource } from "node:async_hooks";
import { randomUUID } from "node:crypto";
import type {
  Comm as CommContract,
  CommExtras,
  CommListener,
  CommOpener,
} from "@convnotes/notebook/host";
import { base64, jsonObject } from "@convnotes/notebook/sendable";
import type { CommCommand, CommMessage } from "./channel";
import type { Output } from "./output";

type Send = (message: CommMessage) => void;

/** A connection between a cell and the page. */
export class Comm implements CommContract {
  readonly id: string;
  /** The name of the target at the other end. */
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

  /** Whether neither end has closed the comm. */
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
      throw coded(
        "ERR_INVALID_STATE",
        new Error(
          `Expected an open comm, but the comm of ${this.target} has been closed.`,
        ),
      );
    }
    this.#send(commMessage("message", this, data, extras));
  }

  /** Closes the comm. Does nothing if it is already closed. */
  close(data: Record<string, unknown> = {}, extras: CommExtras = {}): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    this.#send(commMessage("close", this, data, extras));
  }

  /** Adds a listener that is called with each message from the page. */
  onMessage(listener: CommListener): void {
    this.#messageListeners.add(AsyncResource.bind(listener));
  }

  /** Adds a listener that is called when the page closes the comm. */
  onClose(listener: CommListener): void {
    this.#closeListeners.add(AsyncResource.bind(listener));
  }

  /** Calls the listeners with a message from the page. */
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
   * @param output Sends the messages, after everything that was printed before them.
   * @param report Called with errors that listeners throw.
   */
  constructor(output: Output, report: (error: unknown) => void) {
    this.#output = output;
    this.#report = report;
  }

  /** Opens a comm to a target that is registered in the page. */
  open(
    target: string,
    data: Record<string, unknown> = {},
    extras: CommExtras = {},
  ): Comm {
    const comm = this.#create(randomUUID(), target);
    this.#send(commMessage("open", comm, data, extras));
    return comm;
  }

  /** Registers a target, whose opener is called for each comm that the page opens. */
  registerTarget(name: string, opener: CommOpener): void {
    this.#openers.set(name, AsyncResource.bind(opener));
    this.#output.send({ kind: "comm-target", name });
  }

  /** Delivers a message from the page to its listeners, and reports that it is handled. */
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
