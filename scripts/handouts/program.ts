/**
 * Runs the Python programs that steps of handouts need, and leaves none behind.
 */
import { spawn } from "node:child_process";
import path from "node:path";
import { createInterface } from "node:readline";
import { coded } from "../../src/notebook/coded-error";

/** The project's root folder. */
export const root = path.join(__dirname, "..", "..");

/** How much of a program's standard error explains a failure, in characters. */
const keptCharacters = 4_000;

/** Options of {@link runPython}. */
export interface PythonOptions {
  /** Ends the program and everything it started. */
  readonly signal: AbortSignal;
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
  { signal, onLine }: PythonOptions,
): Promise<string> {
  throwIfStopped(signal);
  const child = spawn(
    path.join(root, ".venv", "bin", "python"),
    [path.join(root, program), ...parameters],
    {
      cwd: root,
      env: { ...withoutPython(process.env), PYTHONUNBUFFERED: "1" },
      stdio: ["ignore", "pipe", "pipe"],
      // A group of its own, so that stopping it also ends the browser that it starts.
      detached: true,
    },
  );
  let remarks = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    remarks = (remarks + text).slice(-keptCharacters);
  });
  createInterface({ input: child.stdout }).on("line", (line) => onLine?.(line));
  const stop = () => endGroup(child.pid, "SIGTERM");
  const kill = () => endGroup(child.pid, "SIGKILL");
  signal.addEventListener("abort", stop);
  process.on("exit", kill);
  try {
    const code = await new Promise<number | null>((resolve, reject) => {
      child.on("error", reject).on("close", resolve);
    });
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
  } finally {
    signal.removeEventListener("abort", stop);
    process.off("exit", kill);
  }
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
