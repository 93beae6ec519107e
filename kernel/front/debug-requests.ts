/**
 * Passes debug requests to the debugger, which is loaded at the first of them.
 */
import { createRequire } from "node:module";
import type { Compiler } from "../compiler/compiler";
import type { DebugNotice } from "../debugger/channel";
import type { Debugger, DebuggerPort } from "../debugger/debugger";
import type { Message } from "../wire/message";
import type { PublishedContent } from "../wire/published";
import type { ReplyContent } from "../wire/replies";
import type { Request } from "../wire/requests";

type DebugReply = ReplyContent<"debug_request">;

/** The connection of the debugger to the kernel. */
interface DebugPort extends Omit<DebuggerPort, "publish"> {
  /** Publishes an event; `parent` is the latest debug request. */
  publish(parent: Message, content: PublishedContent<"debug_event">): void;
}

/** Answers debug requests. */
export class DebugRequests {
  readonly #port: DebugPort;
  readonly #compiler: Compiler;
  #debugger: Debugger | undefined;
  #parent: Message | undefined;

  constructor(port: DebugPort, compiler: Compiler) {
    this.#port = port;
    this.#compiler = compiler;
  }

  /** Answers a request. Never rejects. */
  async answer({
    content,
    message,
  }: Request<"debug_request">): Promise<DebugReply> {
    this.#parent = message;
    this.#debugger ??= this.#create();
    return (await this.#debugger.answer(content)) as DebugReply;
  }

  /** Passes on a notice of the runtime's guard. */
  receive(notice: DebugNotice): void {
    this.#debugger?.receive(notice);
  }

  /** Tells the debugger that the runtime has been replaced. */
  lost(): void {
    this.#debugger?.lost();
  }

  /** Prepares the compilation of a cell; undefined if there is nothing to do. */
  beforeCell(): Promise<void> | undefined {
    return this.#debugger?.beforeCell();
  }

  #create(): Debugger {
    const { Debugger } = createRequire(__filename)(
      "../debugger/debugger",
    ) as typeof import("../debugger/debugger");
    const publish = (event: unknown) => {
      const content = event as PublishedContent<"debug_event">;
      if (this.#parent) this.#port.publish(this.#parent, content);
    };
    return new Debugger({ ...this.#port, publish }, this.#compiler);
  }
}
