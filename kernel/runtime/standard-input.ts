/**
 * Implements `process.stdin` in cells as a stream of the lines that the user types into the
 * notebook.
 *
 * The user is asked for a line when code waits for one: a question of `readline`, a listener or a
 * loop. Like a program, a cell does not end while its code waits for input.
 */
import { createRequire } from "node:module";
import type { Interface } from "node:readline";
import { Readable } from "node:stream";
import type { InputAnswer } from "./channel";
import { InputNotAllowed, type Input } from "./input";

/** A line that ends the input, like Ctrl-D in a terminal. */
const END_OF_INPUT = "\u0004";

/** A question of `readline` that waits for its answer. */
interface Question {
  readonly query: string;
  /** Called when the answer has come. */
  readonly settle: () => void;
  /** Withdraws the question, so that the next one can be asked. */
  readonly withdraw: () => void;
}

/** A `readline` interface that reads the stream, with its pending questions. */
interface Reader {
  readonly reader: Interface;
  readonly questions: Question[];
}

/** The functions of the kernel that the stream needs. */
interface StandardInputHost {
  readonly input: Pick<Input, "askLater">;
  /** Returns the run of the code that is executing. */
  readonly run: () => number;
  /** Returns the unfinished last line of output. */
  readonly openLine: () => string;
}

/** A stream of input lines. */
class LineStream extends Readable {
  readonly fd = 0;
  readonly #host: StandardInputHost;
  readonly #changed: () => void;
  readonly readers = new Map<Interface, Reader>();
  #isReading = false;
  /** The run whose request for a line the user has not answered yet. */
  #askedRun: number | undefined;
  /** The run that last began to wait for input. */
  #run: number;

  constructor(host: StandardInputHost, changed: () => void) {
    super({ highWaterMark: 0 });
    this.#host = host;
    this.#changed = changed;
    this.#run = host.run();
    for (const event of ["newListener", "removeListener"] as const) {
      this.on(event, (name) => {
        if (name === "data" || name === "readable") this.update(event);
      });
    }
    for (const event of ["pause", "close"] as const) {
      this.on(event, () => this.#changed());
    }
  }

  /** Does nothing; exists because terminal streams have it. */
  ref(): this {
    return this;
  }

  /** Does nothing, see {@link ref}. */
  unref(): this {
    return this;
  }

  override _read(): void {
    this.#isReading = true;
    this.update();
  }

  /** Returns whether code of this run waits for a line. */
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

  /** Returns whether code of a later run waits for a line. */
  isUsedByOther(run: number): boolean {
    return this.#run > run && this.isAwaited(this.#run);
  }

  /** Asks for a line if code waits for one, after the current callback has ended. */
  update(event?: "newListener" | "removeListener"): void {
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
    const prompt = reader?.questions[0]?.query ?? this.#host.openLine();
    this.#host.input.askLater(this.#run, prompt, (answer) => {
      this.#askedRun = undefined;
      this.#receive(answer);
    });
  }

  #receive(answer: InputAnswer): void {
    for (const { questions } of this.readers.values()) {
      questions.shift()?.settle();
    }
    if ("refusal" in answer) {
      // Not destroyed, because another client may answer later.
      this.emit("error", new InputNotAllowed(answer.refusal));
    } else {
      this.#isReading = false;
      this.push(answer.value === END_OF_INPUT ? null : `${answer.value}\n`);
    }
    this.#changed();
  }
}

/** Provides `process.stdin` in cells. */
export class StandardInput {
  readonly #host: StandardInputHost;
  #stream: LineStream | undefined;
  #settled: (() => void) | undefined;
  #followsReadline = false;

  constructor(host: StandardInputHost) {
    this.#host = host;
  }

  /** Replaces `process.stdin`. */
  install(): void {
    Object.defineProperty(process, "stdin", {
      configurable: true,
      enumerable: true,
      get: () => this.#current(),
    });
  }

  /** Returns whether code of this run waits for a line. */
  isAwaited(run: number): boolean {
    return this.#stream?.isAwaited(run) ?? false;
  }

  /** Resolves when no code of this run waits for a line. */
  async settled(run: number): Promise<void> {
    while (this.isAwaited(run)) {
      await new Promise<void>((resolve) => (this.#settled = resolve));
    }
  }

  /**
   * Cancels pending reads of an interrupted or failed cell, so that they do not take lines from a
   * later cell. A cell of another shell that reads meanwhile keeps its stream.
   */
  abandon(run: number): void {
    const stream = this.#stream;
    if (stream?.isUsedByOther(run)) return;
    this.#stream = undefined;
    for (const { questions } of stream?.readers.values() ?? []) {
      for (const { withdraw } of [...questions]) withdraw();
    }
  }

  #current(): LineStream {
    if (!this.#followsReadline) this.#followReadline();
    if (!this.#stream || this.#stream.destroyed || this.#stream.readableEnded) {
      this.#stream = new LineStream(this.#host, () => this.#settled?.());
    }
    return this.#stream;
  }

  /** Tracks `readline` interfaces that read the stream, and their questions. */
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

type Listener = (...parameters: unknown[]) => void;

/** Tracks interfaces that read the stream, and their listeners for lines. */
function followCreation(prototype: Interface): void {
  // The constructor calls `once`; replacing the constructor would not affect code that has already
  // imported it.
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
    stream.update();
  });
  for (const event of ["newListener", "removeListener"] as const) {
    reader.on(event, (name: string) => {
      if (name === "line") stream.update(event);
    });
  }
}

/** Tracks questions, and withdraws them when their cell is interrupted. */
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
    const remove = () => {
      const questions = input.readers.get(this)?.questions;
      const index = questions?.indexOf(pending) ?? -1;
      if (index >= 0) questions?.splice(index, 1);
      input.update();
    };
    const pending: Question = {
      query,
      settle: () => signal?.removeEventListener("abort", remove),
      withdraw: () => {
        remove();
        abandoned.abort();
      },
    };
    signal?.addEventListener("abort", remove, { once: true });
    const signals = signal ? [signal, abandoned.signal] : [abandoned.signal];
    const asked = question.call(
      this,
      query,
      { ...options, signal: AbortSignal.any(signals) },
      ...others,
    );
    input.readers.get(this)?.questions.push(pending);
    input.update("newListener");
    return asked;
  };
}
