/**
 * Runs the compiler in a separate process, one call at a time, behind the `Compiler` interface.
 *
 * The process may exit (TypeScript may run out of memory on an extreme type), or be killed because
 * a cell is interrupted while its types are checked. The next process then replays the committed
 * cells. A cell that makes the process exit again during replay is dropped.
 */
import { coded } from "@convnotes/notebook/coded-error";
import { Interrupt } from "../interrupt-error";
import { CallQueue, type Job } from "./call-queue";
import type {
  Compilation,
  Compiler,
  Completeness,
  CompletionList,
  Declarations,
  EarlyMagic,
  Inspection,
} from "./compiler";
import {
  CompilerExited,
  exitedAtStart,
  exitedInCheck,
  lostDeclarations,
} from "./compiler-exited";
import { CompilerProcess } from "./compiler-process";
import type { CompilerCall } from "./compiler-service";
import type { DebugExpression, DebugPlace, DebugSyntax } from "./debug-syntax";
import { type CompilerSettings, typeScriptVersion } from "./settings";

/**
 * How long a check may continue after an interrupt, in milliseconds, before its process is killed.
 * Nearly all checks finish within this time.
 */
const INTERRUPT_MILLISECONDS = 250;

/**
 * How long an editor request waits behind other work, in milliseconds, before it gets an empty
 * answer.
 */
const EDITOR_WAIT_MILLISECONDS = 5_000;

/**
 * How long an editor request may run, in milliseconds, before its process is killed, so that it
 * does not block cells.
 */
const EDITOR_WORK_MILLISECONDS = 30_000;

/**
 * The number of consecutive crashes after which a committed cell is dropped; a single crash may
 * have an external cause.
 */
const MAX_CRASHES = 2;

/** A committed cell. */
interface CommittedCell {
  readonly source: string;
  /** The number of times the process has exited while it replayed this cell. */
  crashes: number;
}

/** A compiler in a separate process. Calls are answered in the order in which they were made. */
export class CompilerClient implements Compiler {
  readonly version: string;
  readonly #process: CompilerProcess;
  readonly #queue: CallQueue;
  /** The cells committed since the last reset. */
  #committed: CommittedCell[] = [];
  /** The source of the cell compiled last, if it may be committed. */
  #compiled: string | undefined;
  /** Whether the process that compiled that cell is still running. */
  #isCompiledHere = false;
  /** Whether the commit of that cell has not been sent yet. */
  #isUncommitted = false;
  /** The committed cell that each replay call belongs to. */
  readonly #replays = new WeakMap<Job, CommittedCell>();
  /** Warnings to report with the next cell. */
  #warnings: string[] = [];
  /** Whether the current or next process still has to replay the committed cells. */
  #isStale = false;
  /** The reason for which this client kills the process, if it does. */
  #reason: Error | undefined;

  constructor(settings: CompilerSettings) {
    this.version = typeScriptVersion(settings.compiler);
    this.#process = new CompilerProcess(settings, {
      answered: (answer) => this.#queue.handleAnswer(answer),
      ended: (how, hasStarted) => this.#recover(how, hasStarted),
    });
    this.#queue = new CallQueue((call) => this.#process.send(call));
  }

  async compile(
    source: string,
    declarations: Declarations = "kept",
  ): Promise<Compilation> {
    this.#compiled = undefined;
    this.#synchronize();
    const compilation = await this.#queue.add<Compilation>("compile", [
      source,
      declarations,
    ]);
    if (compilation.cell && declarations === "kept") {
      this.#compiled = source;
      this.#isCompiledHere = true;
    }
    const warnings = this.#warnings.splice(0);
    return warnings.length === 0
      ? compilation
      : {
          ...compilation,
          warnings: [...warnings, ...(compilation.warnings ?? [])],
        };
  }

  early(source: string): Promise<readonly EarlyMagic[]> {
    this.#synchronize();
    return this.#queue.add<readonly EarlyMagic[]>("early", [source], []);
  }

  async commit(): Promise<void> {
    this.#synchronize();
    const source = this.#compiled;
    this.#compiled = undefined;
    if (source === undefined) return;
    const cell = { source, crashes: 0 };
    this.#committed.push(cell);
    if (!this.#isCompiledHere) {
      this.#replay(cell);
      return;
    }
    this.#isUncommitted = true;
    // Send the cell's result first.
    await new Promise((resolve) => setImmediate(resolve));
    this.#sendCommit();
  }

  reset(): Promise<void> {
    this.#committed = [];
    this.#compiled = undefined;
    this.#isUncommitted = false;
    return this.#queue.add("reset");
  }

  complete(source: string, offset: number): Promise<CompletionList> {
    const fallback = { start: offset, end: offset, entries: [] };
    return this.#query("complete", [source, offset], fallback);
  }

  inspect(source: string, offset: number): Promise<Inspection | undefined> {
    return this.#query("inspect", [source, offset], undefined);
  }

  completeness(source: string): Promise<Completeness> {
    return this.#query("completeness", [source], {
      status: "unknown",
      indent: "",
    });
  }

  debugSyntax(source: string): Promise<DebugSyntax> {
    this.#synchronize();
    const fallback: DebugSyntax = { stops: [], guards: [] };
    return this.#queue.add("debugSyntax", [source], fallback);
  }

  debugExpression(
    expression: string,
    place?: DebugPlace,
  ): Promise<DebugExpression> {
    this.#synchronize();
    const fallback: DebugExpression = { javascript: expression, locals: [] };
    return this.#queue.add("debugExpression", [expression, place], fallback);
  }

  /**
   * Cancels the compilation of the current cell if it does not finish soon. Cells before it stay
   * known.
   */
  interrupt(): void {
    const job = this.#queue.find("compile", (each) => !this.#replays.has(each));
    if (job === undefined) return;
    setTimeout(() => {
      if (this.#queue.isRunning(job)) this.#end(new Interrupt());
      else this.#queue.reject(job, new Interrupt());
    }, INTERRUPT_MILLISECONDS);
  }

  async close(): Promise<void> {
    this.#process.close();
    this.#queue.rejectAll(
      coded(
        "ERR_PROCESS",
        new Error(
          "Expected an open compiler, received a call after it was closed.",
        ),
      ),
    );
  }

  /**
   * Sends an editor request. A newer request of the same kind replaces a waiting one, and the wait
   * is limited.
   */
  #query<Value>(
    method: CompilerCall["method"],
    parameters: readonly unknown[],
    fallback: Value,
  ): Promise<Value> {
    this.#synchronize();
    return this.#queue.addLatest<Value>(method, parameters, fallback, {
      waiting: EDITOR_WAIT_MILLISECONDS,
      running: EDITOR_WORK_MILLISECONDS,
      overrun: () => this.#end(new CompilerExited()),
    });
  }

  #end(reason: Error): void {
    this.#reason = reason;
    this.#process.end();
  }

  /** Compiles and commits a cell again that was committed before. */
  #replay(cell: CommittedCell): void {
    this.#queue.add("compile", [cell.source]).catch(() => undefined);
    this.#replays.set(this.#queue.newest, cell);
    const committed = this.#queue.add("commit");
    this.#replays.set(this.#queue.newest, cell);
    committed.then(
      () => (cell.crashes = 0),
      () => undefined,
    );
  }

  #sendCommit(): void {
    if (!this.#isUncommitted) return;
    this.#isUncommitted = false;
    this.#queue.add("commit").catch(() => undefined);
  }

  /**
   * Brings the process up to date: sends a pending commit, and replays the committed cells in a new
   * process.
   */
  #synchronize(): void {
    this.#sendCommit();
    if (!this.#isStale) return;
    this.#isStale = false;
    for (const cell of this.#committed) this.#replay(cell);
  }

  /**
   * Handles the exit of the process: starts another one, replays the committed cells, and continues
   * with the queue.
   */
  #recover(how: string, hasStarted: boolean): void {
    const reason = this.#reason;
    this.#reason = undefined;
    this.#isCompiledHere = false;
    this.#isUncommitted = false;
    this.#isStale = true;
    const job = this.#queue.takeRunning();
    if (!hasStarted) {
      const error = exitedAtStart(how);
      job?.reject(error);
      this.#queue.rejectAll(error);
      return;
    }
    const cell = job && this.#replays.get(job);
    if (cell) {
      cell.crashes += 1;
      if (cell.crashes >= MAX_CRASHES) this.#drop(cell, how);
    } else if (job) {
      this.#settle(job, how, reason);
    }
    // Restart an incomplete replay from the beginning, before the waiting jobs.
    const waiting = this.#queue.takeWaiting((each) => !this.#replays.has(each));
    this.#process.start();
    this.#synchronize();
    this.#queue.append(waiting);
  }

  /** Settles a job of a cell or an editor that was running when the process exited. */
  #settle(job: Job, how: string, reason: Error | undefined): void {
    const { method } = job.call;
    // The replay in the next process includes what this job was to commit, or omits what it was to
    // reset.
    if (method === "commit" || method === "reset") job.resolve(undefined);
    else if (method !== "compile") job.resolve(job.fallback);
    else {
      job.reject(reason ?? exitedInCheck(how));
    }
  }

  #drop(cell: CommittedCell, how: string): void {
    this.#committed = this.#committed.filter((each) => each !== cell);
    this.#warnings.push(lostDeclarations(cell.source, how));
  }
}
