/**
 * Publishes what cells print and display, with the requests that they belong to.
 */
import type { ShownEvent } from "../runtime/channel";
import type { ExecuteRequest } from "../wire/requests";
import type { CommRegistry } from "./comm-registry";
import type { Runs } from "./runs";
import type { Sender } from "./sender";
import type { Shells } from "./shells";
import { publishOutput } from "./shown-event";

/** The parts of the kernel that publish. */
interface OutputContext {
  readonly sender: Sender;
  readonly comms: CommRegistry;
  readonly runs: Runs;
  readonly shells: Shells;
}

/** The output of all cells. */
export class CellOutput {
  readonly #context: OutputContext;

  constructor(context: OutputContext) {
    this.#context = context;
  }

  /** Publishes an event of the runtime, such as printed text or a display. */
  publish(event: ShownEvent): void {
    const { sender, comms, runs } = this.#context;
    if (event.kind === "comm-target") {
      comms.addTarget(event.name);
      return;
    }
    if (event.kind === "comm-handled") {
      comms.handled(event.ticket);
      return;
    }
    const parent = runs.request(event.run);
    if (event.kind === "comm") {
      // Also for silent requests, which suppress only output: both ends must have the same comms.
      comms.send(event.message, parent?.message);
      return;
    }
    if (parent === undefined || parent.content.silent) return;
    publishOutput(event, (type, content) =>
      sender.publish(parent.message, type, content),
    );
  }

  /** Publishes text of native code and child processes, whose cell is unknown. */
  printNative(name: "stdout" | "stderr", text: string): void {
    if (!this.#request?.content.silent) this.print(name, text);
  }

  /** Publishes text of the kernel in the running cell or the latest one. */
  print(name: "stdout" | "stderr", text: string): void {
    const parent = this.#request;
    if (parent === undefined) process[name].write(text);
    else {
      const { sender } = this.#context;
      sender.publish(parent.message, "stream", { name, text });
    }
  }

  get #request(): ExecuteRequest | undefined {
    const { shells, runs } = this.#context;
    return shells.running[0] ?? runs.request();
  }
}
