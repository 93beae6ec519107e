/**
 * Runs the programs that steps of handouts need, and leaves none behind.
 */
import { spawn } from "node:child_process";
import path from "node:path";
import { createInterface } from "node:readline";
import { coded } from "../../src/notebook/coded-error";

/** The project's root folder. */
export const root = path.join(__dirname, "..", "..");

/** The Python of the project's environment. */
export const projectPython = path.join(root, ".venv", "bin", "python");

/** How much of a program's output explains a failure, in characters. */
const keptCharacters = 4_000;

/** Options of {@link runPython}. */
export interface PythonOptions {
  /** Ends the program and everything it started. */
  readonly signal: AbortSignal;
  /** What it reads from standard input. */
  readonly input?: string;
  /** Called with each line of standard output. */
  readonly onLine?: (line: string) => void;
}

/**
 * Runs a Python program of the project in the project's environment, to its end.
 *
 * @param program Path below the project's root.
 * @returns What it wrote to standard error: remarks.
 * @throws Error `ERR_PROCESS` with the end of its standard error if it fails; `ERR_INTERRUPTED` if
 *   it was stopped.
 */
export async function runPython(
  program: string,
  parameters: readonly string[],
  { signal, input = "", onLine }: PythonOptions,
): Promise<string> {
  throwIfStopped(signal);
  const run = started(
    projectPython,
    [path.join(root, program), ...parameters],
    { ...withoutPython(process.env), PYTHONUNBUFFERED: "1" },
    signal,
  );
  let remarks = "";
  run.child.stderr.setEncoding("utf8").on("data", (text: string) => {
    remarks = (remarks + text).slice(-keptCharacters);
  });
  createInterface({ input: run.child.stdout }).on("line", (line) =>
    onLine?.(line),
  );
  // A program that ends early closes its input; its exit code says so.
  run.child.stdin.on("error", () => undefined).end(input);
  const code = await run.ended;
  throwIfStopped(signal);
  if (code !== 0) {
    throw coded(
      "ERR_PROCESS",
      new Error(
        `Expected ${program} to succeed, received ${remarks.trim() || `exit code ${code}`}`,
      ),
    );
  }
  return remarks.trim();
}

/**
 * Runs any program in the project's root to its end.
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
  const run = started(program, parameters, process.env, signal);
  let output = "";
  let all = "";
  run.child.stdout.setEncoding("utf8").on("data", (text: string) => {
    output += text;
    all = (all + text).slice(-keptCharacters);
  });
  run.child.stderr.setEncoding("utf8").on("data", (text: string) => {
    all = (all + text).slice(-keptCharacters);
  });
  run.child.stdin.on("error", () => undefined).end();
  const failure = (received: string) =>
    coded(
      "ERR_PROCESS",
      new Error(
        `Expected ${[program, ...parameters].join(" ")} to succeed, received ${received}`,
      ),
    );
  const code = await run.ended.catch((error: Error) => {
    throw failure(error.message);
  });
  signal.throwIfAborted();
  if (code !== 0) throw failure(`${code}: ${all.trim()}`);
  return output;
}

/**
 * Throws if a run is to stop.
 *
 * @throws Error `ERR_INTERRUPTED`.
 */
export function throwIfStopped(signal: AbortSignal): void {
  if (!signal.aborted) return;
  throw coded("ERR_INTERRUPTED", new Error("The run was stopped."));
}

/** Starts a program; `ended` resolves to its exit code, or to the signal that ended it. */
function started(
  program: string,
  parameters: readonly string[],
  env: NodeJS.ProcessEnv,
  signal: AbortSignal,
) {
  const child = spawn(program, parameters, {
    cwd: root,
    env,
    stdio: ["pipe", "pipe", "pipe"],
    // A group of its own, so that stopping it also ends the browser that it starts.
    detached: true,
  });
  const stop = () => endGroup(child.pid, "SIGTERM");
  const kill = () => endGroup(child.pid, "SIGKILL");
  signal.addEventListener("abort", stop);
  process.on("exit", kill);
  const ended = new Promise<number | NodeJS.Signals | null>(
    (resolve, reject) => {
      child.on("error", reject);
      child.on("close", (code, name) => resolve(code ?? name));
    },
  ).finally(() => {
    signal.removeEventListener("abort", stop);
    process.off("exit", kill);
  });
  return { child, ended };
}

function endGroup(leader: number | undefined, signal: NodeJS.Signals): void {
  if (leader === undefined) return;
  try {
    process.kill(-leader, signal);
  } catch {
    // The whole group has ended already.
  }
}

/** Variables of another Python environment would be used in place of the project's. */
function withoutPython(variables: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const { PYTHONHOME, PYTHONPATH, ...others } = variables;
  void [PYTHONHOME, PYTHONPATH];
  return others;
}
