/**
 * Runs the programs that build the site.
 */
import { spawn } from "node:child_process";
import { coded } from "../../../src/notebook/coded-error";
import { root } from "./pages";

/** How much of a program's output is kept to explain a failure, in characters. */
const kept = 4_000;

/**
 * Runs a program in the clone to its end.
 *
 * @param signal Ends the program and all that it started.
 * @returns What it wrote to standard output.
 * @throws Error With the code ERR_PROCESS, and the end of the output, if the program fails or
 *   cannot be started; the signal's reason if it was stopped.
 */
export async function runProgram(
  program: string,
  parameters: readonly string[],
  signal: AbortSignal,
): Promise<string> {
  signal.throwIfAborted();
  // It leads a process group, so that its own child processes, such as browsers, end with it.
  const child = spawn(program, parameters, {
    cwd: root,
    detached: true,
    stdio: ["ignore", "pipe", "pipe"],
  });
  const stop = () => {
    try {
      if (child.pid !== undefined) process.kill(-child.pid, "SIGTERM");
    } catch {
      // It has ended.
    }
  };
  signal.addEventListener("abort", stop);
  process.on("exit", stop);
  let output = "";
  let all = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    output += text;
    all = (all + text).slice(-kept);
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    all = (all + text).slice(-kept);
  });
  try {
    const code = await new Promise<number | NodeJS.Signals | null>(
      (resolve, reject) => {
        child.on("error", reject);
        child.on("close", (number, name) => resolve(number ?? name));
      },
    );
    signal.throwIfAborted();
    if (code !== 0)
      throw failure(program, parameters, `${code}: ${all.trim()}`);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).syscall === undefined) throw error;
    throw failure(program, parameters, (error as Error).message);
  } finally {
    signal.removeEventListener("abort", stop);
    process.off("exit", stop);
  }
  return output;
}

function failure(
  program: string,
  parameters: readonly string[],
  received: string,
): Error {
  const line = [program, ...parameters].join(" ");
  return coded(
    "ERR_PROCESS",
    new Error(`Expected ${line} to succeed, received ${received}`),
  );
}
