/**
 * `process.stdin` of cells: a stream of the lines that the user types into the notebook.
 *
 * The user is asked for a line when somebody waits for one: a question of `readline`, a listener, a loop. Programs end when
 * nothing is left to wait for; so does a cell, which therefore goes on while somebody waits.
 */
import type { EventEmitter } from "node:events";
import { createRequire } from "node:module";
import type { Interface } from "node:readline";
import { Readable } from "node:stream";
import type { InputAnswer } from "./channel";
import { InputNotAllowed, type Input } from "./input";

/** A line that ends the input, as Ctrl-D does at a terminal. */
const END_OF_INPUT = "\u0004";

/** An interface of `readline` that reads the stream, and how many questions it waits with. */
interface Reader {
  readonly reader: Interface;
  questions: string[];
}

/** What the stream needs of the kernel. */
export interface StandardInputHost {
  readonly input: Pick<Input, "askLater">;
  /** The run that the code now executing belongs to. */
  readonly run: () => number;
  /** The last line printed, if it has not ended. */
  readonly openLine: () => string;
}

/** One stream of lines. */
class LineStream extends Readable {
  readonly fd = 0;
  readonly #host: StandardInputHost;
  readonly #changed: () => void;
  readonly readers = new Map<Interface, Reader>();
  #isReading = false;
  /** The run in which the user was asked and has not answered yet. */
  #askedRun: number | undefined;
  /** The run in which somebody last began to wait. */
  #run: number;

  constructor(host: StandardInputHost, changed: () => void) {
    super({ highWaterMark: 0 });
    this.#host = host;
    this.#changed = changed;
    this.#run = host.run();
    for (const event of ["newListener", "removeListener"] as const) {
      this.on(event, (name) => {
        if (name === "data" || name === "readable") this.look(event);
      });
    }
    for (const event of ["pause", "close"] as const) {
      this.on(event, () => this.#changed());
    }
  }

  /** As a terminal's stream has it; there is nothing to keep the process alive for. */
  ref(): this {
    return this;
  }

  /** As {@link ref}. */
  unref(): this {
    return this;
  }

  override _read(): void {
    this.#isReading = true;
    this.look();
  }

  /** Whether somebody of this run waits for a line. */
  isAwaited(run: number): boolean {
    if (this.#run !== run || this.destroyed || this.readableEnded) return false;
    const readers = [...this.readers.values()];
    const listeners = this.isPaused()
      ? 0
      : this.listenerCount("data") - readers.length;
    return (
      listeners > 0 ||
      this.listenerCount("readable") > 0 ||
      readers.some(
        ({ reader, questions }) =>
          questions.length > 0 ||
          (reader.listenerCount("line") > 0 && !this.isPaused()),
      )
    );
  }

  /** Looks, as soon as the code that now runs has ended, whether a line is waited for. */
  look(event?: "newListener" | "removeListener"): void {
    if (event === "newListener") this.#run = this.#host.run();
    setImmediate(() => {
      this.#changed();
      const isAsked = this.#askedRun === this.#run;
      if (this.#isReading && !isAsked && this.isAwaited(this.#run)) this.#ask();
    });
  }

  #ask(): void {
    this.#askedRun = this.#run;
    const [reader] = [...this.readers.values()].filter(
      ({ questions }) => questions.length > 0,
    );
    const prompt = reader?.questions[0] ?? this.#host.openLine();
    this.#host.input.askLater(this.#run, prompt, (answer) => {
      this.#askedRun = undefined;
      this.#receive(answer);
    });
  }

  #receive(answer: InputAnswer): void {
    for (const reader of this.readers.values()) reader.questions.shift();
    if ("refusal" in answer) {
      // Not destroyed: another client may be asked later.
      this.emit("error", new InputNotAllowed(answer.refusal));
    } else {
      this.#isReading = false;
      this.push(answer.value === END_OF_INPUT ? null : `${answer.value}\n`);
    }
    this.#changed();
  }
}

/** The lines that the user types, as cells read them. */
export class StandardInput {
  readonly #host: StandardInputHost;
  #stream: LineStream | undefined;
  #settled: (() => void) | undefined;
  #followsReadline = false;

  constructor(host: StandardInputHost) {
    this.#host = host;
  }

  /** Makes it `process.stdin`. */
  install(): void {
    Object.defineProperty(process, "stdin", {
      configurable: true,
      enumerable: true,
      get: () => this.#current(),
    });
  }

  /** Whether this run, whose code has ended, goes on because a line is waited for. */
  isAwaited(run: number): boolean {
    return this.#stream?.isAwaited(run) ?? false;
  }

  /** Holds until no line is waited for by this run any more. */
  async settled(run: number): Promise<void> {
    while (this.isAwaited(run)) {
      await new Promise<void>((resolve) => (this.#settled = resolve));
    }
  }

  /** The cell has been interrupted, or has failed: what waited in it for a line is not to take one from a later cell. */
  abandon(): void {
    const stream = this.#stream;
    this.#stream = undefined;
    for (const { reader } of stream?.readers.values() ?? []) {
      // Its next question is to be one, and not to be added to one that nobody answers.
      (reader as unknown as EventEmitter).emit(ABANDONED);
    }
  }

  #current(): LineStream {
    if (!this.#followsReadline) this.#followReadline();
    if (!this.#stream || this.#stream.destroyed || this.#stream.readableEnded) {
      this.#stream = new LineStream(this.#host, () => this.#settled?.());
    }
    return this.#stream;
  }

  /** Learns of interfaces of `readline` that read the stream, and of their questions. */
  #followReadline(): void {
    this.#followsReadline = true;
    const require = createRequire(__filename);
    for (const name of ["node:readline", "node:readline/promises"]) {
      const { Interface: Class } = require(name) as {
        Interface: { prototype: Interface };
      };
      followCreation(Class.prototype);
      followQuestions(Class.prototype);
    }
  }
}

/** The event by which an interface's questions are taken back. */
const ABANDONED = Symbol("abandoned");

type Listener = (...parameters: unknown[]) => void;

/** Notes each interface that reads our stream, and when lines are listened to. */
function followCreation(prototype: Interface): void {
  // Called by the constructor, which itself cannot be replaced for those who have it already.
  const { once } = prototype;
  prototype.once = function (this: Interface, event: string, call: Listener) {
    const { input } = this as Interface & { input?: unknown };
    if (event === "close" && input instanceof LineStream) follow(this, input);
    return (once as (event: string, call: Listener) => Interface).call(
      this,
      event,
      call,
    );
  } as typeof once;
}

function follow(reader: Interface, stream: LineStream): void {
  if (stream.readers.has(reader)) return;
  stream.readers.set(reader, { reader, questions: [] });
  reader.prependListener("close", () => {
    stream.readers.delete(reader);
    stream.look();
  });
  for (const event of ["newListener", "removeListener"] as const) {
    reader.on(event, (name: string) => {
      if (name === "line") stream.look(event);
    });
  }
}

/** Notes each question, and takes it back when its cell is interrupted. */
function followQuestions(prototype: Interface): void {
  const question = prototype.question as unknown as (
    ...parameters: unknown[]
  ) => unknown;
  prototype.question = function (
    this: Interface,
    query: string,
    ...others: unknown[]
  ): unknown {
    const { input } = this as Interface & { input?: unknown };
    if (!(input instanceof LineStream)) {
      return question.call(this, query, ...others);
    }
    const abandoned = new AbortController();
    const options = (typeof others[0] === "object" && others.shift()) || {};
    const { signal } = options as { signal?: AbortSignal };
    const withdraw = () => {
      const questions = input.readers.get(this)?.questions;
      const index = questions?.indexOf(query) ?? -1;
      if (index >= 0) questions?.splice(index, 1);
      input.look();
    };
    signal?.addEventListener("abort", withdraw, { once: true });
    (this as unknown as EventEmitter).once(ABANDONED, () => {
      withdraw();
      abandoned.abort();
    });
    const signals = signal ? [signal, abandoned.signal] : [abandoned.signal];
    const asked = question.call(
      this,
      query,
      { ...options, signal: AbortSignal.any(signals) },
      ...others,
    );
    input.readers.get(this)?.questions.push(query);
    input.look("newListener");
    return asked;
  } as typeof prototype.question;
}
