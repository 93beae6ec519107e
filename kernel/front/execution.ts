/**
 * Queues the execute requests of one shell: its cells are compiled, run and answered one at a time.
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
import type { Runs } from "./runs";
import type { RuntimeProcess } from "./runtime-process";
import { toTypeError } from "./type-errors";
import { evaluateExpressions } from "./user-expressions";

/** The connection of the queues to the clients. */
export interface ExecutionPort {
  publish<Type extends PublishedType>(
    parent: ExecuteRequest,
    type: Type,
    content: PublishedContent<Type>,
  ): void;
  /** Called when a request is taken from its queue. */
  begin(request: ExecuteRequest): void;
  /** Called before a cell is compiled. */
  prepare(): Promise<void> | undefined;
  /** Replies to a request, which then has ended. */
  end(request: ExecuteRequest, reply: ReplyContent<"execute_request">): void;
}

/** What all queues share. */
interface ExecutionContext {
  readonly port: ExecutionPort;
  readonly compiler: Compiler;
  readonly runtime: RuntimeProcess;
  readonly history: History;
  readonly runs: Runs;
}

/** Runs the cells of a shell's execute requests. */
export class Execution {
  readonly #port: ExecutionPort;
  readonly #compiler: Compiler;
  readonly #runtime: RuntimeProcess;
  readonly #history: History;
  readonly #runs: Runs;
  readonly #queue: ExecuteRequest[] = [];
  #current: ExecuteRequest | undefined;
  #isWorking = false;
  #interrupted = false;

  constructor(context: ExecutionContext) {
    this.#port = context.port;
    this.#compiler = context.compiler;
    this.#runtime = context.runtime;
    this.#history = context.history;
    this.#runs = context.runs;
  }

  /** The request whose cell is running, if any. */
  get current(): ExecuteRequest | undefined {
    return this.#current;
  }

  /** Adds a request to the queue. */
  enqueue(request: ExecuteRequest): void {
    this.#queue.push(request);
    if (!this.#isWorking) void this.#work();
  }

  /** Notes that the cell that is being compiled or run is interrupted. */
  interrupt(): void {
    this.#interrupted = this.#current !== undefined;
  }

  /** Answers all waiting requests with the status "aborted". */
  abort(): void {
    for (const request of this.#queue.splice(0)) {
      this.#port.begin(request);
      // "No fields should be present other than status" (messaging specification, "Request-Reply").
      this.#port.end(request, { status: "aborted" });
    }
  }

  async #work(): Promise<void> {
    this.#isWorking = true;
    for (;;) {
      const request = this.#queue.shift();
      if (request === undefined) break;
      this.#current = request;
      this.#interrupted = false;
      const succeeded = await this.#execute(request);
      if (!succeeded && request.content.stop_on_error) {
        // Requests sent before the client received the error have arrived at the socket by now.
        await new Promise((resolve) => setImmediate(resolve));
        this.abort();
      }
    }
    this.#isWorking = false;
  }

  /** Runs one cell and sends its reply. Resolves to whether it succeeded. */
  async #execute(request: ExecuteRequest): Promise<boolean> {
    const { code, silent, store_history } = request.content;
    const stored = !silent && store_history;
    this.#port.begin(request);
    if (stored) {
      this.#runs.executionCount += 1;
      this.#history.add(this.#runs.executionCount, code);
    }
    const count = this.#runs.executionCount;
    if (!silent) {
      this.#port.publish(request, "execute_input", {
        code,
        execution_count: count,
      });
    }
    const name = stored ? `In[${count}]` : undefined;
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
      if (stored) {
        const text = String(outcome.result["text/plain"]);
        this.#history.addOutput(count, text);
      }
    }
    this.#current = undefined;
    this.#port.end(request, answer);
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

  #evaluate(
    request: ExecuteRequest,
  ): Promise<Readonly<Record<string, ExpressionValue>>> {
    return evaluateExpressions(
      request.content.user_expressions,
      (source, name) => this.#compileAndRun(request, source, name, "forgotten"),
    );
  }

  /** Runs the magics that run before the cell is checked. */
  #runEarlyMagics(
    request: ExecuteRequest,
    source: string,
    name = `In[uncounted ${this.#runs.next}]`,
  ): Promise<Outcome | undefined> {
    return runEarlyMagics(source, name, {
      compiler: this.#compiler,
      runtime: this.#runtime,
      nextRun: () => this.#runs.add(request),
      isInterrupted: () => this.#interrupted,
    });
  }

  /**
   * Compiles and runs code.
   *
   * @param givenName Its name in stack traces; by default one that no other code has, because
   *   uncounted cells share an execution count.
   */
  async #compileAndRun(
    request: ExecuteRequest,
    source: string,
    givenName: string | undefined,
    declarations: Declarations = "kept",
  ): Promise<Outcome> {
    if (source.trim() === "") return { status: "ok" };
    const started = await this.#runs.start();
    const name = givenName ?? `In[uncounted ${this.#runs.next}]`;
    try {
      const compilation = await this.#compile(source, declarations);
      const { cell, diagnostics } = compilation;
      this.#runs.warnings.push(...(compilation.warnings ?? []));
      if (!request.content.silent) this.#publishWarnings(request);
      if (diagnostics !== undefined) {
        return { status: "error", ...toTypeError(source, name, diagnostics) };
      }
      const run = this.#runs.add(request);
      if (this.#interrupted) {
        const { name, message } = new Interrupt();
        return error(name, message);
      }
      const isInteractive = request.content.allow_stdin;
      return await this.#runtime.execute(
        { kind: "execute", run, name, source, cell, isInteractive },
        () => {
          // Not awaited, as the compiler processes its calls in order. A cell that fails later
          // keeps its declarations.
          if (declarations === "kept") void this.#commit();
          started();
        },
      );
    } catch (thrown) {
      if (thrown instanceof Interrupt || thrown instanceof CompilerExited) {
        return error(thrown.name, thrown.message);
      }
      return error("KernelError", (thrown as Error).stack ?? String(thrown));
    } finally {
      started();
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
    for (const text of this.#runs.warnings.splice(0)) {
      this.#port.publish(request, "stream", {
        name: "stderr",
        text: `${text}\n`,
      });
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
