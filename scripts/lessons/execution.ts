/**
 * Executes a notebook by running execute.py as a child process, and passes on its events.
 */
import { spawn } from "node:child_process";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { coded } from "../../src/notebook/coded-error";

/** An event of execute.py, whose documentation describes the fields. */
export type LessonEvent =
  | { event: "start"; notebook: string; kernel: string; cells: number }
  | { event: "cell"; index: number; label: string; source: string }
  | { event: "progress"; text: string }
  | { event: "done"; index: number; seconds: number }
  | LessonError
  | {
      event: "finished";
      notebook: string;
      page: string;
      seconds: number;
      /** Why figures have no image, or null. */
      remark: string | null;
    };

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

/** Options of {@link executeNotebook}. */
interface ExecutionOptions {
  /** The project's root folder. */
  readonly root: string;
  /** Path of the notebook to execute. */
  readonly notebook: string;
  /** Output folder for the executed notebook and its page. */
  readonly out: string;
  readonly mode: "quick" | "full";
  /** Name of the kernelspec; the project's kernel by default. */
  readonly kernel?: string;
  /** Environment variables added to this process's; `undefined` removes a variable. */
  readonly environment?: Readonly<Record<string, string | undefined>>;
  readonly onEvent?: (event: LessonEvent) => void;
  /** Stops the execution: the kernel is ended and nothing is written. */
  readonly signal?: AbortSignal;
}

/** How an execution ended. */
export type Execution =
  | {
      readonly kind: "finished";
      notebook: string;
      page: string;
      seconds: number;
      remark: string | null;
    }
  | { readonly kind: "failed"; readonly error: LessonError }
  | { readonly kind: "stopped" };

/**
 * How much of the child's standard error is kept, in characters. The end explains what went wrong.
 */
const keptCharacters = 4000;

/**
 * Executes a notebook cell by cell.
 *
 * Throws an Error with the end of the child's standard error if the notebook cannot be run at all.
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
      // The child's standard input closes when this process ends, for whatever reason.
      "--stop-on-end-of-input",
    ],
    {
      env: {
        ...process.env,
        ...options.environment,
        CONVNOTES_MODE: mode,
        // A kernelspec of the same name in the user's home folder must not take precedence.
        JUPYTER_PREFER_ENV_PATH: "1",
      },
      stdio: ["pipe", "pipe", "pipe"],
    },
  );
  let errorOutput = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    errorOutput = (errorOutput + text).slice(-keptCharacters);
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
      throw coded(
        "ERR_PROCESS",
        new Error(
          `Expected ${notebook} to be executed, but execute.py ended with code ${code}:\n${errorOutput.trim()}`,
        ),
      );
    }
    return end;
  } finally {
    options.signal?.removeEventListener("abort", stop);
  }
}
