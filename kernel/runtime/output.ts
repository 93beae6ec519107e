/**
 * The runtime's mail room: what cells print and show, sent to the front process under the cell it
 * belongs to.
 *
 * AsyncLocalStorage carries the run through timers, promises and emitters, so that late output reaches
 * its own cell. Printed text is gathered for a moment, because a cell may print 20,000 lines; anything
 * else that is sent first sends what was gathered, which keeps the order.
 */
import { AsyncLocalStorage } from "node:async_hooks";
import type { RuntimeEvent } from "./channel";

/** How long printed text may wait for more, in milliseconds. */
const GATHER_MILLISECONDS = 20;
/** How much of it may wait, in UTF-16 code units. */
const GATHER_LENGTH = 32_768;

type StreamName = "stdout" | "stderr";

interface Gathered {
  readonly run: number;
  readonly name: StreamName;
  text: string;
  readonly since: number;
}

/** The runtime's way out. */
export class Output {
  readonly #send: (event: RuntimeEvent) => void;
  readonly #storage = new AsyncLocalStorage<number>();
  #latestRun = 0;
  #gathered: Gathered | undefined;
  #timer: NodeJS.Timeout | undefined;

  /** @param send Hands one event to the front process. */
  constructor(send: (event: RuntimeEvent) => void) {
    this.#send = send;
  }

  /** The run that the code now executing belongs to; the latest one if that cannot be told. */
  get run(): number {
    return this.#storage.getStore() ?? this.#latestRun;
  }

  /** Calls `body`; what it and everything it starts print or show belongs to this run. */
  within<Value>(run: number, body: () => Value): Value {
    this.#latestRun = run;
    return this.#storage.run(run, body);
  }

  /** Sends an event after all that was printed before it. */
  send(event: RuntimeEvent): void {
    this.flush();
    this.#send(event);
  }

  /** Prints a text in the cell that the code now executing belongs to. */
  write(name: StreamName, text: string): void {
    const { run } = this;
    if (this.#gathered?.run !== run || this.#gathered.name !== name) {
      this.flush();
    }
    this.#gathered ??= { run, name, text: "", since: performance.now() };
    this.#gathered.text += text;
    // A busy thread fires no timer, so the clock is looked at here too.
    if (
      this.#gathered.text.length >= GATHER_LENGTH ||
      performance.now() - this.#gathered.since >= GATHER_MILLISECONDS
    ) {
      this.flush();
    } else {
      this.#timer ??= setTimeout(() => this.flush(), GATHER_MILLISECONDS);
    }
  }

  /** Sends what was printed and not yet sent. */
  flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const gathered = this.#gathered;
    this.#gathered = undefined;
    if (gathered === undefined || gathered.text === "") return;
    const { run, name, text } = gathered;
    this.#send({ kind: "stream", run, name, text });
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
