/**
 * The compiler's room, its own thread: answers the calls that `compiler-client.ts` sends.
 *
 * A check takes tens of milliseconds and the first one seconds; heartbeats, interrupts and control
 * messages are answered by another thread meanwhile.
 */
import { parentPort, workerData } from "node:worker_threads";
import type { Compiler } from "./compiler";
import { TslabCompiler } from "./tslab-compiler";

/** What the client passes when it starts the thread. */
export interface CompilerFolders {
  readonly projectFolder: string;
  readonly notebookFolder: string;
}

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

const { projectFolder, notebookFolder } = workerData as CompilerFolders;
const compiler: Compiler = new TslabCompiler(projectFolder, notebookFolder);

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
