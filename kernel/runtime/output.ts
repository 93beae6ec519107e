/**
 * The runtime's mail room: what cells print and show, sent to the front process under the cell it
 * belongs to.
 *
 * AsyncLocalStorage carries the run through timers, promises and emitters, so that late output reaches
 * its own cell. Printed texts that follow each other quickly are joined; anything else that is sent first sends
 * what was joined, which keeps the order.
 */
import { AsyncLocalStorage } from "node:async_hooks";
import { JOIN_MILLISECONDS, StreamJoiner } from "../stream-joiner";
import type { RuntimeEvent, StreamEvent } from "./channel";

/** How many texts after a pause are sent at once and not joined. */
const PROMPT_TEXTS = 16;

/** How much is remembered of a line that has not ended, in UTF-16 code units. */
const OPEN_LINE_LENGTH = 200;

/** The runtime's way out. */
export class Output {
  readonly #send: (event: RuntimeEvent) => void;
  readonly #storage = new AsyncLocalStorage<number>();
  readonly #joiner: StreamJoiner;
  #latestRun = 0;
  #writtenAt = 0;
  #promptTexts = 0;
  #openLine = "";

  /** @param send Hands one event to the front process. */
  constructor(send: (event: RuntimeEvent) => void) {
    this.#send = send;
    this.#joiner = new StreamJoiner(send);
  }

  /** The run that the code now executing belongs to; the latest one if that cannot be told. */
  get run(): number {
    return this.knownRun ?? this.#latestRun;
  }

  /** The run that the code now executing belongs to; undefined for the kernel's own and where it cannot be told. */
  get knownRun(): number | undefined {
    return this.#storage.getStore();
  }

  /** The last line on stdout, if it has not ended: a question, perhaps. */
  get openLine(): string {
    return this.#openLine;
  }

  /** Calls `body`; what it and everything it starts print or show belongs to this run. */
  within<Value>(run: number, body: () => Value): Value {
    this.#latestRun = run;
    this.#openLine = "";
    return this.#storage.run(run, body);
  }

  /** Sends an event after all that was printed before it. */
  send(event: RuntimeEvent): void {
    this.flush();
    this.#send(event);
  }

  /** Prints a text in the cell that the code now executing belongs to. */
  write(name: StreamEvent["name"], text: string): void {
    if (name === "stdout") {
      const line = /[^\r\n]*$/.exec(text.slice(-OPEN_LINE_LENGTH))![0];
      const isWhole = line.length < Math.min(text.length, OPEN_LINE_LENGTH);
      this.#openLine = (isWhole ? line : this.#openLine + line).slice(
        -OPEN_LINE_LENGTH,
      );
    }
    const now = performance.now();
    // A cell that prints and then computes for minutes lets no timer send what waits.
    if (now - this.#writtenAt >= JOIN_MILLISECONDS) {
      this.#promptTexts = PROMPT_TEXTS;
    }
    this.#writtenAt = now;
    const event: StreamEvent = { kind: "stream", run: this.run, name, text };
    if (this.#promptTexts > 0) {
      this.#promptTexts -= 1;
      this.send(event);
    } else {
      this.#joiner.add(event);
    }
  }

  /** Sends what was printed and not yet sent. */
  flush(): void {
    this.#joiner.flush();
  }

  /** Makes `process.stdout` and `process.stderr`, and with them `console`, print into cells. */
  redirect(): void {
    for (const name of ["stdout", "stderr"] as const) {
      process[name].write = ((
        chunk: string | Uint8Array,
        encoding?: BufferEncoding | ((error?: Error) => void),
        callback?: (error?: Error) => void,
      ): boolean => {
        const text =
          typeof chunk === "string"
            ? chunk
            : Buffer.from(chunk).toString("utf8");
        this.write(name, text);
        const done = typeof encoding === "function" ? encoding : callback;
        if (done) process.nextTick(done);
        return true;
      }) as typeof process.stdout.write;
    }
  }
}
