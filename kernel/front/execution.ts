/**
 * Queues execute requests: cells are compiled, run and answered one at a time.
 */
import type { Compilation, Compiler, Declarations } from "../compiler/compiler";
import { CompilerExited } from "../compiler/compiler-exited";
import type { CellError, Outcome } from "../runtime/channel";
import { Interrupt } from "../interrupt-error";
import type { PublishedContent, PublishedType } from "../wire/published";
import type {
  ExpressionValue,
  PagePayload,
  ReplyContent,
} from "../wire/replies";
import type { ExecuteRequest } from "../wire/requests";
import { runEarlyMagics } from "../magics/front/early-runs";
import type { History } from "./history";
import { answerQuestion, type NameQuestion, nameQuestion } from "./pager";
import { NO_RESULTS } from "./refusal";
import type { RuntimeProcess } from "./runtime-process";
import { toTypeError } from "./type-errors";

/** The queue's connection to the clients. */
interface ExecutionPort {
  publish<Type extends PublishedType>(
    parent: ExecuteRequest,
    type: Type,
    content: PublishedContent<Type>,
  ): void;
  status(parent: ExecuteRequest, state: "busy" | "idle"): void;
  reply(
    request: ExecuteRequest,
    content: ReplyContent<"execute_request">,
  ): void;
  /** Called before a cell is compiled. */
  prepare(): Promise<void> | undefined;
}

/** How many finished runs are remembered, so that late output reaches their cells. */
const REMEMBERED_RUNS = 1000;

/** Runs the cells of execute requests. */
export class Execution {
  readonly #port: ExecutionPort;
  readonly #compiler: Compiler;
  readonly #runtime: RuntimeProcess;
  readonly #history: History;
  readonly #queue: ExecuteRequest[] = [];
  readonly #parents = new Map<number, ExecuteRequest>();
  readonly #warnings: string[] = [];
  #executionCount = 0;
  #runs = 0;
  #current: ExecuteRequest | undefined;
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

  /** The request whose cell is running, if any. */
  get current(): ExecuteRequest | undefined {
    return this.#current;
  }

  /**
   * Returns the request of a run, or the latest request if the run is unknown or no longer
   * remembered.
   */
  parentOf(run?: number): ExecuteRequest | undefined {
    return (
      this.#parents.get(run ?? this.#runs) ?? this.#parents.get(this.#runs)
    );
  }

  /** The number of the latest counted cell. */
  get count(): number {
    return this.#executionCount;
  }

  /** Adds a request to the queue. */
  enqueue(request: ExecuteRequest): void {
    this.#queue.push(request);
    if (!this.#isWorking) void this.#work();
  }

  /**
   * Interrupts the cell that is being compiled or run, or code that an earlier cell has left
   * running.
   */
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
      if (!succeeded && request.content.stop_on_error) {
        // Requests sent before the client received the error have arrived at the socket by now.
        await new Promise((resolve) => setImmediate(resolve));
        this.#abortQueue();
      }
    }
    this.#isWorking = false;
  }

  /** Runs one cell and sends its reply. Resolves to whether it succeeded. */
  async #execute(request: ExecuteRequest): Promise<boolean> {
    const { code, silent, store_history } = request.content;
    const stored = !silent && store_history;
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
    // Uncounted cells share an execution count, but need distinct names in stack traces.
    const name = stored ? `In[${count}]` : `In[uncounted ${this.#runs + 1}]`;
    const question = nameQuestion(code);
    const page = question && (await this.#help(request, question));
    const outcome: Outcome = question
      ? { status: "ok" }
      : ((await this.#runEarlyMagics(request, code, name)) ??
        (await this.#compileAndRun(request, code, name)));
    const answer: ReplyContent<"execute_request"> =
      outcome.status === "ok"
        ? {
            status: "ok",
            execution_count: count,
            user_expressions: await this.#evaluate(request),
            payload: page ? [page] : [],
          }
        : { ...outcome, ...NO_RESULTS, execution_count: count };
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
    this.#port.reply(request, answer);
    this.#port.status(request, "idle");
    return outcome.status === "ok";
  }

  /** Answers a help query such as `name?`. If there is no information, prints that in the cell. */
  async #help(
    request: ExecuteRequest,
    question: NameQuestion,
  ): Promise<PagePayload | undefined> {
    const page = await answerQuestion(this.#compiler, question);
    if (page === undefined && !request.content.silent) {
      const text = `No information about ${question.name}.\n`;
      this.#port.publish(request, "stream", { name: "stdout", text });
    }
    return page;
  }

  /**
   * Evaluates the user expressions of a request. A failing expression does not affect the others.
   */
  async #evaluate(
    request: ExecuteRequest,
  ): Promise<Readonly<Record<string, ExpressionValue>>> {
    const values: Record<string, ExpressionValue> = {};
    const asked = request.content.user_expressions;
    for (const [name, source] of Object.entries(asked)) {
      const place = `In[expression ${name}]`;
      const outcome = await this.#compileAndRun(
        request,
        source,
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

  #runEarlyMagics(
    request: ExecuteRequest,
    source: string,
    name: string,
  ): Promise<Outcome | undefined> {
    return runEarlyMagics(source, name, {
      compiler: this.#compiler,
      runtime: this.#runtime,
      nextRun: () => this.#nextRun(request),
      isInterrupted: () => this.#interrupted,
    });
  }

  /** Returns the number of a new run of a request. */
  #nextRun(request: ExecuteRequest): number {
    this.#runs += 1;
    this.#parents.set(this.#runs, request);
    this.#parents.delete(this.#runs - REMEMBERED_RUNS);
    return this.#runs;
  }

  async #compileAndRun(
    request: ExecuteRequest,
    source: string,
    name: string,
    declarations: Declarations = "kept",
  ): Promise<Outcome> {
    if (source.trim() === "") return { status: "ok" };
    try {
      const compilation = await this.#compile(source, declarations);
      const { cell, diagnostics } = compilation;
      this.#warnings.push(...(compilation.warnings ?? []));
      if (!request.content.silent) this.#publishWarnings(request);
      if (diagnostics !== undefined) {
        return { status: "error", ...toTypeError(source, name, diagnostics) };
      }
      const run = this.#nextRun(request);
      if (this.#interrupted) {
        const { name, message } = new Interrupt();
        return error(name, message);
      }
      return await this.#runtime.execute(
        { kind: "execute", run, name, source, cell },
        () => {
          // Not awaited, as the compiler processes its calls in order. A cell that fails later
          // keeps its declarations.
          if (declarations === "kept") void this.#commit();
        },
      );
    } catch (thrown) {
      if (thrown instanceof Interrupt || thrown instanceof CompilerExited) {
        return error(thrown.name, thrown.message);
      }
      return error("KernelError", (thrown as Error).stack ?? String(thrown));
    }
  }

  /**
   * Compiles a cell. Checks it again if the runtime was replaced meanwhile, because its variables
   * are lost.
   */
  async #compile(
    source: string,
    declarations: Declarations,
  ): Promise<Compilation> {
    await this.#port.prepare();
    for (;;) {
      const { generation } = this.#runtime;
      this.#runtime.expect(source);
      const found = await this.#compiler.compile(source, declarations);
      if (generation === this.#runtime.generation) return found;
    }
  }

  async #commit(): Promise<void> {
    try {
      await this.#compiler.commit();
    } catch {
      // The compiler process has ended; its replacement receives this cell with the earlier ones.
    }
  }

  /** Publishes each warning once, in the first cell that is not silent. */
  #publishWarnings(request: ExecuteRequest): void {
    for (const text of this.#warnings.splice(0)) {
      this.#port.publish(request, "stream", {
        name: "stderr",
        text: `${text}\n`,
      });
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
  const cellError: CellError = {
    ename,
    evalue,
    traceback: [`${ename}: ${evalue}`],
  };
  return { status: "error", ...cellError };
}
