/**
 * Executes, in the compiler process, the calls sent by `compiler-client.ts`.
 *
 * A check may take long, in particular at the first import of a library. Another process answers
 * heartbeats, interrupts and control messages in the meantime.
 */
import { coded } from "@convnotes/notebook/coded-error";
import v8 from "node:v8";
import { currentLog, quoteCell, startLog } from "../log";
import type { Compilation, Compiler } from "./compiler";
import type { CompilerSettings } from "./settings";

/** The first message to the process: the settings of the compiler to create. */
export interface CompilerStart {
  readonly settings: CompilerSettings;
}

/** A call of a `Compiler` method. */
export interface CompilerCall {
  readonly id: number;
  readonly method: Exclude<
    keyof Compiler,
    "version" | "programs" | "interrupt"
  >;
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
  startLog("compiler");
  v8.setFlagsFromString(`--heap-growing-percent=${HEAP_GROWTH}`);
  let compiler: Compiler | undefined;
  process.on("message", (message: CompilerStart | CompilerCall) => {
    if ("settings" in message) {
      compiler = create(message.settings);
      process.send?.({ started: true } satisfies CompilerMessage);
      return;
    }
    if (compiler === undefined) {
      throw coded(
        "ERR_PROTOCOL",
        new Error(
          "Expected the compiler's settings in the first message, received a call.",
        ),
      );
    }
    const began = performance.now();
    const { programs } = compiler;
    void answer(compiler, message).then((result) => {
      process.send?.(result);
      logCall(message, result, began, compiler?.programs === programs);
    });
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

/**
 * Logs a call.
 *
 * @param isCached Whether it was answered with what the checker had already read.
 */
function logCall(
  { method, parameters }: CompilerCall,
  answer: CompilerAnswer,
  began: number,
  isCached: boolean,
): void {
  const log = currentLog();
  if (log === undefined) return;
  const [source] = parameters;
  const what =
    typeof source === "string" ? `${method} ${quoteCell(source)}` : method;
  log.done(what, began, `${isCached ? "cached" : "new program"}${end(answer)}`);
}

function end(answer: CompilerAnswer): string {
  if ("error" in answer) return ", failed";
  const { diagnostics } = (answer.value ?? {}) as Partial<Compilation>;
  return diagnostics === undefined ? "" : `, ${diagnostics.length} errors`;
}
