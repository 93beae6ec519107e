/**
 * The five channels of a kernel: sockets that are bound, read and written.
 *
 * A ZeroMQ socket takes one send at a time, so each channel keeps its messages in a queue; that is also
 * what keeps them in order. Only questions go out on stdin; each is tried until its client is there. A message that is forged or
 * malformed is logged and dropped.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { Reply, Router, XPublisher } from "zeromq";
import {
  type ChannelName,
  type ConnectionFile,
  isIPv6,
} from "./connection-file";
import { InvalidMessage, Message, Signer } from "./message";

/** The channels on which requests arrive. */
export type RequestChannel = "shell" | "control" | "stdin";

/** The channels on which requests are replied to. */
export type ReplyChannel = Exclude<RequestChannel, "stdin">;

/** What the owner of the channels does with what arrives. */
export interface ChannelEvents {
  /** Somebody listens on iopub from now on, and has been told so. */
  subscribed(): void;
  /** A request, signed and well formed. */
  request(channel: RequestChannel, message: Message): void;
  /** Something not worth ending for, such as a forged message. */
  warning(text: string): void;
}

type Sending = XPublisher | Router;

/** How long a question waits for its client to be connected to stdin, in milliseconds, and how often it looks. */
const STDIN_PATIENCE = 5_000;
const STDIN_STEP = 20;

/** The sockets of a kernel. */
export class Channels {
  readonly #signer: Signer;
  readonly #events: ChannelEvents;
  readonly #session: string;
  readonly #routers: Record<RequestChannel, Router>;
  // No limit: a message dropped for a slow subscriber may be the "idle" it waits for.
  readonly #iopub = new XPublisher({ linger: 1000, sendHighWaterMark: 0 });
  readonly #heartbeat = new Reply({ linger: 0 });
  readonly #sent = new Map<Sending, Promise<void>>();

  /**
   * @param connection Where to listen and how to sign.
   * @param session The id this kernel puts into its messages.
   * @param events Called for each request and warning.
   */
  constructor(
    connection: ConnectionFile,
    session: string,
    events: ChannelEvents,
  ) {
    this.#signer = new Signer(connection.key, connection.signatureScheme);
    this.#session = session;
    this.#events = events;
    // The peer's last answer (a shutdown_reply) may take a moment to leave: linger.
    const router = () => new Router({ linger: 1000 });
    this.#routers = { shell: router(), control: router(), stdin: router() };
    this.#routers.stdin.mandatory = true;
    // An attempt ends at once, so that none is under way when its question is given up.
    this.#routers.stdin.sendTimeout = 0;
  }

  /** Binds every socket and starts to read. */
  async bind(addresses: Readonly<Record<ChannelName, string>>): Promise<void> {
    for (const name of ["shell", "control", "stdin"] as const) {
      this.#routers[name].ipv6 = isIPv6(addresses[name]);
    }
    this.#iopub.ipv6 = isIPv6(addresses.iopub);
    this.#heartbeat.ipv6 = isIPv6(addresses.hb);
    // 1 means: tell of every subscription, also of a topic that somebody has subscribed to already.
    this.#iopub.verbosity = "allSubs";
    await Promise.all([
      this.#heartbeat.bind(addresses.hb),
      this.#iopub.bind(addresses.iopub),
      ...(["shell", "control", "stdin"] as const).map((name) =>
        this.#routers[name].bind(addresses[name]),
      ),
    ]);
    for (const name of ["shell", "control", "stdin"] as const) {
      void this.#readRequests(name);
    }
    void this.#echoHeartbeats();
    void this.#welcomeSubscribers();
  }

  /** Sends a reply to one peer; the promise holds until the socket has taken it. */
  send(channel: ReplyChannel, message: Message): Promise<void> {
    return this.#enqueue(this.#routers[channel], message);
  }

  /**
   * Sends a question to the client that is to answer it. A client connects its channels side by side: its shell may be heard
   * before its stdin is there, and a socket drops what it has nobody for.
   *
   * @param message The question.
   * @param wanted Whether it still is to be asked; looked at before each attempt.
   * @returns Whether the client was there within five seconds.
   */
  async ask(message: Message, wanted: () => boolean): Promise<boolean> {
    const frames = this.#encode(message);
    const end = performance.now() + STDIN_PATIENCE;
    while (wanted()) {
      try {
        await this.#routers.stdin.send(frames);
        return true;
      } catch (error) {
        const { code } = error as NodeJS.ErrnoException;
        // EAGAIN: it is connected to nobody at all.
        const absent = code === "EHOSTUNREACH" || code === "EAGAIN";
        if (!absent || performance.now() > end) {
          this.#events.warning(`Could not send a question: ${String(error)}`);
          return false;
        }
        await sleep(STDIN_STEP);
      }
    }
    return false;
  }

  /** Sends a message to everybody who listens on iopub. */
  publish(message: Message): Promise<void> {
    return this.#enqueue(this.#iopub, message);
  }

  /** Waits until all that was sent is with the sockets, then closes them. */
  async close(): Promise<void> {
    await Promise.all(this.#sent.values());
    for (const socket of [
      ...Object.values(this.#routers),
      this.#iopub,
      this.#heartbeat,
    ]) {
      socket.close();
    }
  }

  /** The frames of a message, or, if JSON cannot carry it, of one that says so: nobody is to wait for it in vain. */
  #encode(message: Message): Buffer[] {
    try {
      return message.encode(this.#signer);
    } catch (error) {
      const evalue = `Could not send ${message.type}: ${String(error)}`;
      this.#events.warning(evalue);
      const isReply = message.type.endsWith("_reply");
      const told = isReply
        ? message.replacedBy(message.type, {
            status: "error",
            ename: "KernelError",
            evalue,
            traceback: [evalue],
          })
        : message.replacedBy("stream", { name: "stderr", text: `${evalue}\n` });
      return told.encode(this.#signer);
    }
  }

  #enqueue(socket: Sending, message: Message): Promise<void> {
    const frames = this.#encode(message);
    const before = this.#sent.get(socket) ?? Promise.resolve();
    const sent = before
      .then(() => socket.send(frames))
      .catch((error: unknown) => {
        // A peer that has gone must not end the kernel.
        this.#events.warning(
          `Could not send ${message.type}: ${String(error)}`,
        );
      });
    this.#sent.set(socket, sent);
    return sent;
  }

  async #readRequests(name: RequestChannel): Promise<void> {
    for await (const frames of this.#routers[name]) {
      try {
        this.#events.request(name, Message.decode(frames, this.#signer));
      } catch (error) {
        if (!(error instanceof InvalidMessage)) throw error;
        this.#events.warning(`Dropped a message on ${name}: ${error.message}`);
      }
    }
  }

  async #echoHeartbeats(): Promise<void> {
    for await (const frames of this.#heartbeat) {
      await this.#heartbeat.send(frames);
    }
  }

  /** Tells each new subscriber that it will miss nothing from here on (JEP 65, protocol 5.5). */
  async #welcomeSubscribers(): Promise<void> {
    for await (const [frame] of this.#iopub) {
      if (frame[0] !== 1) continue; // 0: somebody left
      const subscription = frame.subarray(1).toString("utf8");
      const welcome = Message.create(
        "iopub_welcome",
        { subscription },
        this.#session,
      );
      // Addressed to the topic subscribed to, or the subscriber would not get it.
      welcome.identities.splice(0, 1, frame.subarray(1));
      void this.publish(welcome);
      this.#events.subscribed();
    }
  }
}
