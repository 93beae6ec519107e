/**
 * The compiler as the front process has it: a `Compiler` whose work is done in a process of its own.
 *
 * Should that process end (TypeScript may run out of memory on a wild type), the next one is shown the cells that were kept.
 */
import type {
  Compilation,
  Compiler,
  Completeness,
  CompletionList,
  Declarations,
  Inspection,
} from "./compiler";
import { CompilerProcess } from "./compiler-process";
import type { CompilerAnswer, CompilerCall } from "./compiler-service";
import { type CompilerSettings, typeScriptVersion } from "./settings";

interface Waiting {
  resolve(value: unknown): void;
  reject(error: Error): void;
}

/** A compiler in a process of its own. Calls are answered in the order they were made. */
export class CompilerClient implements Compiler {
  readonly version: string;
  readonly #process: CompilerProcess;
  readonly #waiting = new Map<number, Waiting>();
  /** The cells that were committed since the last reset. */
  #kept: string[] = [];
  /** The cell compiled last, if it may be committed. */
  #compiled: string | undefined;
  /** Whether the process that compiled it has been replaced since. */
  #isUnknown = false;
  #calls = 0;
  #lost: Error | undefined;

  constructor(settings: CompilerSettings) {
    this.version = typeScriptVersion(settings.compiler);
    this.#process = new CompilerProcess(settings, {
      answered: (answer) => this.#settle(answer),
      ended: (how, isReplaced) =>
        isReplaced ? this.#recover(how) : this.#giveUp(how),
    });
  }

  async compile(
    source: string,
    declarations: Declarations = "kept",
  ): Promise<Compilation> {
    this.#compiled = undefined;
    const compilation = await this.#call<Compilation>(
      "compile",
      source,
      declarations,
    );
    if (compilation.cell && declarations === "kept") {
      this.#compiled = source;
      this.#isUnknown = false;
    }
    return compilation;
  }

  async commit(): Promise<void> {
    const source = this.#compiled;
    this.#compiled = undefined;
    if (source === undefined) return;
    this.#kept.push(source);
    if (this.#isUnknown) this.#replay(source);
    else await this.#call("commit");
  }

  reset(): Promise<void> {
    this.#kept = [];
    this.#compiled = undefined;
    return this.#call("reset");
  }

  complete(source: string, offset: number): Promise<CompletionList> {
    return this.#call("complete", source, offset);
  }

  inspect(source: string, offset: number): Promise<Inspection | undefined> {
    return this.#call("inspect", source, offset);
  }

  completeness(source: string): Promise<Completeness> {
    return this.#call("completeness", source);
  }

  async close(): Promise<void> {
    this.#process.close();
    this.#rejectAll(new Error("The compiler has been closed."));
  }

  #call<Value>(
    method: CompilerCall["method"],
    ...parameters: unknown[]
  ): Promise<Value> {
    if (this.#lost) return Promise.reject(this.#lost);
    this.#calls += 1;
    const call: CompilerCall = { id: this.#calls, method, parameters };
    return new Promise<Value>((resolve, reject) => {
      this.#waiting.set(call.id, {
        resolve: resolve as (value: unknown) => void,
        reject,
      });
      this.#process.send(call);
    });
  }

  #settle(answer: CompilerAnswer): void {
    const waiting = this.#waiting.get(answer.id);
    this.#waiting.delete(answer.id);
    if ("error" in answer) waiting?.reject(new Error(answer.error));
    else waiting?.resolve(answer.value);
  }

  /** The process that was asked has gone, and with it what it was asked; a fresh one stands in its place. */
  #recover(how: string): void {
    this.#rejectAll(
      new Error(
        `The process that checks the cells has ended ${how}. A fresh one knows the cells before; run this one again.`,
      ),
    );
    this.#isUnknown = true;
    for (const source of this.#kept) this.#replay(source);
  }

  /** Each has compiled before; should one not do so now, later cells are told of the missing names. */
  #replay(source: string): void {
    this.#call("compile", source).catch(() => undefined);
    this.#call("commit").catch(() => undefined);
  }

  #giveUp(how: string): void {
    this.#lost = new Error(
      `The process that checks the cells has ended ${how} as soon as it was started. What it wrote is in the output of Jupyter.`,
    );
    this.#rejectAll(this.#lost);
  }

  #rejectAll(error: Error): void {
    const waiting = [...this.#waiting.values()];
    this.#waiting.clear();
    for (const each of waiting) each.reject(error);
  }
}
