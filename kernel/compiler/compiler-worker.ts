/**
 * The compiler's room, its own thread: answers the calls that `compiler-client.ts` sends.
 *
 * A check may take long, the first import of a library at least; heartbeats, interrupts and control
 * messages are answered by another thread meanwhile.
 */
import { parentPort, workerData } from "node:worker_threads";
import type { Compiler } from "./compiler";
import { createCompiler } from "./create-compiler";

/** What the client passes when it starts the thread. */
export type CompilerSettings = Parameters<typeof createCompiler>[0];

/** A call of one of the compiler's methods. */
export interface CompilerCall {
  readonly id: number;
  readonly method: Exclude<keyof Compiler, "version">;
  readonly parameters: readonly unknown[];
}

/** Its outcome. */
export type CompilerAnswer =
  | { readonly id: number; readonly value: unknown }
  | { readonly id: number; readonly error: string };

const compiler = createCompiler(workerData as CompilerSettings);

parentPort?.on("message", (call: CompilerCall) => {
  void answer(call).then((result) => parentPort?.postMessage(result));
});

async function answer(call: CompilerCall): Promise<CompilerAnswer> {
  try {
    const method = compiler[call.method] as (
      ...parameters: readonly unknown[]
    ) => Promise<unknown>;
    return {
      id: call.id,
      value: await method.apply(compiler, [...call.parameters]),
    };
  } catch (error) {
    return { id: call.id, error: (error as Error).stack ?? String(error) };
  }
}
