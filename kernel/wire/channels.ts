/**
 * Binds, reads and writes the sockets of the kernel's five channels.
 *
 * A ZeroMQ socket allows one send at a time, so each channel has a queue, which also keeps messages
 * in order. Only input requests are sent on stdin; sending is retried until the client is
 * connected. Forged and malformed messages are logged and dropped.
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

/** The channels on which replies are sent. */
export type ReplyChannel = Exclude<RequestChannel, "stdin">;

/** Callbacks for events on the channels. */
interface ChannelEvents {
  /** Called after a client has subscribed to iopub and been sent `iopub_welcome`. */
  subscribed(): void;
  /** Called with each request that is well-formed and correctly signed. */
  request(channel: RequestChannel, message: Message): void;
  /** Called for problems that do not end the kernel, such as a forged message. */
  warning(text: string): void;
}

type SendingSocket = XPublisher | Router;

/** How long to wait for a client to connect to stdin, in milliseconds. */
const STDIN_TIMEOUT = 5_000;

/** Delay between attempts to send on stdin, in milliseconds. */
const STDIN_RETRY_DELAY = 20;

/** The sockets of a kernel. */
export class Channels {
  readonly #signer: Signer;
  readonly #events: ChannelEvents;
  readonly #session: string;
  readonly #routers: Record<RequestChannel, Router>;
  // No limit: a message dropped for a slow subscriber may be the "idle" status that it waits for.
  readonly #iopub = new XPublisher({ linger: 1000, sendHighWaterMark: 0 });
  readonly #heartbeat = new Reply({ linger: 0 });
  readonly #sent = new Map<SendingSocket, Promise<void>>();

  /**
   * @param connection The addresses and the key for signatures.
   * @param session The session id in this kernel's messages.
   * @param events Called for subscriptions, requests and warnings.
   */
  constructor(
    connection: ConnectionFile,
    session: string,
    events: ChannelEvents,
  ) {
    this.#signer = new Signer(connection.key, connection.signatureScheme);
    this.#session = session;
    this.#events = events;
    // Sending the last reply (shutdown_reply) may take a moment, so sockets linger.
    const router = () => new Router({ linger: 1000 });
    this.#routers = { shell: router(), control: router(), stdin: router() };
    this.#routers.stdin.mandatory = true;
    // Attempts never block, so that none is pending when its input request is given up.
    this.#routers.stdin.sendTimeout = 0;
  }

  /** Binds all sockets and starts reading. */
  async bind(addresses: Readonly<Record<ChannelName, string>>): Promise<void> {
    for (const name of ["shell", "control", "stdin"] as const) {
      this.#routers[name].ipv6 = isIPv6(addresses[name]);
    }
    this.#iopub.ipv6 = isIPv6(addresses.iopub);
    this.#heartbeat.ipv6 = isIPv6(addresses.hb);
    // Report every subscription, even to topics that already have a subscriber.
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

  /** Sends a reply to one peer. Resolves when the socket has accepted it. */
  send(channel: ReplyChannel, message: Message): Promise<void> {
    return this.#enqueue(this.#routers[channel], message);
  }

  /**
   * Sends an input request to a client, with retries. A client connects its channels concurrently:
   * a request on its shell channel may arrive before its stdin channel is connected, and a socket
   * drops messages to unknown peers.
   *
   * @param message The input request.
   * @param wanted Whether the request is still wanted; checked before each attempt.
   * @returns Whether the message was sent within five seconds.
   */
  async ask(message: Message, wanted: () => boolean): Promise<boolean> {
    const frames = this.#encode(message);
    const end = performance.now() + STDIN_TIMEOUT;
    while (wanted()) {
      try {
        await this.#routers.stdin.send(frames);
        return true;
      } catch (error) {
        const { code } = error as NodeJS.ErrnoException;
        // EAGAIN: the socket has no peers at all.
        const absent = code === "EHOSTUNREACH" || code === "EAGAIN";
        if (!absent || performance.now() > end) {
          this.#events.warning(
            `Could not send an input request: ${String(error)}`,
          );
          return false;
        }
        await sleep(STDIN_RETRY_DELAY);
      }
    }
    return false;
  }

  /** Sends a message to all subscribers of iopub. */
  publish(message: Message): Promise<void> {
    return this.#enqueue(this.#iopub, message);
  }

  /** Waits until the sockets have accepted all messages, then closes them. */
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

  /**
   * Encodes a message. If JSON cannot represent it, encodes an error in its place, so that no
   * client waits for it in vain.
   */
  #encode(message: Message): Buffer[] {
    try {
      return message.encode(this.#signer);
    } catch (error) {
      const evalue = `Could not send ${message.type}: ${String(error)}`;
      this.#events.warning(evalue);
      const isReply = message.type.endsWith("_reply");
      const replacement = isReply
        ? message.replacedBy(message.type, {
            status: "error",
            ename: "KernelError",
            evalue,
            traceback: [evalue],
          })
        : message.replacedBy("stream", { name: "stderr", text: `${evalue}\n` });
      return replacement.encode(this.#signer);
    }
  }

  #enqueue(socket: SendingSocket, message: Message): Promise<void> {
    const frames = this.#encode(message);
    const before = this.#sent.get(socket) ?? Promise.resolve();
    const sent = before
      .then(() => socket.send(frames))
      .catch((error: unknown) => {
        // A disconnected peer must not end the kernel.
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

  /**
   * Sends each new subscriber `iopub_welcome`, after which it misses no message (JEP 65, protocol
   * 5.5).
   */
  async #welcomeSubscribers(): Promise<void> {
    for await (const [frame] of this.#iopub) {
      if (frame?.[0] !== 1) continue; // 0 means unsubscribed.
      const subscription = frame.subarray(1).toString("utf8");
      const welcome = Message.create(
        "iopub_welcome",
        { subscription },
        this.#session,
      );
      // Sent under the subscribed topic, or the subscriber would not receive it.
      welcome.identities.splice(0, 1, frame.subarray(1));
      void this.publish(welcome);
      this.#events.subscribed();
    }
  }
}
