/**
 * What cells print and show, sent to the front process under the cell it belongs to.
 *
 * AsyncLocalStorage carries the run through timers, promises and emitters, so that late output reaches
 * its own cell. Printed texts that follow each other quickly are joined; anything else that is sent first sends
 * what was joined, which keeps the order.
 *
 * A character of which only a part was printed waits for the rest, also while other things are shown: until the cell ends, or if it
 * has ended, for a second. Then U+FFFD stands for it.
 */
import { AsyncLocalStorage } from "node:async_hooks";
import { JOIN_MILLISECONDS, StreamJoiner } from "../stream-joiner";
import type { RuntimeEvent, StreamEvent } from "./channel";
import { CutCharacters, endsInHalf } from "./cut-characters";
import { printInstead } from "./print-stream";

/** How many texts after a pause are sent at once and not joined. */
const PROMPT_TEXTS = 16;

/** How much is sent at once: a string has a greatest length, and JSON makes six characters of some. */
const PIECE = 2 ** 20;

/** How long a part of a character waits for the rest where no end of a cell is to come, in milliseconds. */
const REST_MILLISECONDS = 1000;

/** A character of which a part was printed. */
interface CutPlace {
  readonly run: number;
  readonly name: StreamEvent["name"];
  readonly characters: CutCharacters;
  timer?: NodeJS.Timeout;
}
/** How much is remembered of a line that has not ended, in UTF-16 code units. */
const OPEN_LINE_LENGTH = 200;

/** The runtime's way out. */
export class Output {
  readonly #send: (event: RuntimeEvent) => void;
  readonly #storage = new AsyncLocalStorage<number>();
  readonly #joiner: StreamJoiner;
  /** Runs whose cells have not ended. */
  readonly #open = new Set<number>();
  readonly #cuts = new Map<string, CutPlace>();
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

  /**
   * Calls `body`, the whole of a run's cell; what it and everything it starts print or show belongs to this run.
   *
   * The promise holds for one more turn of the event loop, so that what is on its way through streams when the cell's code ends,
   * as the lines of `node:test` are, is still shown before the cell's end: programs that run notebooks listen no longer.
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
      for (const cut of [...this.#cuts.values()]) {
        if (cut.run === run) this.#endCut(cut);
      }
      this.flush();
    }
  }

  /** Sends an event after all that was printed before it. */
  send(event: RuntimeEvent): void {
    this.flush();
    this.#send(event);
  }

  /** Remembers the end of what is printed, in case it is a question. */
  #noteLine(chunk: string | Uint8Array): void {
    const end = chunk.slice(-OPEN_LINE_LENGTH);
    const text = typeof end === "string" ? end : Buffer.from(end).toString();
    const line = /[^\r\n]*$/.exec(text)![0];
    const isWhole = line.length < Math.min(chunk.length, OPEN_LINE_LENGTH);
    this.#openLine = (isWhole ? line : this.#openLine + line).slice(
      -OPEN_LINE_LENGTH,
    );
  }

  /** Prints a text, or bytes of UTF-8, in the cell that the code now executing belongs to. */
  write(name: StreamEvent["name"], chunk: string | Uint8Array): void {
    if (name === "stdout") this.#noteLine(chunk);
    const { run } = this;
    for (let start = 0; start < chunk.length; start += PIECE) {
      const isWhole = chunk.length <= PIECE;
      const piece =
        typeof chunk === "string"
          ? chunk.slice(start, start + PIECE)
          : chunk.subarray(start, start + PIECE);
      this.#writePiece(run, name, isWhole ? chunk : piece);
    }
  }

  /** What was printed up to the end of the process, parts of characters with it. */
  close(): void {
    for (const cut of [...this.#cuts.values()]) this.#endCut(cut);
    this.flush();
  }

  /** Sends what was printed and not yet sent. */
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
          const cut = this.#cuts.get(placeOf(this.run, name));
          if (cut) this.#endCut(cut);
        },
      );
    }
  }

  #writePiece(
    run: number,
    name: StreamEvent["name"],
    piece: string | Uint8Array,
  ): void {
    const isUsual = typeof piece === "string" && !endsInHalf(piece);
    if (isUsual && this.#cuts.size === 0) {
      this.#print({ kind: "stream", run, name, text: piece });
      return;
    }
    const place = placeOf(run, name);
    const cut = this.#cuts.get(place) ?? {
      run,
      name,
      characters: new CutCharacters(),
    };
    const text = cut.characters.take(piece);
    clearTimeout(cut.timer);
    if (cut.characters.isWaiting) {
      this.#cuts.set(place, cut);
      if (!this.#open.has(run)) {
        cut.timer = setTimeout(() => this.#endCut(cut), REST_MILLISECONDS);
      }
    } else {
      this.#cuts.delete(place);
    }
    if (text !== "") this.#print({ kind: "stream", run, name, text });
  }

  #endCut({ run, name, characters, timer }: CutPlace): void {
    clearTimeout(timer);
    this.#cuts.delete(placeOf(run, name));
    this.#print({ kind: "stream", run, name, text: characters.end() });
  }

  #print(event: StreamEvent): void {
    const now = performance.now();
    // A cell that prints and then computes for minutes lets no timer send what waits.
    if (now - this.#writtenAt >= JOIN_MILLISECONDS) {
      this.#promptTexts = PROMPT_TEXTS;
    }
    this.#writtenAt = now;
    if (this.#promptTexts > 0) {
      this.#promptTexts -= 1;
      this.send(event);
    } else {
      this.#joiner.add(event);
    }
  }
}

function placeOf(run: number, name: StreamEvent["name"]): string {
  return `${run} ${name}`;
}
