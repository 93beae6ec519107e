/**
 * The front process's counter: cells wait here in a queue, and one after the other is compiled, run and
 * answered.
 */
import type { Compiler } from "../compiler/compiler";
import { CompilerEnded } from "../compiler/compiler-client";
import type { CellError, Outcome } from "../runtime/channel";
import { Interrupt } from "../runtime/interrupt";
import type { JsonObject, Message } from "../wire/message";
import type { History } from "./history";
import { answerQuestion, type NameQuestion, nameQuestion } from "./pager";
import type { RuntimeProcess } from "./runtime-process";
import { toTypeError } from "./type-errors";

/** How the counter speaks to the outside. */
export interface ExecutionPort {
  publish(parent: Message, type: string, content: JsonObject): void;
  status(parent: Message, state: "busy" | "idle"): void;
  reply(request: Message, content: JsonObject): void;
}

/** How many ended cells are remembered so that late output finds them. */
const REMEMBERED_RUNS = 1000;

/** Runs the cells that execute requests bring. */
export class Execution {
  readonly #port: ExecutionPort;
  readonly #compiler: Compiler;
  readonly #runtime: RuntimeProcess;
  readonly #history: History;
  readonly #queue: Message[] = [];
  readonly #parents = new Map<number, Message>();
  #executionCount = 0;
  #runs = 0;
  #current: Message | undefined;
  #isWorking = false;
  #interrupted = false;

  constructor(
    port: ExecutionPort,
    compiler: Compiler,
    runtime: RuntimeProcess,
    history: History,
  ) {
    this.#port = port;
    this.#compiler = compiler;
    this.#runtime = runtime;
    this.#history = history;
  }

  /** The request whose cell is running, if one is. */
  get current(): Message | undefined {
    return this.#current;
  }

  /** The request that a run belongs to; the latest one's if it is unknown or too long ago. */
  parentOf(run?: number): Message | undefined {
    return (
      this.#parents.get(run ?? this.#runs) ?? this.#parents.get(this.#runs)
    );
  }

  /** Takes a request into the queue. */
  enqueue(request: Message): void {
    this.#queue.push(request);
    if (!this.#isWorking) void this.#work();
  }

  /** Interrupts the cell that is being compiled or run, or what an earlier one has left running. */
  interrupt(): void {
    this.#interrupted = this.#current !== undefined;
    this.#compiler.interrupt?.();
    this.#runtime.interrupt();
  }

  async #work(): Promise<void> {
    this.#isWorking = true;
    for (;;) {
      const request = this.#queue.shift();
      if (request === undefined) break;
      this.#current = request;
      this.#interrupted = false;
      const succeeded = await this.#execute(request);
      this.#current = undefined;
      if (!succeeded && request.content.stop_on_error !== false) {
        // Requests that were sent before their sender could know of the error are in the socket by now.
        await new Promise((resolve) => setImmediate(resolve));
        this.#abortQueue();
      }
    }
    this.#isWorking = false;
  }

  /** Runs one cell and answers it; the value is whether it ended well. */
  async #execute(request: Message): Promise<boolean> {
    const code = String(request.content.code ?? "");
    const silent = request.content.silent === true;
    const stored = !silent && request.content.store_history !== false;
    this.#port.status(request, "busy");
    if (stored) {
      this.#executionCount += 1;
      this.#history.add(this.#executionCount, code);
    }
    const count = this.#executionCount;
    if (!silent) {
      this.#port.publish(request, "execute_input", {
        code,
        execution_count: count,
      });
    }
    // Cells that are not counted share a count, but a stack trace must tell them apart.
    const name = stored ? `In[${count}]` : `In[uncounted ${this.#runs + 1}]`;
    const question = nameQuestion(code);
    const page = question && (await this.#look(request, question));
    const outcome: Outcome = question
      ? { status: "ok" }
      : await this.#compileAndRun(request, code, name);
    const answer =
      outcome.status === "ok"
        ? {
            status: "ok",
            user_expressions: await this.#evaluate(request),
            payload: page ? [page] : [],
          }
        : { ...outcome, user_expressions: {}, payload: [] };
    if (!silent && outcome.status === "error") {
      const { ename, evalue, traceback } = outcome;
      this.#port.publish(request, "error", { ename, evalue, traceback });
    }
    if (!silent && outcome.status === "ok" && outcome.result !== undefined) {
      this.#port.publish(request, "execute_result", {
        execution_count: count,
        data: outcome.result,
        metadata: {},
      });
      if (stored) this.#history.addOutput(String(outcome.result["text/plain"]));
    }
    this.#port.reply(request, { ...answer, execution_count: count });
    this.#port.status(request, "idle");
    return outcome.status === "ok";
  }

  /** Answers a cell that asks about a name; if nothing is known, says so in the cell. */
  async #look(
    request: Message,
    question: NameQuestion,
  ): Promise<JsonObject | undefined> {
    const page = await answerQuestion(this.#compiler, question);
    if (page === undefined && request.content.silent !== true) {
      const text = `Nothing is known of ${question.name}.\n`;
      this.#port.publish(request, "stream", { name: "stdout", text });
    }
    return page;
  }

  /** The values of the expressions that a request asks for beside its cell; one that fails does not touch the others. */
  async #evaluate(request: Message): Promise<JsonObject> {
    const values: JsonObject = {};
    const asked = request.content.user_expressions ?? {};
    for (const [name, source] of Object.entries(asked)) {
      const place = `In[expression ${name}]`;
      const outcome = await this.#compileAndRun(
        request,
        String(source),
        place,
        "forgotten",
      );
      values[name] =
        outcome.status === "ok"
          ? {
              status: "ok",
              data: outcome.result ?? { "text/plain": "undefined" },
              metadata: {},
            }
          : outcome;
    }
    return values;
  }

  async #compileAndRun(
    request: Message,
    source: string,
    name: string,
    declarations: "kept" | "forgotten" = "kept",
  ): Promise<Outcome> {
    if (source.trim() === "") return { status: "ok" };
    try {
      this.#runtime.expect(source);
      const compilation = await this.#compiler.compile(source);
      const { cell, diagnostics } = compilation;
      for (const text of compilation.warnings ?? []) {
        const content = { name: "stderr", text: `${text}\n` };
        this.#port.publish(request, "stream", content);
      }
      if (diagnostics !== undefined) {
        return { status: "error", ...toTypeError(source, name, diagnostics) };
      }
      this.#runs += 1;
      this.#parents.set(this.#runs, request);
      this.#parents.delete(this.#runs - REMEMBERED_RUNS);
      // Also a cell that fails may have declared and set variables before it did.
      if (declarations === "kept") await this.#compiler.commit();
      if (this.#interrupted) {
        const { name, message } = new Interrupt();
        return error(name, message);
      }
      return await this.#runtime.execute({
        kind: "execute",
        run: this.#runs,
        name,
        source,
        cell,
      });
    } catch (thrown) {
      if (thrown instanceof Interrupt || thrown instanceof CompilerEnded) {
        return error(thrown.name, thrown.message);
      }
      return error("KernelError", (thrown as Error).stack ?? String(thrown));
    }
  }

  #abortQueue(): void {
    for (const request of this.#queue.splice(0)) {
      this.#port.status(request, "busy");
      // "No fields should be present other than status" (messaging specification, "Request-Reply").
      this.#port.reply(request, { status: "aborted" });
      this.#port.status(request, "idle");
    }
  }
}

function error(ename: string, evalue: string): Outcome {
  const told: CellError = { ename, evalue, traceback: [`${ename}: ${evalue}`] };
  return { status: "error", ...told };
}
