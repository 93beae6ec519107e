/**
 * Answers the calls that `compiler-client.ts` sends to the process in which the compiler lives.
 *
 * A check may take long, the first import of a library at least; heartbeats, interrupts and control
 * messages are answered by another process meanwhile.
 */
import v8 from "node:v8";
import type { Compiler } from "./compiler";
import type { CompilerSettings } from "./settings";

/** The first message to the process: which compiler to make. */
export interface CompilerStart {
  readonly settings: CompilerSettings;
}

/** A call of one of the compiler's methods. */
export interface CompilerCall {
  readonly id: number;
  readonly method: Exclude<keyof Compiler, "version" | "interrupt">;
  readonly parameters: readonly unknown[];
}

/** Its outcome. */
export type CompilerAnswer =
  | { readonly id: number; readonly value?: unknown }
  | { readonly id: number; readonly error: string };

/** What the process sends: at first that it takes calls, then answers. */
export type CompilerMessage = { readonly started: true } | CompilerAnswer;

/**
 * By how much the heap may grow before V8 collects garbage, in percent of what lives. V8 itself lets a process that is never idle
 * grow to several times that, which here is half a gigabyte.
 */
const HEAP_GROWTH = 25;

/** Serves until the process that has started this one goes. */
export function serveCompiler(
  create: (settings: CompilerSettings) => Compiler,
): void {
  v8.setFlagsFromString(`--heap-growing-percent=${HEAP_GROWTH}`);
  let compiler: Compiler | undefined;
  process.on("message", (message: CompilerStart | CompilerCall) => {
    if ("settings" in message) {
      compiler = create(message.settings);
      process.send?.({ started: true } satisfies CompilerMessage);
      return;
    }
    if (compiler === undefined) {
      throw new Error("Expected the compiler's settings, received a call.");
    }
    void answer(compiler, message).then((result) => process.send?.(result));
  });
  process.on("disconnect", () => process.exit(0));
  // An interrupt at the terminal goes to every process of the group, and is not meant for this one.
  process.on("SIGINT", () => undefined);
}

async function answer(
  compiler: Compiler,
  call: CompilerCall,
): Promise<CompilerAnswer> {
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
