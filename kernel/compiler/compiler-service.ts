/**
 * Executes, in the compiler process, the calls sent by `compiler-client.ts`.
 *
 * A check may take long, in particular at the first import of a library. Another process answers
 * heartbeats, interrupts and control messages in the meantime.
 */
import v8 from "node:v8";
import type { Compiler } from "./compiler";
import type { CompilerSettings } from "./settings";

/** The first message to the process: the settings of the compiler to create. */
export interface CompilerStart {
  readonly settings: CompilerSettings;
}

/** A call of a `Compiler` method. */
export interface CompilerCall {
  readonly id: number;
  readonly method: Exclude<keyof Compiler, "version" | "interrupt">;
  readonly parameters: readonly unknown[];
}

/** The result of a call. */
export type CompilerAnswer =
  | { readonly id: number; readonly value?: unknown }
  | { readonly id: number; readonly error: string };

/** A message from the process: first that it accepts calls, then answers. */
export type CompilerMessage = { readonly started: true } | CompilerAnswer;

/**
 * The growth of the heap before V8 collects garbage, in percent of the live data.
 *
 * By default V8 lets a process that is never idle grow to several times its live data, which is
 * half a gigabyte here.
 */
const HEAP_GROWTH = 25;

/** Serves calls until the parent process disconnects. */
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
      throw new Error(
        "Expected the compiler's settings in the first message, received a call.",
      );
    }
    void answer(compiler, message).then((result) => process.send?.(result));
  });
  process.on("disconnect", () => process.exit(0));
  // Ctrl-C in a terminal interrupts every process of the group, but is not meant for this one.
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
