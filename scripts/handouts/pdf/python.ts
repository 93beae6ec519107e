/**
 * Runs the Python programs of the handouts.
 */
import { spawn } from "node:child_process";
import path from "node:path";
import { coded } from "../../../src/notebook/coded-error";

/** The project's root folder. */
export const root = path.join(__dirname, "..", "..", "..");

const python =
  process.platform === "win32"
    ? path.join(root, ".venv", "Scripts", "python.exe")
    : path.join(root, ".venv", "bin", "python");

/**
 * Runs a program of this project and returns what it writes.
 *
 * @param program Its path below the project's root.
 * @param input Its standard input.
 * @throws Error ERR_PROCESS if it fails, with the last lines of its standard error; ERR_INTERRUPTED
 *   if the signal is aborted.
 */
export function runPython(
  program: string,
  args: readonly string[],
  { input = "", signal }: { input?: string; signal?: AbortSignal } = {},
): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(python, [path.join(root, program), ...args], {
      ...(signal === undefined ? {} : { signal }),
      stdio: ["pipe", "pipe", "pipe"],
    });
    let output = "";
    let errors = "";
    child.stdout.setEncoding("utf8").on("data", (text) => (output += text));
    child.stderr.setEncoding("utf8").on("data", (text) => (errors += text));
    child.on("error", (error) => {
      reject(
        signal?.aborted === true
          ? coded("ERR_INTERRUPTED", new Error("The handouts were interrupted"))
          : coded(
              "ERR_PROCESS",
              new Error(
                `Expected Python to run ${program}, received: ${error.message}`,
              ),
            ),
      );
    });
    child.on("close", (code) => {
      if (code === 0) resolve(output);
      else
        reject(
          coded(
            "ERR_PROCESS",
            new Error(
              `Expected ${program} to succeed, received code ${code}: ${errors.trim().slice(-2000)}`,
            ),
          ),
        );
    });
    // A program that has failed does not read its input; its exit code says so.
    child.stdin.on("error", () => undefined);
    child.stdin.end(input);
  });
}
