/**
 * The compiler's room, seen from the kernel's main thread: a `Compiler` whose work is done by
 * `compiler-worker.ts`.
 */
import { join } from "node:path";
import { Worker } from "node:worker_threads";
import type {
  Compilation,
  Compiler,
  Completeness,
  CompletionList,
  Inspection,
} from "./compiler";
import type { CompilerAnswer, CompilerCall } from "./compiler-worker";
import { type CompilerSettings, typeScriptVersion } from "./create-compiler";

interface Waiting {
  resolve(value: unknown): void;
  reject(error: Error): void;
}

/** A compiler on a thread of its own. Calls are answered in the order they were made. */
export class CompilerClient implements Compiler {
  readonly version: string;
  readonly #worker: Worker;
  readonly #waiting = new Map<number, Waiting>();
  #calls = 0;
  #ended: Error | undefined;

  constructor(settings: CompilerSettings) {
    this.version = typeScriptVersion(settings.compiler);
    this.#worker = new Worker(join(__dirname, "compiler-worker.js"), {
      workerData: settings,
    });
    this.#worker.on("message", (answer: CompilerAnswer) => {
      const waiting = this.#waiting.get(answer.id);
      this.#waiting.delete(answer.id);
      if ("error" in answer) waiting?.reject(new Error(answer.error));
      else waiting?.resolve(answer.value);
    });
    this.#worker.on("error", (error) => this.#end(error));
    this.#worker.on("exit", () =>
      this.#end(new Error("The compiler's thread has ended.")),
    );
  }

  compile(source: string): Promise<Compilation> {
    return this.#call("compile", source);
  }

  commit(): Promise<void> {
    return this.#call("commit");
  }

  reset(): Promise<void> {
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
    await this.#worker.terminate();
  }

  #call<Value>(
    method: CompilerCall["method"],
    ...parameters: unknown[]
  ): Promise<Value> {
    if (this.#ended) return Promise.reject(this.#ended);
    this.#calls += 1;
    const call: CompilerCall = { id: this.#calls, method, parameters };
    return new Promise<Value>((resolve, reject) => {
      this.#waiting.set(call.id, {
        resolve: resolve as (value: unknown) => void,
        reject,
      });
      this.#worker.postMessage(call);
    });
  }

  #end(error: Error): void {
    this.#ended ??= error;
    for (const waiting of this.#waiting.values()) waiting.reject(this.#ended);
    this.#waiting.clear();
  }
}
