/**
 * Sends the kernel's messages: replies, and what is published about a request.
 */
import type { Channels, ReplyChannel } from "../wire/channels";
import { type JsonObject, Message } from "../wire/message";
import type { PublishedContent, PublishedType } from "../wire/published";
import type { RepliedType, ReplyContent } from "../wire/replies";
import type { Request } from "../wire/requests";
import { RequestLog } from "./request-log";

/** Sends the messages of one session. */
export class Sender {
  readonly #channels: Channels;
  readonly #session: string;
  readonly #log = new RequestLog();
  #announced = false;

  /**
   * @param channels The channels to send on.
   * @param session The session id in the messages.
   */
  constructor(channels: Channels, session: string) {
    this.#channels = channels;
    this.#session = session;
  }

  /**
   * Publishes the status "starting" once, when the first client has subscribed and can receive it.
   */
  announce(): void {
    if (this.#announced) return;
    this.#announced = true;
    void this.#channels.publish(
      Message.create("status", { execution_state: "starting" }, this.#session),
    );
  }

  /** Notes the arrival of a request, for the log. */
  arrived(request: Message): void {
    this.#log.arrived(request);
  }

  /** Logs a request that has been answered without a status. */
  answered(request: Message): void {
    this.#log.answered(request);
  }

  /** Publishes that a request is being answered, or has been. */
  status(request: Message, state: "busy" | "idle"): void {
    this.publish(request, "status", { execution_state: state });
    if (state === "idle") this.#log.answered(request);
  }

  /** Publishes a message about a request on iopub. */
  publish<Type extends PublishedType>(
    request: Message,
    type: Type,
    content: PublishedContent<Type>,
  ): void {
    void this.#channels.publish(request.publish(type, content, this.#session));
  }

  /** Replies to a request on the channel on which it arrived. */
  reply<Type extends RepliedType>(
    channel: ReplyChannel,
    { message }: Request<Type>,
    content: ReplyContent<Type>,
  ): void {
    this.refuse(channel, message, content);
  }

  /** Like {@link reply}, for a message whose content is invalid. */
  refuse(channel: ReplyChannel, message: Message, content: JsonObject): void {
    void this.#channels.send(channel, message.reply(content, this.#session));
  }
}
