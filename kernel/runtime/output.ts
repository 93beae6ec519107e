/**
 * Sends the output of cells to the front process, with the run that it belongs to.
 *
 * AsyncLocalStorage tracks the run through timers, promises and emitters, so that late output
 * reaches its own cell. Texts printed in quick succession are joined; every other event first sends
 * the joined text, which preserves the order.
 *
 * A partly printed character is held back until the rest is printed, even while other output is
 * sent: until the cell ends or, if it has ended, for a second. Then it is replaced by U+FFFD.
 */
import { AsyncLocalStorage } from "node:async_hooks";
import { JOIN_MILLISECONDS, StreamJoiner } from "../stream-joiner";
import type { RuntimeEvent, StreamEvent } from "./channel";
import { ChunkDecoder, endsInHighSurrogate } from "./chunk-decoder";
import { printInstead } from "./print-stream";

/** How many texts after a pause are sent immediately instead of being joined. */
const IMMEDIATE_TEXTS = 16;

/**
 * Maximum length of one event: strings have a maximum length, and JSON may expand a character to
 * six.
 */
const PIECE_LENGTH = 2 ** 20;

/** How long a partial character of an ended cell is held back, in milliseconds. */
const REST_MILLISECONDS = 1000;

/** A partly printed character. */
interface PartialCharacter {
  readonly run: number;
  readonly name: StreamEvent["name"];
  readonly decoder: ChunkDecoder;
  timer?: NodeJS.Timeout;
}

/** How much of an unfinished line is remembered, in UTF-16 code units. */
const OPEN_LINE_LENGTH = 200;

/** Sends events to the front process. */
export class Output {
  readonly #send: (event: RuntimeEvent) => void;
  readonly #storage = new AsyncLocalStorage<number>();
  readonly #joiner: StreamJoiner;
  /** Runs whose cells have not ended. */
  readonly #open = new Set<number>();
  readonly #partials = new Map<string, PartialCharacter>();
  #latestRun = 0;
  #writtenAt = 0;
  #immediateTexts = 0;
  #openLine = "";

  /** @param send Sends one event to the front process. */
  constructor(send: (event: RuntimeEvent) => void) {
    this.#send = send;
    this.#joiner = new StreamJoiner(send);
  }

  /** The run of the code that is executing, or the latest run if unknown. */
  get run(): number {
    return this.knownRun ?? this.#latestRun;
  }

  /** The run of the code that is executing; undefined if unknown or for code of the kernel. */
  get knownRun(): number | undefined {
    return this.#storage.getStore();
  }

  /** The unfinished last line on stdout, which may be a prompt. */
  get openLine(): string {
    return this.#openLine;
  }

  /**
   * Calls `body`, which runs a cell. All output of it and of the code that it starts belongs to
   * this run.
   *
   * The promise resolves one turn of the event loop later, so that output that is still in streams
   * when the cell's code ends, such as that of `node:test`, is sent before the cell's end. Programs
   * that execute notebooks ignore later output.
   */
  async within<Value>(run: number, body: () => Promise<Value>): Promise<Value> {
    this.#latestRun = run;
    this.#openLine = "";
    this.#open.add(run);
    try {
      return await this.#storage.run(run, body);
    } finally {
      await new Promise((resolve) => setImmediate(resolve));
      this.#open.delete(run);
      for (const partial of [...this.#partials.values()]) {
        if (partial.run === run) this.#endPartial(partial);
      }
      this.flush();
    }
  }

  /** Sends an event, after all text printed before it. */
  send(event: RuntimeEvent): void {
    this.flush();
    this.#send(event);
  }

  /** Remembers the end of the printed text, which may be a prompt. */
  #noteLine(chunk: string | Uint8Array): void {
    const end = chunk.slice(-OPEN_LINE_LENGTH);
    const text = typeof end === "string" ? end : Buffer.from(end).toString();
    const line = /[^\r\n]*$/.exec(text)![0];
    const isWhole = line.length < Math.min(chunk.length, OPEN_LINE_LENGTH);
    this.#openLine = (isWhole ? line : this.#openLine + line).slice(
      -OPEN_LINE_LENGTH,
    );
  }

  /** Prints text or UTF-8 bytes in the cell of the code that is executing. */
  write(name: StreamEvent["name"], chunk: string | Uint8Array): void {
    if (name === "stdout") this.#noteLine(chunk);
    const { run } = this;
    for (let start = 0; start < chunk.length; start += PIECE_LENGTH) {
      const isWhole = chunk.length <= PIECE_LENGTH;
      const piece =
        typeof chunk === "string"
          ? chunk.slice(start, start + PIECE_LENGTH)
          : chunk.subarray(start, start + PIECE_LENGTH);
      this.#writePiece(run, name, isWhole ? chunk : piece);
    }
  }

  /** Sends all buffered output, including partial characters, before the process exits. */
  close(): void {
    for (const partial of [...this.#partials.values()])
      this.#endPartial(partial);
    this.flush();
  }

  /** Sends buffered text. */
  flush(): void {
    this.#joiner.flush();
  }

  /** Makes `process.stdout` and `process.stderr`, and with them `console`, print into cells. */
  redirect(): void {
    for (const name of ["stdout", "stderr"] as const) {
      printInstead(
        process[name],
        (chunk) => this.write(name, chunk),
        () => {
          const partial = this.#partials.get(streamKey(this.run, name));
          if (partial) this.#endPartial(partial);
        },
      );
    }
  }

  #writePiece(
    run: number,
    name: StreamEvent["name"],
    piece: string | Uint8Array,
  ): void {
    const isUsual = typeof piece === "string" && !endsInHighSurrogate(piece);
    if (isUsual && this.#partials.size === 0) {
      this.#print({ kind: "stream", run, name, text: piece });
      return;
    }
    const key = streamKey(run, name);
    const partial = this.#partials.get(key) ?? {
      run,
      name,
      decoder: new ChunkDecoder(),
    };
    const text = partial.decoder.decode(piece);
    clearTimeout(partial.timer);
    if (partial.decoder.isIncomplete) {
      this.#partials.set(key, partial);
      if (!this.#open.has(run)) {
        partial.timer = setTimeout(
          () => this.#endPartial(partial),
          REST_MILLISECONDS,
        );
      }
    } else {
      this.#partials.delete(key);
    }
    if (text !== "") this.#print({ kind: "stream", run, name, text });
  }

  #endPartial({ run, name, decoder, timer }: PartialCharacter): void {
    clearTimeout(timer);
    this.#partials.delete(streamKey(run, name));
    this.#print({ kind: "stream", run, name, text: decoder.end() });
  }

  #print(event: StreamEvent): void {
    const now = performance.now();
    // A cell that prints and then computes for minutes blocks the timer that would send the text.
    if (now - this.#writtenAt >= JOIN_MILLISECONDS) {
      this.#immediateTexts = IMMEDIATE_TEXTS;
    }
    this.#writtenAt = now;
    if (this.#immediateTexts > 0) {
      this.#immediateTexts -= 1;
      this.send(event);
    } else {
      this.#joiner.add(event);
    }
  }
}

function streamKey(run: number, name: StreamEvent["name"]): string {
  return `${run} ${name}`;
}
