/**
 * The compiler as the front process knows it: a `Compiler` whose work is done in a process of its own, one call at a time.
 *
 * Should that process end (TypeScript may run out of memory on a wild type), or be ended because a cell is interrupted while its types
 * are checked, the next one is shown the cells that were kept. A cell that ends the process then as well is
 * dropped.
 */
import { Interrupt } from "../runtime/interrupt";
import { CallQueue, type Job } from "./call-queue";
import type {
  Compilation,
  Compiler,
  Completeness,
  CompletionList,
  Declarations,
  Inspection,
} from "./compiler";
import { CompilerProcess } from "./compiler-process";
import type { CompilerCall } from "./compiler-service";
import { type CompilerSettings, typeScriptVersion } from "./settings";

/** How long a check may go on after an interrupt, in milliseconds, before its process is ended: nearly all are done by then. */
const INTERRUPT_MILLISECONDS = 250;

/** How long an editor's question waits behind other work, in milliseconds, before it is answered with nothing. */
const EDITOR_WAIT_MILLISECONDS = 5_000;

/** How long an editor's question may be worked on, in milliseconds, before its process is ended: cells must not wait behind it. */
const EDITOR_WORK_MILLISECONDS = 30_000;

/** How often a kept cell may end the process in a row before it is dropped; one such end may have come from outside. */
const MOST_ENDS = 2;

/** How much of a dropped cell is quoted, in UTF-16 code units. */
const QUOTED_LENGTH = 60;

/** The process that checks the cells has ended. */
export class CompilerEnded extends Error {
  override name = "CompilerEnded";
}

/** A cell that was committed. */
interface KeptCell {
  readonly source: string;
  /** How often the process has ended while it was shown this cell again. */
  ends: number;
}

/** A compiler in a process of its own. Calls are answered in the order they were made. */
export class CompilerClient implements Compiler {
  readonly version: string;
  readonly #process: CompilerProcess;
  readonly #queue: CallQueue;
  /** The cells that were committed since the last reset. */
  #kept: KeptCell[] = [];
  /** The cell compiled last, if it may be committed. */
  #compiled: string | undefined;
  /** Whether the process that compiled that cell is still there. */
  #isCompiledHere = false;
  /** Whether that process has yet to be told that the cell is kept. */
  #isUncommitted = false;
  /** The kept cell that each call shows again. */
  readonly #shown = new WeakMap<Job, KeptCell>();
  /** What the user is to be told with the next cell. */
  #untold: string[] = [];
  /** Whether the process that is there, or will be, has yet to be shown the cells that were kept. */
  #isStale = false;
  /** Why the process is being ended, if this client does it. */
  #reason: Error | undefined;

  constructor(settings: CompilerSettings) {
    this.version = typeScriptVersion(settings.compiler);
    this.#process = new CompilerProcess(settings, {
      answered: (answer) => this.#queue.answered(answer),
      ended: (how, hasStarted) => this.#recover(how, hasStarted),
    });
    this.#queue = new CallQueue((call) => this.#process.send(call));
  }

  async compile(
    source: string,
    declarations: Declarations = "kept",
  ): Promise<Compilation> {
    this.#compiled = undefined;
    this.#catchUp();
    const compilation = await this.#queue.add<Compilation>("compile", [
      source,
      declarations,
    ]);
    if (compilation.cell && declarations === "kept") {
      this.#compiled = source;
      this.#isCompiledHere = true;
    }
    const untold = this.#untold.splice(0);
    return untold.length === 0
      ? compilation
      : {
          ...compilation,
          warnings: [...untold, ...(compilation.warnings ?? [])],
        };
  }

  async commit(): Promise<void> {
    this.#catchUp();
    const source = this.#compiled;
    this.#compiled = undefined;
    if (source === undefined) return;
    const cell = { source, ends: 0 };
    this.#kept.push(cell);
    if (!this.#isCompiledHere) {
      this.#show(cell);
      return;
    }
    this.#isUncommitted = true;
    // The answer to the cell goes out first.
    await new Promise((resolve) => setImmediate(resolve));
    this.#sendCommit();
  }

  reset(): Promise<void> {
    this.#kept = [];
    this.#compiled = undefined;
    this.#isUncommitted = false;
    return this.#queue.add("reset");
  }

  complete(source: string, offset: number): Promise<CompletionList> {
    const nothing = { start: offset, end: offset, entries: [] };
    return this.#ask("complete", [source, offset], nothing);
  }

  inspect(source: string, offset: number): Promise<Inspection | undefined> {
    return this.#ask("inspect", [source, offset], undefined);
  }

  completeness(source: string): Promise<Completeness> {
    return this.#ask("completeness", [source], {
      status: "unknown",
      indent: "",
    });
  }

  /** Lets go of the cell that is being compiled, if one is and goes on with it for a while; cells before it stay known. */
  interrupt(): void {
    const job = this.#queue.find("compile", (each) => !this.#shown.has(each));
    if (job === undefined) return;
    setTimeout(() => {
      if (this.#queue.isAtWork(job)) this.#end(new Interrupt());
      else this.#queue.drop(job, new Interrupt());
    }, INTERRUPT_MILLISECONDS);
  }

  async close(): Promise<void> {
    this.#process.close();
    this.#queue.dropAll(new Error("The compiler has been closed."));
  }

  /** An editor's question: only the newest of its kind is worth an answer, and none is waited for without end. */
  #ask<Value>(
    method: CompilerCall["method"],
    parameters: readonly unknown[],
    nothing: Value,
  ): Promise<Value> {
    this.#catchUp();
    const older = this.#queue.find(method, (job) => !this.#queue.isAtWork(job));
    if (older) this.#queue.settle(older, older.nothing);
    const answer = this.#queue.add<Value>(method, parameters, nothing);
    const job = this.#queue.newest;
    const waits = setTimeout(() => {
      if (!this.#queue.isAtWork(job)) this.#queue.settle(job, nothing);
    }, EDITOR_WAIT_MILLISECONDS);
    const works = setTimeout(() => {
      if (this.#queue.isAtWork(job)) this.#end(new CompilerEnded());
    }, EDITOR_WORK_MILLISECONDS);
    return answer.finally(() => {
      clearTimeout(waits);
      clearTimeout(works);
    });
  }

  #end(reason: Error): void {
    this.#reason = reason;
    this.#process.end();
  }

  /** Has a cell compiled and committed that was so before. */
  #show(cell: KeptCell): void {
    this.#queue.add("compile", [cell.source]).catch(() => undefined);
    this.#shown.set(this.#queue.newest, cell);
    const committed = this.#queue.add("commit");
    this.#shown.set(this.#queue.newest, cell);
    committed.then(
      () => (cell.ends = 0),
      () => undefined,
    );
  }

  #sendCommit(): void {
    if (!this.#isUncommitted) return;
    this.#isUncommitted = false;
    this.#queue.add("commit").catch(() => undefined);
  }

  /** Has the process know all cells that were kept: a fresh one compiles them again. */
  #catchUp(): void {
    this.#sendCommit();
    if (!this.#isStale) return;
    this.#isStale = false;
    for (const cell of this.#kept) this.#show(cell);
  }

  /** The process has gone; another one is shown the cells that were kept, and then goes on with what waits. */
  #recover(how: string, hasStarted: boolean): void {
    const reason = this.#reason;
    this.#reason = undefined;
    this.#isCompiledHere = false;
    this.#isUncommitted = false;
    this.#isStale = true;
    const job = this.#queue.take();
    if (!hasStarted) {
      const error = new CompilerEnded(
        `The process that checks the cells has ended ${how} as soon as it was started. What it wrote is in the output of Jupyter. The next cell tries again.`,
      );
      job?.reject(error);
      this.#queue.dropAll(error);
      return;
    }
    const cell = job && this.#shown.get(job);
    if (cell) {
      cell.ends += 1;
      if (cell.ends >= MOST_ENDS) this.#forget(cell, how);
    } else if (job) {
      this.#blame(job, how, reason);
    }
    // What was shown in part is shown again from the start, before all that waits.
    const waiting = this.#queue.takeAll((each) => !this.#shown.has(each));
    this.#process.start();
    this.#catchUp();
    this.#queue.put(waiting);
  }

  /** The process has ended while it did what a cell or an editor had asked for. */
  #blame(job: Job, how: string, reason: Error | undefined): void {
    const { method } = job.call;
    // What it was to keep or to forget, the next one is shown, or not.
    if (method === "commit" || method === "reset") job.resolve(undefined);
    else if (method !== "compile") job.resolve(job.nothing);
    else {
      job.reject(
        reason ??
          new CompilerEnded(
            `The process that checks the cells has ended ${how}${hint(how)}. A fresh one knows the cells before; run this one again.`,
          ),
      );
    }
  }

  #forget(cell: KeptCell, how: string): void {
    this.#kept = this.#kept.filter((each) => each !== cell);
    this.#untold.push(
      `The declarations of the cell "${quote(cell.source)}" are not known any more: each time it is checked, the process that checks the cells ends ${how}${hint(how)}. Other cells' declarations are, and variables keep their values.`,
    );
  }
}

/** What an end of this kind comes from, as a rule. */
function hint(how: string): string {
  return /SIGABRT|code 134/.test(how)
    ? ", as it does when it runs out of memory"
    : "";
}

/** The first line of a cell, shortened. */
function quote(source: string): string {
  const [line = ""] = source.trim().split("\n");
  return line.length > QUOTED_LENGTH || line !== source.trim()
    ? `${line.slice(0, QUOTED_LENGTH)}…`
    : line;
}
