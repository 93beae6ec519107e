/**
 * Lessons, executed: one run of execute.py as a child process, and the events it tells.
 */
import { spawn } from "node:child_process";
import { join } from "node:path";
import { createInterface } from "node:readline";

/** What execute.py tells; its own documentation says what the fields mean. */
export type LessonEvent =
  | { event: "start"; notebook: string; kernel: string; cells: number }
  | { event: "cell"; index: number; label: string; source: string }
  | { event: "progress"; text: string }
  | { event: "done"; index: number; seconds: number }
  | LessonError
  | { event: "finished"; notebook: string; page: string; seconds: number };

/** A cell that failed. */
export interface LessonError {
  readonly event: "error";
  readonly index: number;
  readonly label: string;
  readonly source: string;
  readonly ename: string;
  readonly evalue: string;
  readonly traceback: readonly string[];
  /** Path of the notebook with the outputs up to the error. */
  readonly notebook: string;
}

/** Where and how a notebook is executed. */
export interface ExecutionOptions {
  /** The project's root folder. */
  readonly root: string;
  /** Path of the notebook to execute. */
  readonly notebook: string;
  /** Folder the executed notebook and its page go to. */
  readonly out: string;
  readonly mode: "quick" | "full";
  /** Name of the kernelspec; the project's own unless told. */
  readonly kernel?: string;
  /** Variables on top of this process's environment; `undefined` takes one away. */
  readonly environment?: Readonly<Record<string, string | undefined>>;
  readonly onEvent?: (event: LessonEvent) => void;
  /** Stops the execution: the kernel is taken away, nothing is written. */
  readonly signal?: AbortSignal;
}

/** How an execution ended. */
export type Execution =
  | {
      readonly kind: "finished";
      notebook: string;
      page: string;
      seconds: number;
    }
  | { readonly kind: "failed"; readonly error: LessonError }
  | { readonly kind: "stopped" };

/** How much of what the child prints on standard error is kept, in characters: its end says what went wrong. */
const keptCharacters = 4000;

/**
 * Executes a notebook cell by cell.
 *
 * Throws an Error with the child's last words if it could not run the notebook at all.
 */
export async function executeNotebook(
  options: ExecutionOptions,
): Promise<Execution> {
  const { root, notebook, out, mode, kernel = "convnotes" } = options;
  const child = spawn(
    join(root, ".venv", "bin", "python"),
    [
      join(root, "scripts", "lessons", "execute.py"),
      notebook,
      out,
      "--kernel",
      kernel,
      // The child's standard input ends with this process, however this process ends.
      "--stop-on-end-of-input",
    ],
    {
      env: {
        ...process.env,
        ...options.environment,
        CONVNOTES_MODE: mode,
        // A kernelspec of the same name in the user's home must not come before the project's.
        JUPYTER_PREFER_ENV_PATH: "1",
      },
      stdio: ["pipe", "pipe", "pipe"],
    },
  );
  let words = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    words = (words + text).slice(-keptCharacters);
  });
  const closed = new Promise<number | null>((resolve, reject) => {
    child.on("error", reject).on("close", resolve);
  });
  const stop = () => child.kill("SIGTERM");
  options.signal?.addEventListener("abort", stop);
  if (options.signal?.aborted) stop();

  let end: Execution | undefined;
  const lines = createInterface({ input: child.stdout });
  lines.on("line", (line) => {
    const event = JSON.parse(line) as LessonEvent;
    if (event.event === "finished") end = { ...event, kind: "finished" };
    if (event.event === "error") end = { kind: "failed", error: event };
    options.onEvent?.(event);
  });
  try {
    const code = await closed;
    if (options.signal?.aborted) return { kind: "stopped" };
    if (end === undefined) {
      throw new Error(
        `Expected ${notebook} to be executed, but the process that does it ended with code ${code}:\n${words.trim()}`,
      );
    }
    return end;
  } finally {
    options.signal?.removeEventListener("abort", stop);
  }
}
